// Every door one may open, with its state.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Word, Words } from "../../shared/language";
import type { Desk } from "../desk";
import { HoldKey } from "../hold";
import type { Door } from "../types";

const REFRESH_SECONDS = 20;
const STATES: Record<string, Word> = { locked: "stateLocked", open: "stateOpen", held: "stateHeld", locked_down: "stateLockedDown", closed: "stateLocked" };

export function doorState(words: Words, door: Door): string {
  if (door.now === false) return words("notNow");
  const state = STATES[door.state ?? ""];
  return state ? words(state) : "";
}

export function DoorsPage({ desk, words }: { desk: Desk; words: Words }): JSX.Element {
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && void desk.load(), REFRESH_SECONDS * 1000);
    return () => clearInterval(timer);
  }, []);
  const sites = desk.me?.sites ?? [];
  if (!sites.some(({ doors }) => doors.length)) return <p class="empty">{words("noDoors")}</p>;
  return (
    <>
      {sites.filter(({ doors }) => doors.length).map(({ site, name, doors }) => (
        <section key={site}>
          {sites.length > 1 && <h2>{name}</h2>}
          <DoorList desk={desk} words={words} site={site} doors={doors} />
        </section>
      ))}
    </>
  );
}

export function DoorList({ desk, words, site, doors }: { desk: Desk; words: Words; site: string; doors: Door[] }): JSX.Element {
  const [last, setLast] = useState<Record<string, number>>({});
  const [, again] = useState(0);
  const open = async (door: Door): Promise<void> => {
    await desk.reception.open(site, door.id);
    setLast((had) => ({ ...had, [door.id]: Date.now() }));
    setTimeout(() => again((count) => count + 1), (door.seconds ?? 5) * 1000);
  };
  const fresh = (door: Door): boolean => Date.now() - (last[door.id] ?? Date.now()) < (door.seconds ?? 5) * 1000;
  return (
    <ul class="doors">
      {doors.map((door) => (
        <li key={door.id}>
          <p><span>{door.building}</span> <span class="state">{doorState(words, door)}</span></p>
          <HoldKey
            words={words} label={door.name} disabled={door.now === false}
            told={fresh(door) ? desk.reception.opened[`${site} ${door.id}`] : undefined}
            act={() => void open(door)}
          />
        </li>
      ))}
    </ul>
  );
}
