// A device's line to the PBX: keeps itself registered, tells of calls and messages. Built on JsSIP.
import JsSIP from "jssip";
import type { UA } from "jssip/lib/UA";
import type { IncomingMessageEvent, IncomingRTCSessionEvent, OutgoingMessageEvent, RTCSessionEvent } from "jssip/lib/UA";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { Account } from "./account";
import { plainType, readJson } from "./reading";

export const OPEN_TYPE = "application/vnd.doorline.open+json";
export const ANSWER_TYPE = "application/vnd.doorline.answer+json";
/** A panel is told that its directory is another. */
export const DIRECTORY_TYPE = "application/vnd.doorline.directory+json";
export const STATE_TYPE = "application/vnd.doorline.state+json";

const RETRY_SECONDS = { connection_recovery_min_interval: 1, connection_recovery_max_interval: 4 };
const REGISTER_SECONDS = 300;
/** A fresh log-in may reach WebAdmin a moment before the PBX: refused means refused so many times. */
const TRIES = 4;
const TRY_AGAIN_MS = 1500;
/** Somebody stands at the door: no longer than this is a connection asked whether it still holds. */
const SILENCE_MS = 3000;
/** Longer than any ring: the PBX says when it is over. */
const RING_SECONDS = 180;

/** What JsSIP has and its types do not say. */
interface Inner {
  transport: { connect(): void; disconnect(): void } | null;
  sendOptions(target: string, body: undefined, options: { eventHandlers: Record<"succeeded" | "failed", () => void> }): void;
}

export type LineState = "connecting" | "registered" | "away" | "refused";

export interface IncomingInvite {
  session: RTCSession;
  callId: string;
  header(name: string): string | undefined;
  /** Display name of the caller: the panel's name. */
  from: string;
}

export interface LineEvents {
  state(state: LineState): void;
  invite?(invite: IncomingInvite): void;
  message?(type: string, body: unknown): void;
}

export interface Reply {
  status: number;
  body: unknown;
}

/** One registered device. */
export class Line {
  readonly account: Account;
  readonly ua: UA;
  private refusals = 0;
  private again: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(account: Account, events: LineEvents) {
    this.account = account;
    const socket = new JsSIP.WebSocketInterface(account.server);
    this.ua = new JsSIP.UA({
      sockets: [socket],
      uri: `sip:${account.username}@${account.site}`,
      password: account.secret,
      register_expires: REGISTER_SECONDS,
      no_answer_timeout: RING_SECONDS,
      session_timers: false,
      user_agent: "Doorline",
      ...RETRY_SECONDS,
    });
    this.ua.on("connecting", () => events.state("connecting"));
    this.ua.on("registered", () => {
      this.refusals = 0;
      events.state("registered");
    });
    this.ua.on("disconnected", () => events.state("away"));
    this.ua.on("registrationFailed", ({ response }) => {
      const refused = response !== null && [401, 403, 404].includes(response.status_code);
      this.refusals = refused ? this.refusals + 1 : 0;
      events.state(this.refusals >= TRIES ? "refused" : "away");
      if (this.refusals < TRIES) this.again = setTimeout(() => this.refresh(), TRY_AGAIN_MS);
    });
    this.ua.on("newRTCSession", (event: RTCSessionEvent) => {
      if (event.originator === "remote") events.invite?.(invitation(event));
    });
    this.ua.on("newMessage", (event: IncomingMessageEvent | OutgoingMessageEvent) => {
      if (event.originator !== "remote") return;
      const { request } = event;
      events.message?.(plainType(request.getHeader("Content-Type")), readJson(request.body));
    });
  }

  start(): void {
    this.ua.start();
  }

  /** Say goodbye and end; no event follows. */
  stop(): void {
    clearTimeout(this.again);
    this.heard();
    this.ua.removeAllListeners();
    this.ua.stop();
  }

  /** After sleep or a change of network: register anew, by the same connection if it still answers, else by another at once. */
  refresh(): void {
    if (!this.ua.isConnected()) return this.inner.transport?.connect();
    this.ua.register();
    if (this.silence !== undefined) return;
    this.silence = setTimeout(() => this.reconnect(), SILENCE_MS);
    const heard = (): void => this.heard();
    this.inner.sendOptions(`sip:${this.account.site}`, undefined, { eventHandlers: { succeeded: heard, failed: heard } });
  }

  private get inner(): Inner {
    return this.ua as unknown as Inner;
  }

  private heard(): void {
    clearTimeout(this.silence);
    this.silence = undefined;
  }

  /** A connection that lost its other end while nobody looked takes half a minute to say so. */
  private reconnect(): void {
    this.silence = undefined;
    this.inner.transport?.disconnect();
    this.inner.transport?.connect();
  }

  /** Send JSON to the PBX over this line; resolves with its answer, whatever it is. */
  send(type: string, body: unknown): Promise<Reply> {
    return new Promise((resolve) => {
      const answered = ({ response }: { response: { status_code: number; body?: string } | null }): void =>
        resolve({ status: response?.status_code ?? 408, body: readJson(response?.body) });
      this.ua.sendMessage(`sip:doorline@${this.account.site}`, JSON.stringify(body), {
        contentType: type,
        eventHandlers: { succeeded: answered, failed: answered },
      });
    });
  }
}

function invitation({ session, request }: IncomingRTCSessionEvent): IncomingInvite {
  return {
    session,
    callId: request.getHeader("Call-ID") as string,
    header: (name) => request.getHeader(name) as string | undefined,
    from: request.from.display_name ?? "",
  };
}

interface SentInfo {
  on(name: "succeeded" | "failed", heard: (event: { response: { status_code: number; body?: string } }) => void): void;
}

/** Send JSON inside a talk, so that the PBX knows which visitor it is about; resolves with its answer. */
export function inTalk(session: RTCSession, type: string, body: unknown): Promise<Reply> {
  return new Promise((resolve) => {
    session.once("newInfo", ({ info }: { info: unknown }) => {
      for (const name of ["succeeded", "failed"] as const) {
        (info as SentInfo).on(name, ({ response }) => resolve({ status: response.status_code, body: readJson(response.body) }));
      }
    });
    session.once("ended", () => resolve({ status: 481, body: undefined }));
    session.sendInfo(type, JSON.stringify(body));
  });
}
