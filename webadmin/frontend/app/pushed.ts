// What a push message says, and the sentence it becomes.

export interface Pushed {
  kind: "ring" | "ended";
  /** The same for every message about one call. */
  call: string;
  site: string;
  /** The panel's name. */
  place: string;
  /** Where the picture is, below the PBX's origin. */
  picture: string;
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
  return {
    kind: given.type === "ring" ? "ring" : "ended",
    call: word("call") || "doorline",
    site: word("site"),
    place: word("from"),
    picture: /^\/preview\/[\w-]+\.jpg$/.test(word("picture")) ? word("picture") : "",
  };
}

const SAID = {
  nb: { ring: "Det ringer på", tap: "Trykk for å se hvem det er", ended: "Ringingen er over" },
  en: { ring: "Somebody rings", tap: "Tap to see who it is", ended: "The ring is over" },
} as const;

/** Title and text of the notification. */
export function sentence(pushed: Pushed, language: "nb" | "en"): { title: string; body: string } {
  const said = SAID[language];
  if (pushed.kind === "ended") return { title: said.ended, body: pushed.place };
  return { title: pushed.place || said.ring, body: pushed.place ? `${said.ring}. ${said.tap}` : said.tap };
}
