// Passes for guests and craftsmen: from when to when, which doors, how often.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon, Plus, Share2 } from "../../shared/icons";
import { type Word, type Words, moment } from "../../shared/language";
import { api } from "../api";
import type { Desk } from "../desk";
import { Failing, SureKey, useAct } from "../parts";
import { Qr } from "../qr";
import type { Guest, GuestWish, NewGuest, SiteInfo } from "../types";

/** Somebody may be using a pass while one looks. */
const REFRESH_SECONDS = 8;
const STATES: Record<Guest["state"], Word> = { coming: "stateComing", valid: "stateValid", over: "stateOver", used_up: "stateUsedUp", revoked: "isRevoked" };

export function GuestsPage({ desk, words }: { desk: Desk; words: Words }): JSX.Element {
  const [guests, setGuests] = useState<Guest[]>();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<NewGuest>();
  const { act, wrong } = useAct(words);
  const load = (): Promise<unknown> => act(async () => setGuests(await api.guests()));
  useEffect(() => {
    void load();
    const timer = setInterval(() => !document.hidden && void api.guests().then(setGuests, () => undefined), REFRESH_SECONDS * 1000);
    return () => clearInterval(timer);
  }, []);
  const doors = (guest: Guest): string => {
    const place = desk.me?.sites.find(({ site }) => site === guest.site);
    const known = [...(place?.doors ?? []), ...(place?.pass_doors ?? [])];
    return guest.doors.map((id) => known.find((door) => door.id === id)?.name ?? id).join(", ");
  };
  return (
    <>
      {made && <Ready words={words} made={made} close={() => setMade(undefined)} />}
      {making ? (
        <NewPass desk={desk} words={words} close={() => setMaking(false)} made={(fresh) => { setMade(fresh); setMaking(false); void load(); }} />
      ) : giving(desk).length > 0 ? (
        <p><button type="button" class="primary" onClick={() => setMaking(true)}><Icon of={Plus} /> {words("makePass")}</button></p>
      ) : <p class="help">{words("noPassDoors")}</p>}
      {guests?.length === 0 && <p class="empty">{words("noGuests")}</p>}
      {guests && guests.length > 0 && (
        <ul class="list">
          {guests.map((guest) => (
            <li key={guest.id}>
              <div class="grow">
                <strong>{guest.label}</strong> {words(STATES[guest.state])}
                <small>{moment(desk.language, new Date(guest.start))} – {moment(desk.language, new Date(guest.end))}</small>
                <small>{doors(guest)}{guest.uses !== null && `, ${words("usedTimes", `${guest.used}/${guest.uses}`)}`}</small>
              </div>
              {(guest.state === "valid" || guest.state === "coming") && (
                <SureKey words={words} label={words("revoke")} question={words("revokeSure", guest.label)} act={() => void act(async () => { await api.revokeGuest(guest.id); await load(); })} />
              )}
            </li>
          ))}
        </ul>
      )}
      <Failing wrong={wrong} done={false} words={words} />
    </>
  );
}

/** A moment as a date-time field wants it: local, to the minute. */
export function fieldOf(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The sites that have a door for which a pass may be given. */
const giving = (desk: Desk): SiteInfo[] => desk.me?.sites.filter(({ pass_doors }) => pass_doors?.length) ?? [];

const DAY_MS = 24 * 3600 * 1000;

function NewPass({ desk, words, close, made }: { desk: Desk; words: Words; close: () => void; made: (fresh: NewGuest) => void }): JSX.Element {
  const sites = giving(desk);
  const [wish, setWish] = useState<GuestWish>(() => ({
    site: sites[0]?.site ?? "", label: "", doors: [], uses: null, start: fieldOf(new Date()), end: fieldOf(new Date(Date.now() + DAY_MS)),
  }));
  const { act, wrong, busy } = useAct(words);
  const put = (change: Partial<GuestWish>): void => setWish({ ...wish, ...change });
  const site = sites.find((one) => one.site === wish.site);
  const send = (): Promise<unknown> => act(async () => {
    const times = { start: new Date(wish.start).toISOString(), end: new Date(wish.end).toISOString() };
    made(await api.makeGuest({ ...wish, ...times, label: wish.label.trim() }));
  });
  return (
    <form class="card" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      {sites.length > 1 && (
        <label>{words("whichSite")}
          <select value={wish.site} onChange={(event) => put({ site: event.currentTarget.value, doors: [] })}>
            {sites.map(({ site: id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
        </label>
      )}
      <label>{words("passFor")}<input name="label" required maxLength={60} value={wish.label} onInput={(event) => put({ label: event.currentTarget.value })} /></label>
      <div class="two">
        <label>{words("from")}<input type="datetime-local" required value={wish.start} onInput={(event) => put({ start: event.currentTarget.value })} /></label>
        <label>{words("until")}<input type="datetime-local" required value={wish.end} onInput={(event) => put({ end: event.currentTarget.value })} /></label>
      </div>
      <fieldset>
        <legend>{words("whichDoors")}</legend>
        {site?.pass_doors?.map(({ id, name }) => (
          <label class="tick" key={id}>
            <input
              type="checkbox" checked={wish.doors.includes(id)}
              onChange={(event) => put({ doors: event.currentTarget.checked ? [...wish.doors, id] : wish.doors.filter((one) => one !== id) })}
            />
            {name}
          </label>
        ))}
      </fieldset>
      <label>{words("uses")}
        <select value={String(wish.uses ?? "")} onChange={(event) => put({ uses: event.currentTarget.value ? Number(event.currentTarget.value) : null })}>
          <option value="">{words("unlimited")}</option>
          {[1, 2, 3, 5, 10, 20].map((count) => <option key={count} value={count}>{count}</option>)}
        </select>
      </label>
      <p class="wrong" role="alert">{wrong}</p>
      <div class="row">
        <button type="submit" class="primary" disabled={busy || !wish.doors.length || !wish.label.trim()}>{words("makePass")}</button>
        <button type="button" class="plain" onClick={close}>{words("cancel")}</button>
      </div>
    </form>
  );
}

function Ready({ words, made, close }: { words: Words; made: NewGuest; close: () => void }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const share = async (): Promise<void> => {
    if ("share" in navigator) return navigator.share({ url: made.link }).catch(() => undefined);
    await (navigator as Navigator).clipboard.writeText(made.link);
    setCopied(true);
  };
  return (
    <section class="card" role="status">
      <h2>{words("passReady")}</h2>
      <p>{words("passReadyHint")}</p>
      <Qr text={made.link} label={words("qrCode")} />
      <p>{words("passCode")}: <strong class="pin">{made.pin}</strong></p>
      <p><a href={made.link}>{made.link}</a></p>
      <div class="row">
        <button type="button" class="primary" onClick={() => void share()}><Icon of={Share2} /> {words(copied ? "copied" : "share")}</button>
        <button type="button" class="plain" onClick={close}>{words("close")}</button>
      </div>
    </section>
  );
}
