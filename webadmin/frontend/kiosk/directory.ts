// The panel's directory, and a search in it that forgives spelling and takes flat numbers.

export type Kind = "individual" | "simultaneous" | "sequential" | "grouped";

export interface Person {
  label: string;
  user: string;
}

export interface Button {
  id: string;
  user: string;
  label: string;
  sort: string;
  flat?: string | null;
  kind: Kind;
  people?: Person[];
}

/** That somebody of the house looks through this camera: until when, and which picture is wanted. */
export interface Service {
  until: string;
  picture: number;
}

export interface Directory {
  building: string;
  languages: string[];
  caretaker?: { user: string; label: string } | null;
  buttons: Button[];
  doors?: { id: string; name: string }[];
  camera_notice?: string;
  idle_seconds?: number;
  codes?: boolean;
  service?: Service;
}

/** Without accents and case, and with Norwegian letters as those write them who have no such keys. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .replace(/æ/g, "ae")
    .replace(/ø/g, "o")
    .replace(/å|aa/g, "a")
    .normalize("NFD")
    .replace(/[^a-z0-9 ]/g, (sign) => (/\p{M}/u.test(sign) ? "" : /\p{L}/u.test(sign) ? sign : " "))
    .replace(/\s+/g, " ")
    .trim();
}

/** Letters to leave out, put in, change or swap to get from one word to the other, counted up to `most`. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return Math.min(last[b.length]!, most + 1);
}

const NOT = 9;

/** How badly a name fits what was typed: 0 is best, 9 is not at all. */
function misfit(typed: string, name: string): number {
  const words = name.split(" ");
  if (name.startsWith(typed)) return 0;
  if (words.some((word) => word.startsWith(typed))) return 1;
  const parts = typed.split(" ");
  if (parts.length > 1 && parts.every((part) => words.some((word) => word.startsWith(part)))) return 1;
  if (typed.length > 1 && name.includes(typed)) return 2;
  const slips = typed.length >= 7 ? 2 : typed.length >= 3 ? 1 : 0;
  if (!slips) return NOT;
  for (const word of [...words, name]) {
    const head = word.slice(0, typed.length + 1);
    const least = Math.min(distance(typed, word, slips), distance(typed, head, slips), distance(typed, head.slice(0, -1), slips));
    if (least <= slips) return 2 + least;
  }
  return NOT;
}

/** How badly a flat number fits: `101` finds `H0101`, and `h0101` finds `101`. */
function flatMisfit(typed: string, flat: string): number {
  const plain = fold(flat).replace(/ /g, "");
  const asked = typed.replace(/ /g, "");
  if (!asked || !plain || !/\d/.test(asked)) return NOT;
  if (plain === asked) return 0;
  const digits = (text: string): string => text.replace(/\D/g, "").replace(/^0+/, "");
  if (digits(asked) && digits(plain) === digits(asked) && (/^\d+$/.test(asked) || /^\d+$/.test(plain))) return 0;
  return plain.startsWith(asked) || (digits(asked) && digits(plain).startsWith(digits(asked))) ? 2 : NOT;
}

/** Buttons that fit what was typed, best first; all of them where nothing was typed. */
export function search(buttons: readonly Button[], typed: string): Button[] {
  const wanted = fold(typed);
  if (!wanted) return [...buttons];
  return buttons
    .map((button, at) => {
      const names = [button.label, ...(button.people ?? []).map((person) => person.label)];
      const best = Math.min(...names.map((name) => misfit(wanted, fold(name))), flatMisfit(wanted, button.flat ?? ""));
      return { button, best, at };
    })
    .filter(({ best }) => best < NOT)
    .sort((a, b) => a.best - b.best || a.at - b.at)
    .map(({ button }) => button);
}

/** The letter a button stands under: its first one as it is written, digits together under "#". */
export function letterOf(button: Button): string {
  const first = (button.sort || button.label).trim().charAt(0).toLocaleUpperCase("nb");
  return /\p{L}/u.test(first) ? first : "#";
}

/** The letters there are, in the order of the list. */
export function letters(buttons: readonly Button[]): string[] {
  return [...new Set(buttons.map(letterOf))];
}

/** Buttons in the order of the alphabet (Norwegian: æ ø å last; flat numbers by their value). */
export function sorted(buttons: readonly Button[]): Button[] {
  const order = new Intl.Collator("nb", { numeric: true, sensitivity: "base" });
  return [...buttons].sort((a, b) => order.compare(a.sort || a.label, b.sort || b.label));
}

/** What came as a directory, made safe to draw: what is missing or wrong is left out. */
export function readDirectory(given: unknown): Directory {
  const from = (given ?? {}) as Partial<Directory>;
  const buttons = (Array.isArray(from.buttons) ? from.buttons : []).filter(
    (one) => typeof one?.label === "string" && typeof one.user === "string" && one.label && one.user,
  );
  return {
    building: typeof from.building === "string" ? from.building : "",
    languages: Array.isArray(from.languages) && from.languages.length ? from.languages : ["nb", "en"],
    caretaker: from.caretaker?.user ? from.caretaker : null,
    buttons: sorted(buttons.filter((one) => one.user !== from.caretaker?.user)),
    doors: from.doors ?? [],
    camera_notice: from.camera_notice ?? "",
    idle_seconds: Math.min(300, Math.max(5, Number(from.idle_seconds) || 20)),
    codes: from.codes === true,
    ...(typeof from.service?.until === "string" && Number(from.service.picture) > 0
      ? { service: { until: from.service.until, picture: Number(from.service.picture) } }
      : {}),
  };
}
