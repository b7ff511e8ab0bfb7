// Small parts of several pages.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Words } from "../shared/language";
import { Refusal } from "./api";

interface Acting {
  /** Whether it worked. */
  act: (what: () => Promise<void>) => Promise<boolean>;
  wrong: string;
  done: boolean;
  busy: boolean;
}

/** Runs what a person asks for, and keeps what went wrong as a sentence. */
export function useAct(words: Words): Acting {
  const [wrong, setWrong] = useState("");
  const [done, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const act = async (what: () => Promise<void>): Promise<boolean> => {
    let good = false;
    setBusy(true);
    setWrong("");
    setDone(false);
    try {
      await what();
      setDone(true);
      good = true;
    } catch (error) {
      setWrong(error instanceof Refusal ? error.message : words("noNetwork"));
    }
    setBusy(false);
    return good;
  };
  return { act, wrong, done, busy };
}

export function Failing({ wrong, done, words }: { wrong: string; done: boolean; words: Words }): JSX.Element {
  return (
    <>
      <p class="wrong" role="alert">{wrong}</p>
      <p class="ok" role="status">{done && !wrong && words("saved")}</p>
    </>
  );
}

/** A key that asks once more before it does something that cannot be undone. */
export function SureKey({ words, label, question, act }: { words: Words; label: string; question: string; act: () => void }): JSX.Element {
  const [asked, setAsked] = useState(false);
  if (!asked) return <button type="button" class="plain" onClick={() => setAsked(true)}>{label}</button>;
  return (
    <div class="row sure" role="alertdialog" aria-label={question}>
      <p>{question}</p>
      <button type="button" class="plain stop" onClick={() => { setAsked(false); act(); }}>{label}</button>
      <button type="button" class="plain" onClick={() => setAsked(false)}>{words("cancel")}</button>
    </div>
  );
}
