// Where the panel gets its log-in, its directory and its answers about codes from.
import { keep, recall, forget } from "../shared/keep";
import { type Account, originOf } from "../shared/sip/account";
import { pair, type Paired } from "../shared/pairing";
import { type Directory, readDirectory } from "./directory";

const NAME = "panel";

export interface Panel {
  account: Account;
  /** Whether the agent on this device serves the page. */
  local: boolean;
  token: string;
  directoryUrl: string;
}

function panelOf(paired: Paired, local: boolean): Panel {
  const { site, device, username, secret, server } = paired;
  const account = { site, device, username, secret, server };
  const directoryUrl = local ? "/local/directory" : (paired.directory ?? `${originOf(account)}/panels/directory`);
  return { account, local, token: paired.token ?? "", directoryUrl };
}

/** This panel as the agent beside it knows it, or as it was paired; undefined when it must be paired first. */
export async function findPanel(): Promise<Panel | undefined> {
  const kept = await recall<Panel>(NAME);
  if (kept) return kept;
  try {
    const answer = await fetch("/local/account", { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const given = (await answer.json()) as Paired & { wss?: string };
      return panelOf({ ...given, server: given.wss ?? given.server }, true);
    }
  } catch {
    // No agent here: any browser is a panel once it is paired.
  }
  return undefined;
}

/** Become a panel by a pairing code. Throws PairingRefused. */
export async function pairPanel(code: string): Promise<Panel> {
  const panel = panelOf(await pair(code, "panel"), false);
  await keep(NAME, panel);
  return panel;
}

export async function unpair(): Promise<void> {
  await forget(NAME);
}

export interface Fetched {
  directory: Directory;
  etag: string;
}

/** The directory, if it has changed since `etag`. Throws when it cannot be had; `revoked` when it may not. */
export async function fetchDirectory(panel: Panel, etag: string): Promise<Fetched | "same" | "revoked"> {
  const headers: Record<string, string> = panel.local ? {} : { Authorization: `Bearer ${panel.token}` };
  if (etag) headers["If-None-Match"] = etag;
  const answer = await fetch(panel.directoryUrl, { headers, cache: "no-store" });
  if (answer.status === 304) return "same";
  if (answer.status === 401 || answer.status === 403) return "revoked";
  if (!answer.ok) throw new Error(`directory: ${answer.status}`);
  const directory = readDirectory(await answer.json());
  await keep("directory", directory);
  return { directory, etag: answer.headers.get("ETag") ?? "" };
}

/** The directory as it last was, so that a panel without network still shows it. */
export async function keptDirectory(): Promise<Directory | undefined> {
  return recall<Directory>("directory");
}

/** What became of a code. `paused`: none is looked at for so many seconds; `failed`: the door did not open;
 *  `away`: nobody who knows could be asked. Why a code is `denied` the visitor is never told. */
export interface Verdict { result: "open" | "denied" | "paused" | "failed" | "away"; door?: string; seconds?: number }

const PAUSE_SECONDS = 60;

/** The verdict in what the agent or the PBX said. */
export function readVerdict(said: unknown): Verdict {
  const { result, door, seconds } = (typeof said === "object" && said !== null ? said : {}) as Record<string, unknown>;
  switch (result) {
    case "opened": return { result: "open", ...(typeof door === "string" && door ? { door: door.slice(0, 128) } : {}) };
    case "paused": return { result, seconds: typeof seconds === "number" && seconds > 0 && seconds < 3600 ? Math.ceil(seconds) : PAUSE_SECONDS };
    case "failed":
    case "away": return { result };
    default: return { result: "denied" };
  }
}

/** Ask whether a code, or the text of a QR pass, opens a door now. */
export async function checkCode(panel: Panel, code: string): Promise<Verdict> {
  const url = panel.local ? "/local/code" : `${originOf(panel.account)}/panels/code`;
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (!panel.local) headers.Authorization = `Bearer ${panel.token}`;
  try {
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ code }) });
    return answer.status < 500 ? readVerdict(await answer.json()) : { result: "away" };
  } catch {
    return { result: "away" };
  }
}
