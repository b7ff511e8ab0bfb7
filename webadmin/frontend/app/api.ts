// The resident API: JSON, a session cookie, and a token against foreign pages on everything that writes.
import type { Guest, GuestWish, Me, Member, NewDevice, NewGuest, OwnButton, OwnDevice, Receipt } from "./types";

export class Refusal extends Error {
  readonly status: number;
  readonly slug: string;
  readonly field: string | null;

  constructor(status: number, slug: string, message: string, field: string | null) {
    super(message);
    this.status = status;
    this.slug = slug;
    this.field = field;
  }
}

let csrf = "";

/** One request. Throws Refusal when the server says no, TypeError when it cannot be reached. */
export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") {
    headers["Content-Type"] = "application/json";
    headers["X-CSRF-Token"] = csrf;
  }
  const sent = method === "GET" || method === "DELETE" ? {} : { body: JSON.stringify(body ?? {}) };
  const answer = await fetch(`/api/v1${path}`, { method, headers, ...sent });
  const text = answer.status === 204 ? "" : await answer.text();
  let said: unknown;
  try {
    said = text ? JSON.parse(text) : undefined;
  } catch {
    said = undefined;
  }
  if (!answer.ok) {
    const why = (said ?? {}) as { error?: string; message?: string; field?: string | null };
    throw new Refusal(answer.status, why.error ?? "", why.message ?? String(answer.status), why.field ?? null);
  }
  return said as T;
}

export type Stage = "in" | "totp" | "enrol";

export const api = {
  login: (email: string, password: string) => ask<{ next: Stage }>("POST", "/login", { email, password }),
  totp: (code: string) => ask<{ next: Stage }>("POST", "/login/totp", { code }),
  enrolment: () => ask<{ secret: string; address: string }>("GET", "/login/enrol"),
  enrol: (code: string) => ask<{ next: Stage; recovery_codes: string[] }>("POST", "/login/enrol", { code }),
  logout: () => ask<void>("POST", "/logout"),
  async me(): Promise<Me> {
    const me = await ask<Me>("GET", "/me");
    csrf = me.csrf;
    return me;
  },
  makeDevice: (site: string, name: string, kind: "app" | "station") => ask<NewDevice>("POST", "/devices", { site, name, kind }),
  devices: async () => (await ask<{ devices: OwnDevice[] }>("GET", "/devices")).devices,
  revokeDevice: (id: number) => ask<void>("DELETE", `/devices/${id}`),
  guests: async () => (await ask<{ guests: Guest[] }>("GET", "/guests")).guests,
  makeGuest: (wish: GuestWish) => ask<NewGuest>("POST", "/guests", wish),
  revokeGuest: (id: number | string) => ask<void>("DELETE", `/guests/${encodeURIComponent(id)}`),
  household: () => ask<{ household: Member[]; may_invite: string[] }>("GET", "/household"),
  invite: (site: string, name: string, email: string) => ask<unknown>("POST", "/household", { site, name, email }),
  removeMember: (id: number | string) => ask<void>("DELETE", `/household/${id}`),
  erase: (password: string, moveOut: boolean) => ask<void>("POST", "/me/erase", { password, move_out: moveOut }),
  testRing: (device: number) => ask<unknown>("POST", "/test-ring", { device }),
  receipts: async (device: number) => (await ask<{ receipts: Receipt[] }>("GET", `/receipts?device=${device}`)).receipts,
  pushKey: async () => (await ask<{ key: string }>("GET", "/push/key")).key,
  savePush: (device: number, endpoint: string, keys: Record<string, string>) => ask<unknown>("POST", "/push", { device, endpoint, keys }),
  buttons: async () => (await ask<{ buttons: OwnButton[] }>("GET", "/buttons")).buttons,
  button: (id: string) => ask<OwnButton>("GET", `/buttons/${encodeURIComponent(id)}`),
  saveButton: (id: string, change: object) => ask<OwnButton>("PUT", `/buttons/${encodeURIComponent(id)}`, change),
};
