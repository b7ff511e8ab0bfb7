// Who can be rung: large rows, letters at the side.
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Icon, Search } from "../../shared/icons";
import type { Words } from "../../shared/language";
import type { Happening } from "../course";
import { type Directory, letterOf, letters } from "../directory";
import { Row } from "./row";

/** With fewer names than this, letters would only be in the way. */
const LETTERS_FROM = 9;

interface Given {
  words: Words;
  directory: Directory;
  happen: (what: Happening) => void;
  call: (user: string, label: string) => Promise<void>;
}

export function DirectoryScreen({ words, directory, happen, call }: Given): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  const { buttons } = directory;
  const show = (letter: string): void => {
    list.current?.querySelector(`[data-letter="${letter}"]`)?.scrollIntoView({ block: "start" });
  };
  return (
    <div class="directory">
      <header>
        <h1>{words("whoToVisit")}</h1>
        <button type="button" class="key" onClick={() => happen({ is: "went", to: "search" })}>
          <Icon of={Search} size={32} />
          {words("search")}
        </button>
      </header>
      <div class="names">
        {buttons.length ? (
          <ul ref={list} class="rows">
            {buttons.map((button, at) => (
              <Row
                key={button.id} words={words} button={button} happen={happen} call={call}
                letter={at === 0 || letterOf(buttons[at - 1]!) !== letterOf(button) ? letterOf(button) : undefined}
              />
            ))}
          </ul>
        ) : (
          <p class="empty">{words("emptyDirectory")}</p>
        )}
        {buttons.length >= LETTERS_FROM && (
          <nav class="letters" aria-label={words("letters")}>
            {letters(buttons).map((letter) => (
              <button type="button" key={letter} onClick={() => show(letter)}>{letter}</button>
            ))}
          </nav>
        )}
      </div>
      <p class="camera">{directory.camera_notice || words("cameraNotice")}</p>
    </div>
  );
}
