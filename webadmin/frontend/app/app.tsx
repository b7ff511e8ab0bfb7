// The resident's app: what is shown when. A call covers everything else.
import type { JSX } from "preact";
import { useEffect, useMemo, useReducer, useState } from "preact/hooks";
import { BellOff, DoorClosed, Icon, MoreHorizontal, Bell, Ticket, Users } from "../shared/icons";
import { type Word, speak } from "../shared/language";
import { pair } from "../shared/pairing";
import { PairingScreen } from "../shared/pairing-screen";
import { CallPage } from "./call-page";
import { Desk } from "./desk";
import { DoorsPage } from "./pages/doors";
import { LoginPage } from "./pages/login";
import { ButtonPage } from "./pages/button";
import { GuestsPage } from "./pages/guests";
import { HouseholdPage } from "./pages/household";
import { MorePage } from "./pages/more";
import { prepare } from "./readiness";
import { StationHome } from "./station";
import { useWakefulness } from "./wakefulness";

type Tab = "doors" | "myButton" | "guests" | "household" | "more";
const TABS: readonly { tab: Tab; icon: typeof Bell }[] = [
  { tab: "doors", icon: DoorClosed }, { tab: "myButton", icon: Bell }, { tab: "guests", icon: Ticket },
  { tab: "household", icon: Users }, { tab: "more", icon: MoreHorizontal },
];

function useDesk(station: boolean): Desk {
  const [, again] = useReducer((count: number) => count + 1, 0);
  const desk = useMemo(() => new Desk(station, () => again(undefined as never)), []);
  useEffect(() => {
    if (!station) prepare(() => desk.reception.refresh());
    void desk.begin();
  }, []);
  return desk;
}

export function App({ station }: { station: boolean }): JSX.Element | null {
  const desk = useDesk(station);
  const words = speak(desk.language);
  useWakefulness(desk);
  useEffect(() => {
    document.documentElement.lang = desk.language;
  }, [desk.language]);
  const { call } = desk.reception;
  if (call) return <CallPage desk={desk} call={call} words={words} />;
  switch (desk.phase) {
    case "loading":
      return null;
    case "pair":
      return (
        <PairingScreen kind="station" revoked={desk.revoked} pair={async (code) => {
          const given = await pair(code, "station");
          await desk.paired({ ...given, id: 0, token: given.token ?? "" });
        }} />
      );
    case "in":
      return station ? <StationHome desk={desk} words={words} /> : <Home desk={desk} />;
    default:
      return <LoginPage desk={desk} words={words} />;
  }
}

function Home({ desk }: { desk: Desk }): JSX.Element {
  const [tab, setTab] = useState<Tab>(() => TABS.find(({ tab: one }) => `#${one}` === location.hash)?.tab ?? "doors");
  const words = speak(desk.language);
  const go = (to: Tab): void => {
    setTab(to);
    history.replaceState(null, "", `#${to}`);
    scrollTo(0, 0);
  };
  const tabs = TABS.filter(({ tab: one }) => !desk.without.has(one));
  const states = Object.values(desk.reception.states);
  const well = states.length > 0 && states.every((state) => state === "registered");
  return (
    <div class="home">
      <header class="top">
        <h1>{words(tab as Word)}</h1>
        <button type="button" class={`standing ${well ? "good" : "wait"}`} onClick={() => go("more")}>
          <Icon of={well ? Bell : BellOff} size={20} />
          {words(well ? "ready" : "away")}
        </button>
      </header>
      <main>
        {tab === "doors" && <DoorsPage desk={desk} words={words} />}
        {tab === "myButton" && <ButtonPage desk={desk} words={words} />}
        {tab === "guests" && <GuestsPage desk={desk} words={words} />}
        {tab === "household" && <HouseholdPage desk={desk} words={words} />}
        {tab === "more" && <MorePage desk={desk} words={words} />}
      </main>
      <nav class="tabs">
        {tabs.map(({ tab: one, icon }) => (
          <button type="button" key={one} aria-current={one === tab ? "page" : undefined} onClick={() => go(one)}>
            <Icon of={icon} />
            {words(one)}
          </button>
        ))}
      </nav>
    </div>
  );
}
