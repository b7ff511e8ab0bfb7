// A key that opens a door: pressed and held, so that a pocket cannot. By keyboard or screen reader: pressed twice.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { CircleAlert, DoorClosed, DoorOpen, Icon } from "../shared/icons";
import type { Words } from "../shared/language";
import type { DoorTold } from "./ending";

export const HOLD_MS = 500;
const SECOND_PRESS_MS = 4000;

interface Given {
  words: Words;
  label: string;
  told?: DoorTold | undefined;
  disabled?: boolean;
  act: () => void;
}

export function HoldKey({ words, label, told, disabled = false, act }: Given): JSX.Element {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [held, setHeld] = useState(false);
  const [asked, setAsked] = useState<"" | "hold" | "again">("");
  useEffect(() => {
    if (!asked) return undefined;
    const forget = setTimeout(() => setAsked(""), SECOND_PRESS_MS);
    return () => clearTimeout(forget);
  }, [asked]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const fire = (): void => {
    setHeld(false);
    setAsked("");
    navigator.vibrate?.(40);
    act();
  };
  const down = (event: PointerEvent): void => {
    if (disabled || event.button !== 0) return;
    setHeld(true);
    timer.current = setTimeout(fire, HOLD_MS);
  };
  const up = (): void => {
    clearTimeout(timer.current);
    if (held) setAsked("hold");
    setHeld(false);
  };
  const click = (event: MouseEvent): void => {
    if (event.detail !== 0) return;  // a pointer: it was held, or not
    if (asked === "again") fire();
    else setAsked("again");
  };
  const says = told === "wait" ? "opening" : told === "opened" ? "opened" : told === "failed" ? "notOpened" : told === "denied" ? "mayNot" : undefined;
  return (
    <button
      type="button" class={`hold ${held ? "held" : ""} ${told ?? ""}`} disabled={disabled}
      onPointerDown={down} onPointerUp={up} onPointerLeave={up} onPointerCancel={up} onClick={click}
      onContextMenu={(event) => event.preventDefault()}
    >
      <Icon of={told === "opened" ? DoorOpen : told === "failed" || told === "denied" ? CircleAlert : DoorClosed} size={28} />
      <span>
        <strong>{label}</strong>
        <small role="status">{words(says ?? (asked === "again" ? "pressAgain" : "holdToOpen"))}</small>
      </span>
    </button>
  );
}
