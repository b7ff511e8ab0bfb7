import { expect, test, vi } from "vitest";
import { type Happening, IDLE, type View, next, patience } from "../kiosk/course";
import { checkCode, readVerdict } from "../kiosk/panel";

const after = (...all: Happening[]): View => all.reduce(next, IDLE);
const CALL: Happening = { is: "called", label: "Kari", user: "kari" };
const told = (phase: "next" | "connected" | "open"): Happening => ({ is: "told", phase });
const ENDED: Happening = { is: "ended", fault: false };

test("a refusal and silence look alike", () => {
  expect(after(CALL, ENDED)).toMatchObject({ phase: "nobody", over: true });
  expect(after(CALL, told("next"), ENDED)).toMatchObject({ phase: "nobody", over: true });
});

test("a fault of ours is not told as silence", () => {
  expect(after(CALL, { is: "ended", fault: true })).toMatchObject({ phase: "fault" });
});

test("still trying, connected, open, and home again", () => {
  expect(after(CALL, told("next"))).toMatchObject({ phase: "next" });
  expect(after(CALL, told("next"), told("connected"))).toMatchObject({ phase: "connected" });
  expect(after(CALL, told("connected"), told("next"))).toMatchObject({ phase: "connected" });
  const open = after(CALL, told("connected"), told("open"), ENDED);
  expect(open).toMatchObject({ phase: "open", over: true });
  expect(next(open, { is: "late" })).toEqual(IDLE);
});

test("the end of a talk leads home", () => expect(after(CALL, told("connected"), ENDED)).toEqual(IDLE));

test("news of a call that is gone change nothing", () => {
  expect(after({ is: "touched" }, told("open"))).toEqual({ at: "directory" });
  expect(after(CALL, ENDED, told("next"))).toMatchObject({ phase: "nobody" });
});

test("a door opened without an answer is told, also when the call has ended", () => {
  expect(after(CALL, ENDED, told("open"))).toMatchObject({ phase: "open", over: true });
});

test("a quick answer stands beside the state", () => {
  expect(after(CALL, { is: "quick", text: "coming" })).toMatchObject({ phase: "calling", said: "coming" });
});

test("the panel never gives up a call by itself, and everything else after a while", () => {
  expect(patience(after(CALL), 20)).toBeUndefined();
  expect(patience(after(CALL, ENDED), 20)).toBe(10);
  expect(patience({ at: "directory" }, 20)).toBe(20);
  expect(patience(IDLE, 20)).toBeUndefined();
});

test("what is typed has an end", () => {
  const view = after({ is: "went", to: "search" }, { is: "typed", text: "x".repeat(99) });
  expect(view).toEqual({ at: "search", typed: "x".repeat(40) });
});

test("a pause, a door that stays shut and a panel cut off are told apart, reasons of a refusal are not", async () => {
  expect(readVerdict({ result: "opened", door: "Gate" })).toEqual({ result: "open", door: "Gate" });
  expect(readVerdict({ result: "paused", seconds: 42.3 })).toEqual({ result: "paused", seconds: 43 });
  for (const seconds of [undefined, "5", -1, 1e9, NaN]) expect(readVerdict({ result: "paused", seconds })).toEqual({ result: "paused", seconds: 60 });
  expect([{ result: "failed" }, { result: "away" }].map(readVerdict).map(({ result }) => result)).toEqual(["failed", "away"]);
  for (const said of [undefined, null, [], "opened", {}, { result: "revoked" }]) expect(readVerdict(said)).toEqual({ result: "denied" });

  const panel = { account: { site: "s", device: "d", username: "u", secret: "s", server: "wss://h/ws" }, local: true, token: "", directoryUrl: "" };
  const answers = (fetched: () => Promise<unknown>): void => void vi.stubGlobal("fetch", fetched);
  answers(() => Promise.reject(new TypeError("no network")));
  expect(await checkCode(panel, "1234")).toEqual({ result: "away" });
  answers(() => Promise.resolve({ status: 502, json: () => Promise.reject(new SyntaxError()) }));
  expect(await checkCode(panel, "1234")).toEqual({ result: "away" });
  answers(() => Promise.resolve({ status: 200, json: () => Promise.resolve({ result: "paused", seconds: 7 }) }));
  const verdict = await checkCode(panel, "1234");
  vi.unstubAllGlobals();
  expect(after({ is: "went", to: "code" }, { is: "checked", ...verdict })).toEqual({ at: "code", typed: "", result: "paused", seconds: 7 });
});
