// Will this device ring, which devices there are, why it did not ring, the manual, and what is mine.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { BellRing, BookOpen, Check, CircleAlert, Download, Icon, LogOut, Smartphone, Trash2 } from "../../shared/icons";
import { LANGUAGES, type Word, type Words, moment } from "../../shared/language";
import { api } from "../api";
import { type Step, checks } from "../checks";
import type { Desk } from "../desk";
import { Failing, SureKey, useAct } from "../parts";
import { useReadiness } from "../readiness";
import type { Kept, OwnDevice, Receipt } from "../types";

interface Given {
  desk: Desk;
  words: Words;
}

export function MorePage({ desk, words }: Given): JSX.Element {
  return (
    <>
      <WillRing desk={desk} words={words} />
      <Devices desk={desk} words={words} />
      <Receipts desk={desk} words={words} />
      <section class="card">
        <h2>{words("manual")}</h2>
        <div class="row">
          <a class="plain" href={`/app/manual-${desk.language}.html`} target="_blank" rel="noopener"><Icon of={BookOpen} /> {words("manual")}</a>
          <a class="plain" href={`/app/manual-${desk.language}.html`} download><Icon of={Download} /> {words("download")}</a>
        </div>
      </section>
      <section class="card">
        <h2>{desk.me?.person.name}</h2>
        <p>{desk.me?.person.email}</p>
        <div class="row">
          {LANGUAGES.map(({ code, name }) => (
            <button type="button" class="plain" key={code} lang={code} aria-pressed={code === desk.language} onClick={() => desk.speak(code)}>{name}</button>
          ))}
          <a class="plain" href="/api/v1/me/export" download><Icon of={Download} /> {words("exportData")}</a>
          <button type="button" class="plain" onClick={() => void desk.logOut()}><Icon of={LogOut} /> {words("logOut")}</button>
        </div>
        <Erasure desk={desk} words={words} />
      </section>
    </>
  );
}

/** The end of the account: asked for, explained, and proved by the password. */
function Erasure({ desk, words }: Given): JSX.Element {
  const [asked, setAsked] = useState(false);
  const [password, setPassword] = useState("");
  const [moveOut, setMoveOut] = useState(false);
  const { act, wrong, busy } = useAct(words);
  if (!asked) {
    return <p><button type="button" class="plain stop" onClick={() => setAsked(true)}><Icon of={Trash2} /> {words("eraseAccount")}</button></p>;
  }
  return (
    <form class="erasure" onSubmit={(event) => { event.preventDefault(); void act(() => desk.erase(password, moveOut)); }}>
      <h3>{words("eraseAccount")}</h3>
      <p>{words("eraseHint")}</p>
      <label class="tick">
        <input type="checkbox" checked={moveOut} onChange={(event) => setMoveOut(event.currentTarget.checked)} />
        {words("eraseMoveOut")}
      </label>
      <label>{words("password")}
        <input type="password" autocomplete="current-password" required value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
      </label>
      <p class="wrong" role="alert">{wrong}</p>
      <div class="row">
        <button type="submit" class="plain stop" disabled={busy || !password}>{words("eraseForGood")}</button>
        <button type="button" class="plain" onClick={() => { setAsked(false); setPassword(""); }}>{words("cancel")}</button>
      </div>
    </form>
  );
}

