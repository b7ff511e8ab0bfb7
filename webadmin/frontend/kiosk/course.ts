// What the panel shows, as a pure machine: what happened goes in, the next view comes out.
import type { Button } from "./directory";
import type { Verdict } from "./panel";

/** How a visitor's call stands. `nobody` also stands for a refusal: the visitor is never told which. */
export type Phase = "calling" | "next" | "connected" | "open" | "nobody" | "fault";

export type View =
  | { at: "idle" }
  | { at: "directory" }
  | { at: "search"; typed: string }
  | { at: "group"; button: Button }
  | { at: "code"; typed: string; result?: "wait" | Verdict["result"]; door?: string; seconds?: number }
  | { at: "call"; phase: Phase; label: string; user: string; over: boolean; said: string; door: string };

export type Happening =
  | { is: "touched" }
  | { is: "went"; to: "idle" | "directory" | "search" | "code" }
  | { is: "typed"; text: string }
  | { is: "chose"; button: Button }
  | { is: "called"; label: string; user: string }
  | { is: "told"; phase: "calling" | "next" | "connected" | "open" | "nobody"; door?: string }
  | { is: "quick"; text: string }
  | { is: "ended"; fault: boolean }
  | { is: "checked"; result: "wait" | Verdict["result"]; door?: string; seconds?: number }
  | { is: "late" };

export const IDLE: View = { at: "idle" };

/** Shown at least so long after a call, then the panel is the next visitor's. */
export const AFTER_CALL_SECONDS = 10;

/** The next view. A grouped button opens its list: only a person of it can be called. */
export function next(view: View, what: Happening): View {
  switch (what.is) {
    case "touched":
      return view.at === "idle" ? { at: "directory" } : view;
    case "went":
      if (what.to === "search") return { at: "search", typed: "" };
      if (what.to === "code") return { at: "code", typed: "" };
      return { at: what.to };
    case "typed":
      if (view.at === "search") return { at: "search", typed: what.text.slice(0, 40) };
      if (view.at === "code") return { at: "code", typed: what.text.slice(0, 12) };
      return view;
    case "chose":
      return { at: "group", button: what.button };
    case "called":
      return { at: "call", phase: "calling", label: what.label, user: what.user, over: false, said: "", door: "" };
    case "checked":
      if (view.at !== "code") return view;
      return { at: "code", typed: "", result: what.result, ...(what.door ? { door: what.door } : {}), ...(what.seconds ? { seconds: what.seconds } : {}) };
    case "late":
      return IDLE;
    default:
      return view.at === "call" ? during(view, what) : view;
  }
}

type Call = Extract<View, { at: "call" }>;

function during(call: Call, what: Extract<Happening, { is: "told" | "quick" | "ended" }>): View {
  switch (what.is) {
    case "told":
      // An open door stays open news; what comes late says nothing any more.
      if (call.phase === "open" || (call.over && what.phase !== "open")) return call;
      if (call.phase === "connected" && what.phase !== "open") return call;
      return { ...call, phase: what.phase, door: what.door ?? call.door };
    case "quick":
      return { ...call, said: what.text };
    case "ended":
      if (call.over) return call;
      if (call.phase === "open") return { ...call, over: true };
      if (call.phase === "connected") return IDLE;
      return { ...call, over: true, phase: what.fault ? "fault" : "nobody" };
  }
}

/** Seconds of silence after which the view gives way to the idle one; undefined: not by itself. */
export function patience(view: View, idleSeconds: number): number | undefined {
  if (view.at === "idle") return undefined;
  if (view.at === "call") return view.over ? Math.max(AFTER_CALL_SECONDS, idleSeconds / 2) : undefined;
  return idleSeconds;
}
