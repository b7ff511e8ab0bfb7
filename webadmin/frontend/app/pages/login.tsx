// In: e-mail and password, then the second factor.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { LANGUAGES, type Words } from "../../shared/language";
import { Refusal, type Stage, api } from "../api";
import type { Desk } from "../desk";
import { Qr } from "../qr";

interface Given {
  desk: Desk;
  words: Words;
}

export function LoginPage({ desk, words }: Given): JSX.Element {
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const attempt = async (what: () => Promise<Stage | undefined>): Promise<void> => {
    setBusy(true);
    setWrong("");
    try {
      const next = await what();
      if (next) await desk.entered(next);
    } catch (error) {
      setWrong(error instanceof Refusal ? error.message : words("noNetwork"));
      if (error instanceof Refusal && error.slug === "signed_out") desk.go("login");
    }
    setBusy(false);
  };
  return (
    <main class="way-in">
      <img src="/app/icon.svg" alt="" width={56} height={56} />
      <h1>Doorline</h1>
      {desk.phase === "login" && <Password words={words} busy={busy} attempt={attempt} />}
      {desk.phase === "totp" && <Code words={words} busy={busy} send={(code) => attempt(async () => (await api.totp(code)).next)} />}
      {desk.phase === "enrol" && <Enrolment words={words} busy={busy} attempt={attempt} />}
      <p class="wrong" role="alert">{wrong}</p>
      <p class="languages">
        {LANGUAGES.filter(({ code }) => code !== desk.language).map(({ code, name }) => (
          <button type="button" class="plain" key={code} lang={code} onClick={() => desk.speak(code)}>{name}</button>
        ))}
      </p>
    </main>
  );
}

type Attempt = (what: () => Promise<Stage | undefined>) => Promise<void>;

function Password({ words, busy, attempt }: { words: Words; busy: boolean; attempt: Attempt }): JSX.Element {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  return (
    <form onSubmit={(event) => { event.preventDefault(); void attempt(async () => (await api.login(email, password)).next); }}>
      <label>
        {words("email")}
        <input type="email" name="email" autocomplete="username" required value={email} onInput={(event) => setEmail(event.currentTarget.value)} />
      </label>
      <label>
        {words("password")}
        <input type="password" name="password" autocomplete="current-password" required value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
      </label>
      <button type="submit" class="primary" disabled={busy}>{words("logIn")}</button>
      <a href="/forgotten-password">{words("forgotten")}</a>
    </form>
  );
}

function Code({ words, busy, send }: { words: Words; busy: boolean; send: (code: string) => Promise<void> }): JSX.Element {
  const [code, setCode] = useState("");
  return (
    <form onSubmit={(event) => { event.preventDefault(); void send(code.trim()); }}>
      <label>
        {words("codeFromApp")}
        <input
          name="code" inputMode="numeric" autocomplete="one-time-code" required minLength={6} maxLength={40} autofocus
          value={code} onInput={(event) => setCode(event.currentTarget.value)}
        />
      </label>
      <p class="help">{words("codeHint")}</p>
      <button type="submit" class="primary" disabled={busy}>{words("logIn")}</button>
    </form>
  );
}

function Enrolment({ words, busy, attempt }: { words: Words; busy: boolean; attempt: Attempt }): JSX.Element {
  const [offer, setOffer] = useState<{ secret: string; address: string }>();
  const [recovery, setRecovery] = useState<string[]>();
  useEffect(() => void attempt(async () => {
    setOffer(await api.enrolment());
    return undefined;
  }), []);
  if (recovery) {
    return (
      <div class="enrol">
        <h2>{words("recoveryTitle")}</h2>
        <p>{words("recoveryHint")}</p>
        <ul class="codes">{recovery.map((one) => <li key={one}>{one}</li>)}</ul>
        <button type="button" class="primary" onClick={() => void attempt(async () => "in")}>{words("haveWritten")}</button>
      </div>
    );
  }
  return (
    <div class="enrol">
      <h2>{words("enrolTitle")}</h2>
      <p>{words("enrolHint")}</p>
      {offer && <Qr text={offer.address} label={words("enrolTitle")} />}
      {offer && <p class="help">{words("orType")} <code>{offer.secret}</code></p>}
      <Code words={words} busy={busy} send={(code) => attempt(async () => {
        setRecovery((await api.enrol(code)).recovery_codes);
        return undefined;
      })} />
    </div>
  );
}
