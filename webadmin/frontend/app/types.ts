// What the resident API says.
import type { Account } from "../shared/sip/account";

export interface Door { id: string; name: string; building?: string; state?: string; now?: boolean; seconds?: number }
export interface PanelInfo { id: string; name: string; username?: string; doors: { digit: string; id: string; name: string }[] }
export interface Place { target: "person" | "device"; id: string; delay: number; seconds: number | null }
export interface OwnButton {
  id: string; button: string; site: string; version: string; label: string; hidden: boolean; hidden_until: string | null; seconds: number;
  may_arrange: boolean; ring: Place[] | null; choices: { target: "person" | "device"; id: string; name: string }[];
}
export interface SiteInfo {
  site: string; name: string; privacy: "residential" | "commercial"; time_zone: string;
  person: { id: string; name: string }; wss: string; preview: string; pbx?: string;
  buttons: OwnButton[]; doors: Door[]; panels: PanelInfo[];
  /** Doors that a pass may open; what was kept by an older app has none. */
  pass_doors?: { id: string; name: string }[];
}
export interface Me { csrf: string; person: { name: string; email: string }; language: "nb" | "en"; sites: SiteInfo[] }
export interface NewDevice { id: number; device: string; username: string; secret: string; site: string; token?: string; server: string }
export interface OwnDevice { id: number; site: string; device: string; kind: string; name: string; active: boolean; push: boolean; person: string | null }

/** A log-in of this browser at one site, as it is kept. */
export interface Kept extends Account { id: number; token: string }

export interface GuestWish { site: string; label: string; doors: string[]; start: string; end: string; uses: number | null }
export interface Guest extends GuestWish { id: number | string; used: number; state: "coming" | "valid" | "over" | "used_up" | "revoked" }
/** Link and PIN are shown once. */
export interface NewGuest { id: number | string; link: string; pin: string }
export interface Member { id: number | string; site: string; name: string; email: string | null; me: boolean; removable: boolean }

/** What became of one call to a device: milliseconds from its begin, for each thing that happened. */
export interface Receipt { call: string; at: string; label: string; [what: string]: string | number | boolean }
