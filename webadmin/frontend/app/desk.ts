// What the app knows and does: who is logged in, which log-ins this browser has, what rings.
import { forget, forgetAll, keep, recall } from "../shared/keep";
import { type Language, choose, speak } from "../shared/language";
import { Refusal, type Stage, api } from "./api";
import { Reception } from "./reception";
import type { Kept, Me } from "./types";

export type Phase = "loading" | "login" | "totp" | "enrol" | "in" | "pair";

const ACCOUNTS = "accounts";
const LANGUAGE = "language";
const ME = "me";
/** When this device last rang. */
export const RANG = "rang";

export class Desk {
  phase: Phase = "loading";
  me: Me | undefined;
  accounts: Kept[] = [];
  language: Language = choose(navigator.languages);
  /** Pages that this server does not have. */
  readonly without = new Set<string>();
  private readonly seen = new Set<string>();
  /** The log-in of a station was taken away. */
  revoked = false;
  readonly reception: Reception;
  readonly station: boolean;
  private readonly changed: () => void;

  constructor(station: boolean, changed: () => void) {
    this.station = station;
    this.changed = changed;
    let rang = "";
    this.reception = new Reception(() => {
      const { call } = this.reception;
      if (call && call.id !== rang) void keep(RANG, Date.now());
      rang = call?.id ?? "";
      changed();
    }, (site) => void this.taken(site));
  }

  private get kept(): string {
    return this.station ? "station" : ACCOUNTS;
  }

  /** Go on where this browser left off: lines first, so that it rings even while WebAdmin is away. */
  async begin(): Promise<void> {
    this.language = (await recall<Language>(LANGUAGE)) ?? this.language;
    this.accounts = (await recall<Kept[]>(this.kept)) ?? [];
    this.reception.connect(this.accounts);
    if (this.station) {
      this.go(this.accounts.length ? "in" : "pair");
      return;
    }
    this.me = await recall<Me>(ME);
    if (this.me && this.accounts.length) this.go("in");
    await this.load();
  }

  /** Ask the server who we are; without an answer what was known stays. */
  async load(): Promise<void> {
    try {
      this.me = await api.me();
      await keep(ME, this.me);
    } catch (error) {
      if (error instanceof Refusal && (error.status === 401 || error.status === 403)) return this.go("login");
      if (!this.me) this.go("login");
      return;
    }
    await this.enlist();
    await this.see("guests", api.guests);
    await this.see("household", api.household);
    this.go("in");
  }

  /** A log-in for this browser at every site that it has none for. */
  private async enlist(): Promise<void> {
    const sites = this.me?.sites ?? [];
    const had = this.accounts.filter((one) => sites.some(({ site }) => site === one.site));
    const missing = sites.filter(({ site }) => !had.some((one) => one.site === site));
    for (const { site } of missing) {
      const { id, device, username, secret, server, token } = await api.makeDevice(site, deviceName(this.language), "app");
      had.push({ id, site, device, username, secret, server, token: token ?? "" });
    }
    this.accounts = had;
    await keep(ACCOUNTS, had);
    this.reception.connect(had);
  }

  /** Whether there is such a page: a 404 says no, anything else may pass. */
  private async see(page: string, ask: () => Promise<unknown>): Promise<void> {
    if (this.seen.has(page) || this.without.has(page)) return;
    try {
      await ask();
      this.seen.add(page);
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) this.without.add(page);
    }
  }

  async entered(next: Stage): Promise<void> {
    if (next === "in") await this.load();
    else this.go(next);
  }

  async logOut(): Promise<void> {
    for (const { id } of this.accounts) await api.revokeDevice(id).catch(() => undefined);
    await api.logout().catch(() => undefined);
    await this.leave();
  }

  /** End the account with all its devices and passes; with `moveOut` name and button go, too. Throws Refusal. */
  async erase(password: string, moveOut: boolean): Promise<void> {
    await api.erase(password, moveOut);
    await this.leave();
  }

  private async leave(): Promise<void> {
    this.reception.connect([]);
    this.accounts = [];
    this.me = undefined;
    await forgetAll();
    this.go("login");
  }

  /** A station was paired. */
  async paired(account: Kept): Promise<void> {
    this.accounts = [account];
    this.revoked = false;
    await keep(this.kept, this.accounts);
    this.reception.connect(this.accounts);
    this.go("in");
  }

  /** The PBX takes a log-in no more: it was revoked. */
  private async taken(site: string): Promise<void> {
    this.accounts = this.accounts.filter((one) => one.site !== site);
    this.reception.connect(this.accounts);
    if (this.station) {
      await forget(this.kept);
      this.revoked = true;
      return this.go("pair");
    }
    await keep(ACCOUNTS, this.accounts);
    this.changed();
  }

  speak(language: Language): void {
    this.language = language;
    void keep(LANGUAGE, language);
    this.changed();
  }

  go(phase: Phase): void {
    this.phase = phase;
    this.changed();
  }
}

/** Marks in what browsers say of themselves. Most bear the names of others too: the first that is there counts. */
const BROWSERS: [string, string][] = [
  ["Firefox/", "Firefox"], ["FxiOS/", "Firefox"], ["Edg", "Edge"], ["OPR/", "Opera"], ["SamsungBrowser/", "Samsung Internet"],
  ["CriOS/", "Chrome"], ["Chrome/", "Chrome"], ["Safari/", "Safari"],
];
const SYSTEMS: [string, string][] = [
  ["iPhone", "iPhone"], ["iPad", "iPad"], ["Android", "Android"], ["CrOS", "Chromebook"], ["Windows", "Windows"], ["Mac OS", "Mac"], ["Linux", "Linux"],
];

/** A name by which a person knows this browser again: Firefox on Linux. */
export function deviceName(language: Language, agent = navigator.userAgent): string {
  const [browser, system] = [BROWSERS, SYSTEMS].map((marks) => marks.find(([mark]) => agent.includes(mark))?.[1]);
  return browser && system ? speak(language)("browserOn", browser, system) : (browser ?? system ?? "App");
}
