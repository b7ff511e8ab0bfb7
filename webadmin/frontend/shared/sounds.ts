// Short sounds made in place, so that every state can be heard too.

let context: AudioContext | undefined;

function tone(at: number, hertz: number, seconds: number, loud: number): void {
  const audio = context!;
  const swing = audio.createOscillator();
  const gain = audio.createGain();
  swing.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loud, at + 0.02);
  gain.gain.setValueAtTime(loud, at + seconds - 0.04);
  gain.gain.linearRampToValueAtTime(0, at + seconds);
  swing.connect(gain).connect(audio.destination);
  swing.start(at);
  swing.stop(at + seconds);
}

const TUNES = {
  touch: [[880, 0.05]],
  open: [[660, 0.16], [880, 0.16], [1320, 0.3]],
  sorry: [[440, 0.25], [330, 0.4]],
  next: [[550, 0.12], [660, 0.12]],
  ring: [[784, 0.35], [988, 0.35], [784, 0.35]],
} as const;

/** Play a short tune; silent where the browser does not let us yet. */
export function play(tune: keyof typeof TUNES, loud = 0.2): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    let at = context.currentTime + 0.01;
    for (const [hertz, seconds] of TUNES[tune]) {
      tone(at, hertz, seconds, loud);
      at += seconds;
    }
  } catch {
    // No sound device: picture and text say it too.
  }
}

/** Ring until the returned function is called. */
export function ring(): () => void {
  play("ring", 0.35);
  const again = setInterval(() => play("ring", 0.35), 2500);
  return () => clearInterval(again);
}
