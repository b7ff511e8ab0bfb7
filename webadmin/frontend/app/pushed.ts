// What a push message says, and the sentence it becomes.

export interface Pushed {
  kind: "ring" | "ended";
  /** The same for every message about one call. */
  call: string;
  place: string;
  language: "nb" | "en";
  outcome: string;
  picture?: string;
}

/** Read a message; one that cannot be read is taken for the end of a ring, so that nothing rings for ever. */
export function readPush(text: string | undefined): Pushed {
  let given: Record<string, unknown> = {};
  try {
    given = (JSON.parse(text ?? "") ?? {}) as Record<string, unknown>;
  } catch {
    // Nothing to read.
  }
  const word = (name: string): string => (typeof given[name] === "string" ? (given[name] as string).slice(0, 200) : "");
  const picture = word("picture");
  return {
    kind: given.kind === "ring" ? "ring" : "ended",
    call: word("call") || "doorline",
    place: [word("panel") || word("door"), word("building")].filter(Boolean).join(", "),
    language: given.language === "en" ? "en" : "nb",
    outcome: word("outcome"),
    ...(/^https?:\/\//.test(picture) ? { picture } : {}),
  };
}

const SAID = {
  nb: { ring: "Det ringer på", tap: "Trykk for å se hvem det er", ended: "Ringingen er over", answered: "Besvart et annet sted", opened: "Døra ble åpnet" },
  en: { ring: "Somebody rings", tap: "Tap to see who it is", ended: "The ring is over", answered: "Answered elsewhere", opened: "The door was opened" },
} as const;

/** Title and text of the notification. */
export function sentence(pushed: Pushed): { title: string; body: string } {
  const said = SAID[pushed.language];
  if (pushed.kind === "ring") return { title: pushed.place || said.ring, body: pushed.place ? `${said.ring}. ${said.tap}` : said.tap };
  const what = pushed.outcome === "answered" ? said.answered : pushed.outcome === "opened" ? said.opened : said.ended;
  return { title: what, body: pushed.place };
}