function WillRing({ desk, words }: Given): JSX.Element {
  const { facts, mend } = useReadiness(desk);
  const [wrong, setWrong] = useState("");
  if (!facts) return <section class="card" />;
  const all = checks(facts, Date.now());
  const next = all.find(({ good }) => !good);
  const act = async ({ step }: { step: Step }, account?: Kept): Promise<void> =>
    setWrong((await mend(step, account)) ? "" : words(step === "notifications" ? "checkBlocked" : "noNetwork"));
  const sites = desk.me?.sites ?? [];
  const rings = desk.accounts.map((account) => ({  // each house has a log-in of its own that may ring or not
    account, text: desk.accounts.length > 1 ? `${words("ringMeNow")}: ${sites.find(({ site }) => site === account.site)?.name ?? account.site}` : words("ringMeNow"),
  }));
  return (
    <section class="card will-ring">
      <h2>{words("willRing")}</h2>
      <ul class="checks">
        {all.map((check) => (
          <li key={check.step} class={check.good ? "ok" : "todo"}>
            <Icon of={check.good ? Check : CircleAlert} /> <span>{words(check.name)}: {words(check.good ? "yes" : "no")}</span>
          </li>
        ))}
      </ul>
      {next ? (
        <div class="next">
          <p><strong>{words("nextThing")}:</strong> {words(next.fix)}</p>
          {next.ours && next.step !== "test" && <button type="button" class="primary" onClick={() => void act(next)}>{words(next.step === "install" ? "install" : "allow")}</button>}
        </div>
      ) : <p class="ok">{words("willRingYes")}</p>}
      <p class="row">
        {rings.map(({ account, text }, at) => (
          <button type="button" class={next?.step === "test" && !at ? "primary" : "plain"} key={account.id} onClick={() => void act({ step: "test" }, account)}>
            <Icon of={BellRing} /> {text}
          </button>
        ))}
      </p>
      <p class="wrong" role="alert">{wrong}</p>
    </section>
  );
}

function Devices({ desk, words }: Given): JSX.Element {
  const [devices, setDevices] = useState<OwnDevice[]>();
  const { act, wrong } = useAct(words);
  const load = async (): Promise<void> => setDevices(await api.devices());
  useEffect(() => void act(load), []);
  const sites = desk.me?.sites ?? [];
  const here = (device: OwnDevice): boolean => desk.accounts.some(({ id }) => id === device.id);
  return (
    <section class="card">
      <h2>{words("devices")}</h2>
      <ul class="list">
        {(devices ?? []).map((device) => (
          <li key={device.id}>
            <Icon of={Smartphone} />
            <div class="grow">
              <strong>{device.name}</strong> {here(device) && <small>{words("thisDevice")}</small>}
              {sites.length > 1 && <small>{sites.find(({ site }) => site === device.site)?.name ?? device.site}</small>}
              {!device.active && <small class="todo">{words("isRevoked")}</small>}
            </div>
            {device.active && !here(device) && (
              <SureKey words={words} label={words("revoke")} question={words("revokeSure", device.name)} act={() => void act(async () => { await api.revokeDevice(device.id); await load(); })} />
            )}
          </li>
        ))}
      </ul>
      <Failing wrong={wrong} done={false} words={words} />
    </section>
  );
}

const STEPS: readonly { name: string; word: Word }[] = [
  { name: "push", word: "stepPush" }, { name: "push_accepted", word: "stepPushAccepted" }, { name: "push_gone", word: "stepPushGone" },
  { name: "push_failed", word: "stepPushFailed" }, { name: "registered", word: "stepRegistered" }, { name: "invited", word: "stepInvited" },
  { name: "rang", word: "stepRang" }, { name: "unreachable", word: "stepUnreachable" }, { name: "answered", word: "stepAnswered" },
  { name: "opened", word: "stepOpened" },
];
const stepText = (name: string, took: unknown): string => (typeof took === "number" ? `${name} ${Math.round(took)} ms` : name);

/** What became of the calls to these log-ins of this browser, the newest first. */
async function receiptsOf(devices: readonly number[]): Promise<Receipt[]> {
  const all = await Promise.all(devices.map((id) => api.receipts(id)));
  return all.flat().sort((a, b) => b.at.localeCompare(a.at));
}

function Receipts({ desk, words }: Given): JSX.Element | null {
  const [receipts, setReceipts] = useState<Receipt[]>();
  const devices = desk.accounts.map(({ id }) => id);
  const rang = desk.reception.call === undefined;
  useEffect(() => {
    if (rang && devices.length) void receiptsOf(devices).then(setReceipts, () => undefined);
  }, [devices.join(" "), rang]);
  if (!receipts) return null;
  return (
    <section class="card">
      <h2>{words("whyNoRing")}</h2>
      {receipts.length === 0 && <p class="help">{words("noReceipts")}</p>}
      <ul class="list">
        {receipts.map((one) => (
          <li key={one.call}>
            <div class="grow">
              {moment(desk.language, new Date(one.at))}
              <small>{STEPS.filter(({ name }) => name in one).map(({ name, word }) => stepText(words(word), one[name])).join(" · ")}</small>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
