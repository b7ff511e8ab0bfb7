// Calls of this device: what rings, what is seen before answering, who talks, what was opened.
import type { RTCSession } from "jssip/lib/RTCSession";
import { type Account, originOf } from "../shared/sip/account";
import { ANSWER_TYPE, inTalk, type IncomingInvite, Line, type LineState, OPEN_TYPE } from "../shared/sip/agent";
import { readReason } from "../shared/sip/reading";
import { type Preview, watch } from "../shared/sip/whep";
import { ring } from "../shared/sounds";
import { type DoorTold, type Ending, doorTold, endingOf } from "./ending";

export interface Call {
  id: string;
  site: string;
  /** Name of the panel. */
  from: string;
  panel: string;
  phase: "ringing" | "answering" | "talking" | "over";
  picture: MediaStream | undefined;
  sound: MediaStream | undefined;
  muted: boolean;
  sent: string;
  doors: Record<string, DoorTold>;
  ending: Ending | undefined;
}

const SHOWN_AFTERWARDS_SECONDS = 6;
const MICROPHONE: MediaStreamConstraints = { audio: { echoCancellation: true, noiseSuppression: true }, video: false };

/** Keeps a line for each site, and the one call there can be. `changed` is called after every change. */
export class Reception {
  call: Call | undefined;
  states: Record<string, LineState> = {};
  /** Doors opened without a call, by "site door". */
  opened: Record<string, DoorTold> = {};
  private readonly lines = new Map<string, Line>();
  private session: RTCSession | undefined;
  /** Rings behind the one that is shown. */
  private next: { account: Account; invite: IncomingInvite } | undefined;
  private preview: Preview | undefined;
  private silence: () => void = () => undefined;
  private closing: ReturnType<typeof setTimeout> | undefined;
  private readonly changed: () => void;
  private readonly refused: (site: string) => void;

  /** `refused`: the log-in of a site was taken away. */
  constructor(changed: () => void, refused: (site: string) => void) {
    this.changed = changed;
    this.refused = refused;
  }

  /** Hold lines for these log-ins, and for no others. */
  connect(accounts: readonly Account[]): void {
    for (const [site, line] of this.lines) {
      if (accounts.some((one) => one.site === site && one.username === line.account.username)) continue;
      line.stop();
      this.lines.delete(site);
      delete this.states[site];
    }
    for (const account of accounts) {
      if (this.lines.has(account.site)) continue;
      const line = new Line(account, {
        state: (state) => {
          this.states = { ...this.states, [account.site]: state };
          if (state === "refused") this.refused(account.site);
          this.changed();
        },
        invite: (invite) => this.rings(account, invite),
      });
      this.lines.set(account.site, line);
      line.start();
    }
    this.changed();
  }

  refresh(): void {
    for (const line of this.lines.values()) line.refresh();
  }

  private rings(account: Account, invite: IncomingInvite): void {
    const { session } = invite;
    if (this.call?.phase === "ringing" && !this.next) return this.wait(account, invite);
    if (this.call && this.call.phase !== "over") return session.terminate({ status_code: 486 });
    clearTimeout(this.closing);
    this.session = session;
    const call: Call = {
      id: invite.callId, site: account.site, from: invite.from, panel: invite.header("Doorline-Panel") ?? "",
      phase: "ringing", picture: undefined, sound: undefined, muted: false, sent: "", doors: {}, ending: undefined,
    };
    this.call = call;
    this.silence = ring();
    const path = invite.header("Doorline-Preview");
    if (path) void this.look(call, new URL(path, originOf(account)).href);
    const tracks = (connection: RTCPeerConnection): void => connection.addEventListener("track", ({ track }) => {
      if (track.kind === "video") this.update(call, { picture: new MediaStream([track]) });
      else this.update(call, { sound: new MediaStream([track]) });
    });
    session.on("peerconnection", ({ peerconnection }: { peerconnection: RTCPeerConnection }) => tracks(peerconnection));
    session.on("icecandidate", ({ ready }: { ready: () => void }) => ready());
    session.on("accepted", () => this.update(call, { phase: "talking" }));
    const ended = (event: { originator: string; cause: string; message?: { getHeader(name: string): string | undefined } | null }): void =>
      this.over(call, endingOf(call, event.originator === "local", readReason(event.message?.getHeader("Reason")), event.cause));
    session.on("ended", ended as never);
    session.on("failed", ended as never);
    this.changed();
  }

