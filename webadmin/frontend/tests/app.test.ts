import { describe, expect, test } from "vitest";
import { checks, type Facts } from "../app/checks";
import { deviceName } from "../app/desk";
import { doorTold, endingOf } from "../app/ending";
import { readPush, sentence } from "../app/pushed";
import { choose, speak } from "../shared/language";
import { plainType, readJson, readReason } from "../shared/sip/reading";

const RINGING = { phase: "ringing" as const, doors: {} };
const elsewhere = { cause: 200, text: "Call completed elsewhere" };

describe("how a call ended", () => {
  test("taken by another device is not missed", () => {
    expect(endingOf(RINGING, false, elsewhere, "Canceled")).toBe("elsewhere");
    expect(endingOf(RINGING, false, undefined, "Canceled")).toBe("missed");
    expect(endingOf({ ...RINGING, phase: "answering" }, false, elsewhere, "Canceled")).toBe("elsewhere");
  });
  test("refused by oneself, hung up, lost", () => {
    expect(endingOf(RINGING, true, undefined, "Rejected")).toBe("refused");
    expect(endingOf({ ...RINGING, phase: "talking" }, false, undefined, "Terminated")).toBe("hung_up");
    expect(endingOf({ ...RINGING, phase: "talking" }, true, undefined, "RTP Timeout")).toBe("lost");
  });
  test("an opened door says more than anything", () => {
    expect(endingOf({ phase: "talking", doors: { front: "opened" } }, true, undefined, "Terminated")).toBe("opened");
    expect(endingOf(RINGING, false, { cause: 200, text: "Door opened" }, "Canceled")).toBe("opened");
  });
});

test("what the PBX says of a door", () => {
  expect([doorTold(200, "opened"), doorTold(200, "already_open"), doorTold(200, "refused"), doorTold(200, "failed"), doorTold(408, undefined)])
    .toEqual(["opened", "opened", "denied", "failed", "failed"]);
});

test("a push that cannot be read ends a ring and begins none", () => {
  for (const text of [undefined, "", "null", "[]", "{", '{"type":"RING"}']) expect(readPush(text).kind).toBe("ended");
  expect(readPush('{"type":"ring","call":"c","from":"Gate","picture":"https://evil.example/x.jpg"}')).toMatchObject({ kind: "ring", place: "Gate", picture: "" });
  expect(readPush('{"type":"ring","picture":"/preview/a-b.jpg"}').picture).toBe("/preview/a-b.jpg");
});

test("a notification names the panel, in both languages", () => {
  const pushed = readPush('{"type":"ring","call":"c","from":"Hovedøra"}');
  expect(sentence(pushed, "nb")).toEqual({ title: "Hovedøra", body: "Det ringer på. Trykk for å se hvem det er" });
  expect(sentence({ ...pushed, kind: "ended" }, "en").title).toBe("The ring is over");
});

test("the first thing that is wrong is the next thing to do", () => {
  const good: Facts = { lines: ["registered"], microphone: "granted", notifications: "granted", installed: true, installable: false, rang: 1000 };
  const next = (facts: Partial<Facts>): string | undefined => checks({ ...good, ...facts }, 2000).find((one) => !one.good)?.step;
  expect(next({})).toBeUndefined();
  expect(next({ lines: [] })).toBe("line");
  expect(next({ microphone: "denied", rang: 0 })).toBe("microphone");
  expect(next({ notifications: "default" })).toBe("notifications");
  expect(next({ notifications: "none", rang: 0 })).toBe("test");
  expect(checks({ ...good, microphone: "denied" }, 2000)[1]).toMatchObject({ ours: false, fix: "checkBlocked" });
});

test("a browser has a name that its owner knows again", () => {
  expect(deviceName("en", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe("Firefox on Linux");
  expect(deviceName("nb", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36")).toBe("Chrome på Android");
  expect(deviceName("en", "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0")).toBe("Edge on Windows");
  expect(deviceName("en", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")).toBe("Safari on iPhone");
  expect(deviceName("nb", "?")).toBe("App");
});

test("headers and bodies of others are read carefully", () => {
  expect(readReason('SIP;cause=200;text="Call completed elsewhere"')).toEqual(elsewhere);
  expect(readReason("nonsense")).toBeUndefined();
  expect(readReason(undefined)).toBeUndefined();
  expect(plainType("Application/JSON; charset=utf-8")).toBe("application/json");
  expect(readJson("{")).toBeUndefined();
});

test("languages", () => {
  expect([choose(["nn-NO"]), choose(["de", "en-GB"]), choose([])]).toEqual(["nb", "en", "nb"]);
  expect(speak("nb")("calling", "Kari")).toBe("Ringer Kari");
});
