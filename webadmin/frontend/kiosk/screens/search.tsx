// A search with a keyboard of its own; it forgives spelling and takes flat numbers.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Words } from "../../shared/language";
import type { Happening } from "../course";
import { type Directory, search } from "../directory";
import { Keys, LETTER_ROWS } from "../../shared/keys";
import { Row } from "./row";

interface Given {
  words: Words;
  directory: Directory;
  typed: string;
  happen: (what: Happening) => void;
  call: (user: string, label: string) => Promise<void>;
}

export function SearchScreen({ words, directory, typed, happen, call }: Given): JSX.Element {
  const found = useMemo(() => search(directory.buttons, typed), [directory, typed]);
  const type = (text: string): void => happen({ is: "typed", text });
  return (
    <div class="searching">
      <label class="typed">
        <span class="hidden">{words("searchHint")}</span>
        <input
          value={typed} placeholder={words("searchHint")} autocomplete="off" inputMode="none" maxLength={40}
          onInput={(event) => type(event.currentTarget.value)}
        />
      </label>
      <div class="found" aria-live="polite">
        {found.length ? (
          <ul class="rows">
            {found.slice(0, 20).map((button) => <Row key={button.id} words={words} button={button} happen={happen} call={call} />)}
          </ul>
        ) : (
          <p class="empty">{words("nothingFound")}</p>
        )}
      </div>
      <Keys words={words} rows={LETTER_ROWS} typed={typed} type={type} space />
    </div>
  );
}
