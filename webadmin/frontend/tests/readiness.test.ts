import { afterEach, expect, test, vi } from "vitest";
import { checks } from "../app/checks";
import type { Desk } from "../app/desk";
import { findFacts, mendStep } from "../app/readiness";

vi.mock("../shared/keep", () => ({ recall: () => Promise.resolve(0) }));
afterEach(() => vi.unstubAllGlobals());

const asked = vi.fn((path: string, _: { body?: string }) => Promise.resolve({ ok: true, status: 200, text: () => Promise.resolve(path.endsWith("/key") ? '{"key":"k"}' : "{}") }));
const desk = { reception: { states: { house: "registered" } }, accounts: [{ id: 3 }, { id: 8 }] } as unknown as Desk;

/** A browser that gives the microphone, and asks anew each time, with this said of it. */
function browser(said: PermissionState | undefined): void {
  const query = said ? (): Promise<object> => Promise.resolve({ state: said }) : (): Promise<object> => Promise.reject(new TypeError());
  const mediaDevices = { getUserMedia: () => Promise.resolve({ getTracks: () => [] }) };
  vi.stubGlobal("navigator", { permissions: { query }, mediaDevices });
  vi.stubGlobal("Notification", { permission: "default" });
  vi.stubGlobal("PushManager", {});
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("fetch", asked);
}
const next = async (): Promise<string | undefined> => checks(await findFacts(desk), 1000).find(({ good }) => !good)?.step;

test("a microphone that was given leads on, also where the browser does not remember", async () => {
  browser("prompt");
  expect(await next()).toBe("microphone");
  expect(await mendStep(desk, "microphone")).toBe(true);
  expect(await next()).toBe("notifications");
  browser(undefined);
  expect(await next()).toBe("notifications");
  browser("denied");
  expect(await next()).toBe("microphone");
});

test("every house's log-in can be rung", async () => {
  browser("granted");
  for (const account of desk.accounts) expect(await mendStep(desk, "test", account)).toBe(true);
  const rung = asked.mock.calls.filter(([path]) => path.endsWith("/test-ring")).map(([, { body }]) => body);
  expect(rung).toEqual(['{"device":3}', '{"device":8}']);
  expect(await mendStep({ ...desk, accounts: [] } as unknown as Desk, "test")).toBe(false);
});
