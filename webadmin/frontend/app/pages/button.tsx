// One's own ringing button: its name, hidden or shown, and who rings in which order.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Bell, BellOff, Icon, Trash2 } from "../../shared/icons";
import { type Words, moment } from "../../shared/language";
import { Refusal, api } from "../api";
import type { Desk } from "../desk";
import { Failing, useAct } from "../parts";
import type { OwnButton, Place } from "../types";

const MOST_PLACES = 12;
const EMPTY_DELAY = 20;

export function ButtonPage({ desk, words }: { desk: Desk; words: Words }): JSX.Element {
  const [buttons, setButtons] = useState<OwnButton[]>(() => desk.me?.sites.flatMap((site) => site.buttons) ?? []);
  useEffect(() => void api.buttons().then(setButtons, () => undefined), []);
  if (!buttons.length) return <p class="empty">{words("noButton")}</p>;
  const changed = (fresh: OwnButton): void => setButtons((had) => had.map((one) => (one.id === fresh.id ? fresh : one)));
  return <>{buttons.map((button) => <One key={button.id} desk={desk} words={words} button={button} changed={changed} />)}</>;
}

interface Given {
  desk: Desk;
  words: Words;
  button: OwnButton;
  changed: (fresh: OwnButton) => void;
}

function One({ desk, words, button, changed }: Given): JSX.Element {
  const { act, wrong, done } = useAct(words);
  const [label, setLabel] = useState(button.label);
  const [until, setUntil] = useState("");
  const [stale, setStale] = useState(false);
  const save = (change: object): Promise<boolean> => act(async () => {
    try {
      changed(await api.saveButton(button.id, { ...change, version: button.version }));
      setStale(false);
    } catch (error) {
      if (error instanceof Refusal && error.slug === "stale") {  // what the others have saved is shown beside what is written here
        setStale(true);
        changed(await api.button(button.id));
      }
      throw error;
    }
  });
  const state = !button.hidden ? words("buttonShown")
    : button.hidden_until ? words("buttonHiddenUntil", moment(desk.language, new Date(button.hidden_until))) : words("buttonHidden");
  return (
    <section class="card">
      <h2>{button.label}</h2>
      <p class="row"><Icon of={button.hidden ? BellOff : Bell} /> {state}</p>
      {button.hidden ? (
        <button type="button" class="primary" onClick={() => void save({ hidden: false })}>{words("showNow")}</button>
      ) : (
        <>
          <button type="button" class="plain" onClick={() => void save({ hidden: true })}>{words("hideNow")}</button>
          <form class="row" onSubmit={(event) => { event.preventDefault(); void save({ hidden_until: new Date(until).toISOString() }); }}>
            <label>{words("hideUntil")}
              <input type="datetime-local" required value={until} onInput={(event) => setUntil(event.currentTarget.value)} />
            </label>
            <button type="submit" class="plain" disabled={!until}>{words("hide")}</button>
          </form>
        </>
      )}
      {button.may_arrange ? (
        <>
          <form class="row" onSubmit={(event) => { event.preventDefault(); void save({ label: label.trim() }); }}>
            <label>{words("buttonLabel")}
              <input value={label} maxLength={60} required onInput={(event) => setLabel(event.currentTarget.value)} />
            </label>
            <button type="submit" class="plain" disabled={label.trim() === button.label}>{words("save")}</button>
          </form>
          <Order words={words} button={button} stale={stale} save={(ring) => save({ ring })} />
        </>
      ) : <p class="help">{words("notLeftToYou")}</p>}
      <Failing wrong={wrong} done={done} words={words} />
    </section>
  );
}

const keyOf = ({ target, id }: { target: string; id: string }): string => `${target} ${id}`;

interface Ordered {
  words: Words;
  button: OwnButton;
  /** Somebody else has saved another order meanwhile. */
  stale: boolean;
  save: (ring: Place[] | null) => Promise<boolean>;
}

function Order({ words, button, stale, save }: Ordered): JSX.Element {
  const [written, setPlaces] = useState<Place[]>();
  const places = written ?? button.ring ?? [];
  const name = (place: Place): string => button.choices.find((one) => keyOf(one) === keyOf(place))?.name ?? place.id;
  const free = button.choices.filter((one) => !places.some((place) => keyOf(place) === keyOf(one)));
  const changed = JSON.stringify(places) !== JSON.stringify(button.ring ?? []);
  const when = (place: Place): string => (place.delay ? words("afterSeconds", place.delay) : words("atOnce"));
  const theirs = button.ring?.map((place) => `${name(place)} ${when(place)}`).join(", ") ?? words("allAtOnce");
  const send = async (): Promise<void> => {
    if (await save(places.length ? places : null)) setPlaces(undefined);
  };
  const delay = (at: number, seconds: number): void => setPlaces(places.map((one, index) => (index === at ? { ...one, delay: seconds } : one)));
  return (
    <div class="order">
      <h3>{words("whoRings")}</h3>
      {!places.length && <p>{words("allAtOnce")}. {free.length > 0 && words("orderHint")}</p>}
      <ul class="list">
        {places.map((place, at) => (
          <li key={keyOf(place)}>
            <span class="grow">{name(place)} <small>{when(place)}</small></span>
            <input
              type="number" class="seconds" min={0} max={120} value={place.delay} aria-label={words("delayOf", name(place))}
              onInput={(event) => delay(at, Math.min(120, Math.max(0, Number(event.currentTarget.value) || 0)))}
            />
            <button type="button" class="plain" aria-label={`${words("remove")}: ${name(place)}`} onClick={() => setPlaces(places.filter((one) => one !== place))}>
              <Icon of={Trash2} />
            </button>
          </li>
        ))}
      </ul>
      {free.length > 0 && places.length < MOST_PLACES && (
        <div class="row">
          {free.map(({ target, id, name: label }) => (
            <button type="button" class="plain" key={`${target} ${id}`} onClick={() => setPlaces([...places, { target, id, delay: places.length ? (places.at(-1)!.delay + EMPTY_DELAY) % 120 : 0, seconds: null }])}>
              {words("add")}: {label}
            </button>
          ))}
        </div>
      )}
      {stale && changed && <p class="help">{words("nowItIs", theirs)}</p>}
      {changed && <button type="button" class="primary" onClick={() => void send()}>{words("save")}</button>}
    </div>
  );
}
