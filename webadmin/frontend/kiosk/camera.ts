// The panel's camera and microphone: on from the first touch, off when nobody stands there.

const WANTED: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 25 }, facingMode: "user" },
};

export class Camera {
  private opening: Promise<MediaStream> | undefined;

  /** Camera and microphone; the microphone alone where there is no camera. */
  on(): Promise<MediaStream> {
    this.opening ??= navigator.mediaDevices
      .getUserMedia(WANTED)
      .catch(() => navigator.mediaDevices.getUserMedia({ audio: WANTED.audio! }))
      .catch((error: unknown) => {
        this.opening = undefined;
        throw error;
      });
    return this.opening;
  }

  off(): void {
    const opened = this.opening;
    this.opening = undefined;
    void opened?.then((stream) => stream.getTracks().forEach((track) => track.stop())).catch(() => undefined);
  }
}

interface Detector {
  detect(image: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

/** Read QR codes from a playing video, where the browser can; returns how to stop. */
export function readCodes(video: HTMLVideoElement, found: (text: string) => void): () => void {
  const Made = (globalThis as { BarcodeDetector?: new (options: { formats: string[] }) => Detector }).BarcodeDetector;
  if (!Made) return () => undefined;
  const detector = new Made({ formats: ["qr_code"] });
  let last = "";
  const timer = setInterval(() => {
    if (video.readyState < 2) return;
    detector.detect(video).then(
      ([first]) => {
        if (first && first.rawValue !== last) found((last = first.rawValue));
      },
      () => undefined,
    );
  }, 300);
  return () => clearInterval(timer);
}

export const canReadCodes = (): boolean => "BarcodeDetector" in globalThis;
