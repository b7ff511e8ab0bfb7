// Where a browser becomes a panel or a station.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { CODE_ROWS, Keys } from "./keys";
import { choose, speak } from "./language";

interface Given {
  kind: "panel" | "station";
  revoked: boolean;
  pair: (code: string) => Promise<void>;
}

const LENGTH = 8;
const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, LENGTH);

export function PairingScreen({ kind, revoked, pair }: Given): JSX.Element {
  const words = speak(choose(navigator.languages));
  const [code, setCode] = useState(() => plain(new URLSearchParams(location.search).get("pair") ?? ""));
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const type = (text: string): void => setCode(plain(text));
  const submit = async (): Promise<void> => {
    setBusy(true);
    try {
      await pair(code);
    } catch {
      setWrong(true);
      setCode("");
      history.replaceState(null, "", location.pathname);
    }
    setBusy(false);
  };
  return (
    <form class="pairing" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <h1>{words(kind === "panel" ? "pairPanel" : "pairStation")}</h1>
      {revoked && <p class="wrong" role="alert">{words("revoked")}</p>}
      <p>{words("pairHint")}</p>
      <label>
        {words("pairCode")}
        <input value={code} autocomplete="off" autocapitalize="characters" spellcheck={false} inputMode="none" onInput={(event) => type(event.currentTarget.value)} />
      </label>
      <p class="wrong" role="alert">{wrong && words("pairWrong")}</p>
      <Keys words={words} rows={CODE_ROWS} typed={code} type={type} />
      <button type="submit" class="key primary" disabled={busy || code.length < LENGTH}>{words("pair")}</button>
    </form>
  );
}
