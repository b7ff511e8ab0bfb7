// Codes and QR passes of guests.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { DoorOpen, Icon, CircleAlert } from "../../shared/icons";
import type { Word, Words } from "../../shared/language";
import { DIGIT_ROWS, Keys } from "../../shared/keys";
import { type Camera, readCodes } from "../camera";
import type { Happening, View } from "../course";

interface Given {
  words: Words;
  view: Extract<View, { at: "code" }>;
  happen: (what: Happening) => void;
  check: (code: string) => Promise<void>;
  camera: Camera;
}

/** What happened, and what the visitor can do. */
const SORRY: Partial<Record<NonNullable<Given["view"]["result"]>, readonly [Word, Word]>> = {
  denied: ["codeWrong", "codeWrongHint"], paused: ["codePaused", "codePausedHint"],
  failed: ["codeFailed", "codeFailedHint"], away: ["codeAway", "codeAwayHint"],
};

export function CodeScreen({ words, view, happen, check, camera }: Given): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const [sighted, setSighted] = useState(true);
  const open = view.result === "open";
  const sorry = view.result && SORRY[view.result];
  useEffect(() => {
    const seen = video.current;
    if (!seen) return undefined;
    let over = false;
    void camera.on().then((stream) => {
      if (!over && stream.getVideoTracks().length) seen.srcObject = stream;
      else setSighted(false);
    }).catch(() => setSighted(false));
    const stop = readCodes(seen, (text) => void check(text));
    return () => {
      over = true;
      seen.srcObject = null;
      stop();
    };
  }, [open]);
  if (open) {
    return (
      <div class="state open" role="alert">
        <Icon of={DoorOpen} size={120} />
        <h1>{words("doorIsOpen")}</h1>
        <p>{view.door && `${view.door}. `}{words("doorIsOpenHint")}</p>
      </div>
    );
  }
  return (
    <div class="code">
      <h1>{words("typeCode")}</h1>
      {sighted && (
        <>
          <p>{words("showPass")}</p>
          <video ref={video} autoplay muted playsInline class="mirror" />
        </>
      )}
      <p class="digits" role="status" aria-label={words("code")}>{"•".repeat(view.typed.length) || " "}</p>
      <p class="wrong" role="alert">
        {sorry && <><Icon of={CircleAlert} size={32} /> {words(sorry[0])}. {words(sorry[1], view.seconds ?? "")}</>}
        {view.result === "wait" && words("checking")}
      </p>
      <Keys words={words} rows={DIGIT_ROWS} typed={view.typed} type={(text) => happen({ is: "typed", text })} />
      <button type="button" class="key primary" disabled={view.typed.length < 4 || view.result === "wait"} onClick={() => void check(view.typed)}>
        <Icon of={DoorOpen} size={32} />
        {words("check")}
      </button>
    </div>
  );
}
