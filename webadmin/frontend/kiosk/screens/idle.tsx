// Nobody is there: the building's name, the time, and an invitation.
import type { JSX } from "preact";
import { useClock } from "../../shared/clock";
import { Bell, Icon } from "../../shared/icons";
import { type Language, type Words, clock } from "../../shared/language";

export function IdleScreen({ words, language, building, away }: { words: Words; language: Language; building: string; away: boolean }): JSX.Element {
  const { time, date } = clock(language, useClock());
  return (
    <div class="idle">
      <h1>{building}</h1>
      <p class="clock" aria-hidden="true">{time}</p>
      <p class="date">{date}</p>
      <button type="button" class="touch">
        <Icon of={Bell} size={56} />
        {words("touchToRing")}
      </button>
      {away && <p class="notice" role="status">{words("noConnection")}</p>}
    </div>
  );
}
