// The two languages of the faces: a catalogue each, checked against one another by their types.
import { en } from "./words/en";
import { nb } from "./words/nb";

export type Language = "nb" | "en";
export type Word = keyof typeof en;
export type Words = (word: Word, ...values: (string | number)[]) => string;

const CATALOGUES: Record<Language, Record<Word, string>> = { en, nb };
export const LANGUAGES: readonly { code: Language; name: string }[] = [
  { code: "nb", name: "Norsk" },
  { code: "en", name: "English" },
];

/** `words` of a language: `{0}` in a phrase is the first value, and so on. */
export function speak(language: Language): Words {
  const catalogue = CATALOGUES[language];
  return (word, ...values) => catalogue[word].replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? ""));
}

/** The first of the wished languages that we speak. */
export function choose(wished: readonly string[]): Language {
  for (const wish of wished) {
    const plain = wish.toLowerCase().split("-")[0];
    if (plain === "en") return "en";
    if (plain === "nb" || plain === "no" || plain === "nn") return "nb";
  }
  return "nb";
}

/** A time of day, and a date, as they are written here. */
export function clock(language: Language, at: Date): { time: string; date: string } {
  const locale = language === "nb" ? "nb-NO" : "en-GB";
  return {
    time: at.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hour12: false }),
    date: at.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long" }),
  };
}

/** A moment: 22.11.2026 14:05, or 22 Nov 2026, 14:05. */
export function moment(language: Language, at: Date): string {
  const locale = language === "nb" ? "nb-NO" : "en-GB";
  const month = language === "nb" ? "2-digit" : "short";
  return at.toLocaleString(locale, { day: "2-digit", month, year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
}
