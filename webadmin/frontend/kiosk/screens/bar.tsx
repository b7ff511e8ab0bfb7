// The row at the lower edge, always in the same place: back, language, help with reaching and reading, caretaker.
import type { JSX } from "preact";
import { Accessibility, ChevronLeft, Contrast, Icon, Keyboard, Wrench } from "../../shared/icons";
import { LANGUAGES, type Language, type Words } from "../../shared/language";
import type { Happening, View } from "../course";
import type { Directory } from "../directory";

interface Given {
  words: Words;
  view: View;
  directory: Directory;
  low: boolean;
  contrast: boolean;
  language: Language;
  happen: (what: Happening) => void;
  call: (user: string, label: string) => Promise<void>;
  setLow: (on: boolean) => void;
  setContrast: (on: boolean) => void;
  setLanguage: (language: Language) => void;
  stop: () => void;
}

export function Bar(given: Given): JSX.Element {
  const { words, view, directory, low, contrast, language, happen } = given;
  const talking = view.at === "call" && !view.over;
  const caretaker = directory.caretaker;
  return (
    <footer class="bar">
      {(view.at === "search" || view.at === "group" || view.at === "code") && (
        <button type="button" class="key" onClick={() => happen({ is: "went", to: "directory" })}>
          <Icon of={ChevronLeft} size={32} />
          {words("back")}
        </button>
      )}
      {directory.languages.length > 1 && LANGUAGES.filter(({ code }) => directory.languages.includes(code) && code !== language).map(({ code, name }) => (
        <button type="button" class="key" key={code} lang={code} onClick={() => given.setLanguage(code)}>
          {name}
        </button>
      ))}
      {view.at !== "idle" && (
        <>
          <button type="button" class="key" aria-pressed={low} onClick={() => given.setLow(!low)}>
            <Icon of={Accessibility} size={32} />
            {words("lower")}
          </button>
          <button type="button" class="key" aria-pressed={contrast} onClick={() => given.setContrast(!contrast)}>
            <Icon of={Contrast} size={32} />
            {words("contrast")}
          </button>
        </>
      )}
      {directory.codes && !talking && view.at !== "code" && (
        <button type="button" class="key" onClick={() => happen({ is: "went", to: "code" })}>
          <Icon of={Keyboard} size={32} />
          {words("code")}
        </button>
      )}
      {caretaker && (
        <button
          type="button" class="key caretaker" disabled={talking}
          onClick={() => void given.call(caretaker.user, caretaker.label)}
        >
          <Icon of={Wrench} size={32} />
          {caretaker.label || words("caretaker")}
        </button>
      )}
    </footer>
  );
}
