// One button of the directory. A grouped one opens its list; any other rings.
import type { JSX } from "preact";
import { ChevronLeft, Icon, Phone, Users } from "../../shared/icons";
import type { Words } from "../../shared/language";
import type { Happening } from "../course";
import type { Button } from "../directory";

interface Given {
  words: Words;
  button: Button;
  happen: (what: Happening) => void;
  call: (user: string, label: string) => Promise<void>;
  letter?: string | undefined;
}

export function Row({ words, button, happen, call, letter }: Given): JSX.Element {
  const opens = button.kind === "grouped" && (button.people?.length ?? 0) > 0;
  const flat = button.flat && button.flat !== button.label ? button.flat : "";
  // What is seen is part of what is heard: whoever speaks to the panel says what stands there (WCAG 2.5.3).
  const heard = `${words(opens ? "openList" : "ring", button.label)} ${flat}`.trim();
  const act = (): void => {
    if (opens) happen({ is: "chose", button });
    else void call(button.user, button.label);
  };
  return (
    <li data-letter={letter}>
      <button type="button" class="row" aria-label={heard} onClick={act}>
        <Icon of={opens ? Users : Phone} size={36} />
        <span class="name">{button.label}</span>{" "}
        {flat && <span class="flat">{flat}</span>}
        {opens && <span class="onward"><Icon of={ChevronLeft} size={36} /></span>}
      </button>
    </li>
  );
}
