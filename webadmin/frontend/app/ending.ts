// How calls and wishes of this device ended, in the words the app has for it.
import type { Call } from "./reception";

export type Ending = "opened" | "elsewhere" | "refused" | "missed" | "hung_up" | "microphone" | "lost";

/** What to say. A call that another device took, or whose door was opened elsewhere, was not missed. */
export function endingOf(
  call: Pick<Call, "phase" | "doors">, local: boolean, reason: { cause: number; text: string } | undefined, cause: string,
): Ending {
  if (Object.values(call.doors).includes("opened")) return "opened";
  if (cause === "User Denied Media Access") return "microphone";
  if (reason && /door opened/i.test(reason.text)) return "opened";
  if (call.phase === "ringing") {
    if (local) return "refused";
    return reason?.cause === 200 ? "elsewhere" : "missed";
  }
  if (call.phase === "answering") return reason?.cause === 200 ? "elsewhere" : local ? "hung_up" : "lost";
  return cause === "RTP Timeout" || cause === "Connection Error" ? "lost" : "hung_up";
}

export type DoorTold = "wait" | "opened" | "failed" | "denied";

/** What came of a wish to open a door: the status and the result of the PBX's answer. */
export function doorTold(status: number, result: unknown): DoorTold {
  if (status === 200 && (result === "opened" || result === "already_open")) return "opened";
  return status === 403 || result === "refused" || result === "denied" ? "denied" : "failed";
}