  /** A visitor rings while another does; or the same again, and the first ring has not yet heard that it is over. */
  private wait(account: Account, invite: IncomingInvite): void {
    const waiting = (this.next = { account, invite });
    const gone = (): void => {
      if (this.next === waiting) this.next = undefined;
    };
    invite.session.on("ended", gone);
    invite.session.on("failed", gone);
  }

  private async look(call: Call, url: string): Promise<void> {
    try {
      const preview = await watch(url);
      if (this.call !== call || call.phase !== "ringing") return preview.stop();
      this.preview = preview;
      this.update(call, { picture: preview.stream });
    } catch {
      // It rings all the same; the page says that there is no picture.
    }
  }

  answer(): void {
    const { call, session } = this;
    if (!call || !session || call.phase !== "ringing") return;
    this.silence();
    this.next?.invite.session.terminate({ status_code: 486 });
    this.update(call, { phase: "answering" });
    session.answer({ mediaConstraints: MICROPHONE, pcConfig: { iceServers: [] } });
  }

  /** Refuse while it rings, hang up in a talk. */
  leave(): void {
    const { call, session } = this;
    if (!call || !session || session.isEnded()) return this.dismiss();
    session.terminate(call.phase === "ringing" ? { status_code: 603, reason_phrase: "Decline" } : {});
  }

  mute(on: boolean): void {
    if (!this.call || !this.session) return;
    if (on) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
    this.update(this.call, { muted: on });
  }

  /** Say a few words on the panel's screen. */
  async say(text: string): Promise<boolean> {
    const call = this.call;
    const line = call && this.lines.get(call.site);
    if (!call || !line) return false;
    const { status, body } = await line.send(ANSWER_TYPE, { text, call: call.id });
    const shown = status === 200 && (body as { shown?: unknown } | undefined)?.shown !== false;
    if (shown) this.update(call, { sent: text });
    return shown;
  }

  /** Open a door; in a call it is that visitor's. */
  async open(site: string, door: string): Promise<DoorTold> {
    const call = this.call && this.call.phase !== "over" && this.call.site === site ? this.call : undefined;
    this.told(call, site, door, "wait");
    const line = this.lines.get(site);
    let told: DoorTold = "failed";
    if (line) {
      const talk = call?.phase === "talking" ? this.session : undefined;
      const { status, body } = await (talk ? inTalk(talk, OPEN_TYPE, { door }) : line.send(OPEN_TYPE, { door }));
      told = doorTold(status, (body as { result?: unknown } | undefined)?.result);
    }
    this.told(call, site, door, told);
    return told;
  }

  private told(call: Call | undefined, site: string, door: string, told: DoorTold): void {
    if (call && this.call?.id === call.id) this.update(this.call, { doors: { ...this.call.doors, [door]: told } });
    this.opened = { ...this.opened, [`${site} ${door}`]: told };
    if (this.call?.ending === "elsewhere" && told === "opened") this.update(this.call, { ending: "opened" });
    this.changed();
  }

  private update(call: Call, change: Partial<Call>): void {
    Object.assign(call, change);
    if (change.phase && change.phase !== "ringing") this.endPreview(call);
    if (this.call === call) this.changed();
  }

  private endPreview(call: Call): void {
    if (this.preview && call.picture === this.preview.stream && call.phase === "over") call.picture = undefined;
    if (call.phase === "talking" || call.phase === "over") {
      this.preview?.stop();
      this.preview = undefined;
    }
  }

  private over(call: Call, ending: Ending): void {
    this.silence();
    this.update(call, { phase: "over", ending, picture: undefined, sound: undefined });
    const { next } = this;
    this.next = undefined;
    if (next && this.call === call) this.rings(next.account, next.invite);
    else if (this.call === call) this.closing = setTimeout(() => this.dismiss(), SHOWN_AFTERWARDS_SECONDS * 1000);
  }

  /** Put away a call that is over. */
  dismiss(): void {
    clearTimeout(this.closing);
    if (this.call?.phase !== "over") return;
    this.call = undefined;
    this.session = undefined;
    this.changed();
  }
}
