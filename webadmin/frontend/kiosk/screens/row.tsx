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
  const act = (): void => {
    if (opens) happen({ is: "chose", button });
    else void call(button.user, button.label);
  };
  return (
    <li data-letter={letter}>
      <button type="button" class="row" aria-label={opens ? words("openList", button.label) : words("ring", button.label)} onClick={act}>
        <Icon of={opens ? Users : Phone} size={36} />
        <span class="name">{button.label}</span>
        {button.flat && button.flat !== button.label && <span class="flat">{button.flat}</span>}
        {opens && <span class="onward"><Icon of={ChevronLeft} size={36} /></span>}
      </button>
    </li>
  );
}
