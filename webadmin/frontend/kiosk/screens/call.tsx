// A visitor's call in picture, text and (elsewhere) sound. Never a picture of who is called.
import type { JSX } from "preact";
import { BellRing, CircleAlert, Clock, DoorOpen, Icon, MessageSquare, PhoneCall, PhoneOff } from "../../shared/icons";
import type { Word, Words } from "../../shared/language";
import type { Phase, View } from "../course";
import type { Directory } from "../directory";

const LOOK: Record<Phase, { icon: typeof DoorOpen; title: Word; hint: Word }> = {
  calling: { icon: BellRing, title: "calling", hint: "callingHint" },
  next: { icon: BellRing, title: "stillTrying", hint: "stillTryingHint" },
  connected: { icon: PhoneCall, title: "connected", hint: "connectedHint" },
  open: { icon: DoorOpen, title: "doorIsOpen", hint: "doorIsOpenHint" },
  nobody: { icon: Clock, title: "nobodyAnswers", hint: "nobodyHint" },
  fault: { icon: CircleAlert, title: "cannotCall", hint: "cannotCallHint" },
};
const SAID: Record<string, Word> = { coming: "sayComing", leave_parcel: "sayLeaveParcel", moment: "sayMoment" };

interface Given {
  words: Words;
  view: Extract<View, { at: "call" }>;
  directory: Directory;
  end: () => void;
  call: (user: string, label: string) => Promise<void>;
}

export function CallScreen({ words, view, directory, end, call }: Given): JSX.Element {
  const { icon, title, hint } = LOOK[view.phase];
  const failed = view.phase === "nobody" || view.phase === "fault";
  const helper = directory.caretaker?.label;
  const told = failed && helper ? words("orRing", words(hint), helper) : words(hint);
  const said = SAID[view.said] ? words(SAID[view.said]!) : view.said;
  return (
    <div class={`state ${view.phase}`}>
      <div class="signal"><Icon of={icon} size={120} /></div>
      <div role="alert">
        <h1>{words(title, view.label)}</h1>
        <p>{view.phase === "open" && view.door && `${view.door}. `}{told}</p>
      </div>
      {said && (
        <blockquote class="said" role="alert">
          <Icon of={MessageSquare} size={48} />
          <div><small>{words("theySay", view.label)}</small><p>{said}</p></div>
        </blockquote>
      )}
      <div class="acts">
        {failed && (
          <button type="button" class="key primary" onClick={() => void call(view.user, view.label)}>
            <Icon of={BellRing} size={32} />
            {words("tryAgain")}
          </button>
        )}
        <button type="button" class={`key ${view.over ? "" : "stop"}`} onClick={end}>
          {!view.over && <Icon of={PhoneOff} size={32} />}
          {words(view.over ? "done" : "endCall")}
        </button>
      </div>
    </div>
  );
}
