// What the PBX's own HTTP side tells a device by its token.
import { originOf } from "../shared/sip/account";
import type { Door, Kept } from "./types";

/** One question; undefined when there is no good answer. */
async function ask<T>(account: Kept, method: string, path: string): Promise<T | undefined> {
  try {
    const answer = await fetch(originOf(account) + path, { method, headers: { Authorization: `Bearer ${account.token}` } });
    return answer.ok ? ((await answer.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

export const pbx = {
  /** The doors of a device, with their states. */
  doors: async (account: Kept): Promise<Door[] | undefined> => (await ask<{ doors: Door[] }>(account, "GET", "/device/doors"))?.doors,
};
