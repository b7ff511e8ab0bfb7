// The people behind a grouped button.
import type { JSX } from "preact";
import { Icon, Phone } from "../../shared/icons";
import type { Words } from "../../shared/language";
import type { Button } from "../directory";

interface Given {
  words: Words;
  button: Button;
  call: (user: string, label: string) => Promise<void>;
}

export function GroupScreen({ words, button, call }: Given): JSX.Element {
  return (
    <div class="directory">
      <header><h1>{words("peopleOf", button.label)}</h1></header>
      <ul class="rows">
        {(button.people ?? []).map(({ user, label }) => (
          <li key={user}>
            <button type="button" class="row" aria-label={words("ring", label)} onClick={() => void call(user, label)}>
              <Icon of={Phone} size={36} />
              <span class="name">{label}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
