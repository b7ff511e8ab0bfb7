// A visitor's call: video goes out, never in; what is heard comes from the first 183 on.
import type { RTCSession } from "jssip/lib/RTCSession";
import { ANSWER_TYPE, type Line, STATE_TYPE } from "../shared/sip/agent";
import { plainType, readJson } from "../shared/sip/reading";
import type { Happening } from "./course";

/** A refusal must not be told from silence by its haste: nobody is said to answer sooner than this. */
const LEAST_RING_SECONDS = 6;
const FAULTS = new Set(["Connection Error", "Internal Error", "WebRTC Error", "User Denied Media Access", "Authentication Error"]);
const PHASES = { ringing: "calling", next: "next", connected: "connected", open: "open", nobody: "nobody" } as const;

export interface Visit {
  end(): void;
}

/** Call `user`. `hear` gets the sound of the other side; `tell` what happens. */
export function visit(
  line: Pick<Line, "ua" | "account">, user: string, media: MediaStream, hear: (sound: MediaStream) => void, tell: (what: Happening) => void,
): Visit {
  const began = performance.now();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const session = line.ua.call(`sip:${user}@${line.account.site}`, {
    mediaStream: media,
    extraHeaders: ["Recv-Info: doorline"],  // states and quick answers may come by INFO (RFC 6086)
    pcConfig: { iceServers: [] },
    rtcOfferConstraints: { offerToReceiveAudio: true, offerToReceiveVideo: false },
  });
  listen(session, hear);
  session.on("newInfo", ({ originator, info }: { originator: string; info: { contentType: string; body: string } }) => {
    if (originator === "remote") toldByServer(plainType(info.contentType), readJson(info.body), tell);
  });
  session.on("accepted", () => tell({ is: "told", phase: "connected" }));
  session.on("ended", () => tell({ is: "ended", fault: false }));
  session.on("failed", ({ cause }) => {
    const fault = FAULTS.has(cause);
    const left = fault ? 0 : LEAST_RING_SECONDS * 1000 - (performance.now() - began);
    waiting = setTimeout(() => tell({ is: "ended", fault }), Math.max(0, left));
  });
  return {
    end: () => {
      clearTimeout(waiting);
      session.removeAllListeners();
      if (!session.isEnded()) session.terminate();
    },
  };
}

function listen(session: RTCSession, hear: (sound: MediaStream) => void): void {
  session.connection.addEventListener("track", ({ track }) => {
    if (track.kind === "audio") hear(new MediaStream([track]));
  });
  // The server is ICE-lite: it needs no candidate of ours, and no second to gather them.
  session.on("icecandidate", ({ ready }) => ready());
}

/** What the PBX tells a panel, by MESSAGE or INFO. */
export function toldByServer(type: string, body: unknown, tell: (what: Happening) => void): void {
  const said = (body ?? {}) as { state?: unknown; name?: unknown; text?: unknown };
  if (type === ANSWER_TYPE && typeof said.text === "string") {
    tell({ is: "quick", text: said.text.slice(0, 80) });
  } else if (type === STATE_TYPE && typeof said.state === "string" && said.state in PHASES) {
    const phase = PHASES[said.state as keyof typeof PHASES];
    if (phase === "nobody") return;  // the end of the call says so, not sooner than it may be known
    tell({ is: "told", phase, ...(typeof said.name === "string" ? { door: said.name } : {}) });
  }
}
