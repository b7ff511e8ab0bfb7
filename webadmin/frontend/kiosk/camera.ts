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

type Read = (video: HTMLVideoElement) => Promise<string | undefined>;

interface Detector {
  detect(image: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

const LOOK_MS = 300;
/** Longer sides are drawn smaller: a pass held up to the camera fills a good part of it. */
const LONGEST_SIDE = 480;

/** The browser's own reader, or one in script: browsers on Linux, as on most panels, have none. */
async function reader(): Promise<Read> {
  const Made = (globalThis as { BarcodeDetector?: new (options: { formats: string[] }) => Detector }).BarcodeDetector;
  if (Made) {
    const detector = new Made({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  const { decodeQR } = await import("qr/decode.js");
  const canvas = document.createElement("canvas");
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    drawing?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const image = drawing?.getImageData(0, 0, canvas.width, canvas.height);
    return image && decodeQR(image);  // throws where there is none
  };
}

/** Read QR codes from a playing video; returns how to stop. */
export function readCodes(video: HTMLVideoElement, found: (text: string) => void): () => void {
  let last = "";
  let over = false;
  const look = (read: Read): void => {
    if (over) return;
    const seen = video.readyState < 2 || !video.videoWidth ? Promise.resolve(undefined) : read(video);
    void seen.catch(() => undefined).then((text) => {
      if (text && text !== last && !over) found((last = text));
      setTimeout(() => look(read), LOOK_MS);
    });
  };
  void reader().then(look, () => undefined);
  return () => {
    over = true;
  };
}
