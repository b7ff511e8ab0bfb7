// The apartment station at rest: a clock, dimly lit, and the doors.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useClock } from "../shared/clock";
import { BellOff, BellRing, Icon } from "../shared/icons";
import { LANGUAGES, type Words, clock } from "../shared/language";
import type { Desk } from "./desk";
import { DoorList } from "./pages/doors";
import { pbx } from "./pbx";
import type { Door } from "./types";

const REFRESH_SECONDS = 8;

export function StationHome({ desk, words }: { desk: Desk; words: Words }): JSX.Element {
  const { time, date } = clock(desk.language, useClock());
  const account = desk.accounts[0];
  const site = account?.site ?? "";
  const state = desk.reception.states[site];
  const [doors, setDoors] = useState<Door[]>([]);
  useEffect(() => {
    if (state !== "registered" || !account) return undefined;
    const look = (): void => void pbx.doors(account).then((found) => {
      if (found) setDoors(found);
      else desk.reception.refresh();  // away, or revoked: a fresh registration tells
    });
    look();
    const timer = setInterval(look, REFRESH_SECONDS * 1000);
    return () => clearInterval(timer);
  }, [state, site]);
  return (
    <div class="station rest">
      <p class="clock">{time}</p>
      <p class="date">{date}</p>
      <DoorList desk={desk} words={words} site={site} doors={doors} />
      <footer>
        <p role="status" class={state === "registered" ? "good" : "wait"}>
          <Icon of={state === "registered" ? BellRing : BellOff} /> {words(state === "registered" ? "stationReady" : "noConnection")}
        </p>
        {LANGUAGES.filter(({ code }) => code !== desk.language).map(({ code, name }) => (
          <button type="button" class="plain" key={code} lang={code} onClick={() => desk.speak(code)}>{name}</button>
        ))}
      </footer>
    </div>
  );
}
