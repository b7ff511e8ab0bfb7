// A call, full screen: the visitor is seen before anything is answered.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Check, Icon, MessageSquare, Mic, MicOff, Phone, PhoneOff, X } from "../shared/icons";
import type { Word, Words } from "../shared/language";
import type { Desk } from "./desk";
import type { Ending } from "./ending";
import { HoldKey } from "./hold";
import { pbx } from "./pbx";
import type { Call } from "./reception";
import type { Door } from "./types";

const ENDINGS: Record<Ending, Word> = {
  opened: "endOpened", elsewhere: "endElsewhere", refused: "endRefused", missed: "endMissed",
  hung_up: "endHungUp", microphone: "endMicrophone", lost: "endLost",
};
const QUICK: readonly { text: string; word: Word }[] = [
  { text: "coming", word: "sayComing" }, { text: "leave_parcel", word: "sayLeaveParcel" }, { text: "moment", word: "sayMoment" },
];

interface Given {
  desk: Desk;
  call: Call;
  words: Words;
}

/** Doors of the panel that rings; where it is not known, all one may open. */
export function doorsOf(desk: Desk, call: Pick<Call, "site" | "panel" | "from">, learned: Door[]): Door[] {
  const site = desk.me?.sites.find(({ site: one }) => one === call.site);
  const panel = site?.panels.find((one) => (call.panel ? one.id === call.panel : one.name === call.from));
  if (!panel) return site?.doors ?? learned;
  const may = site!.doors;
  const own = [...new Map(panel.doors.map((door) => [door.id, door])).values()];
  return own.map(({ id, name }) => may.find((door) => door.id === id) ?? { id, name });
}

export function CallPage({ desk, call, words }: Given): JSX.Element {
  const [learned, setLearned] = useState<Door[]>([]);
  useEffect(() => {
    const account = desk.accounts[0];
    if (desk.station && account) void pbx.doors(account).then((doors) => doors && setLearned(doors));
  }, [call.id]);
  const name = call.from || words("theDoor");
  if (call.phase === "over") return <Over call={call} words={words} close={() => desk.reception.dismiss()} />;
  const ringing = call.phase === "ringing";
  return (
    <div class={`call ${call.phase} ${desk.station ? "station" : ""}`}>
      <Seen stream={call.picture} label={words("picture", name)} waiting={words("waitPicture")} />
      <Heard stream={call.sound} />
      <div class="who" role="alert">
        <p>{words(ringing ? "someoneAt" : call.phase === "answering" ? "connecting" : "talking", name)}</p>
        {ringing && <h1>{name}</h1>}
        {call.sent && <p class="sent"><Icon of={Check} size={20} /> {words("sent", quickText(words, call.sent))}</p>}
      </div>
      <div class="hands">
        <div class="openers">
          {doorsOf(desk, call, learned).map(({ id, name: door }) => (
            <HoldKey key={id} words={words} label={words("openDoor", door)} told={call.doors[id]} act={() => void desk.reception.open(call.site, id)} />
          ))}
        </div>
        {ringing ? <RingingKeys desk={desk} words={words} /> : <TalkingKeys desk={desk} call={call} words={words} />}
      </div>
    </div>
  );
}

function quickText(words: Words, text: string): string {
  const known = QUICK.find((one) => one.text === text);
  return known ? words(known.word) : text;
}

function RingingKeys({ desk, words }: { desk: Desk; words: Words }): JSX.Element {
  const [writing, setWriting] = useState(false);
  if (writing) return <Quick words={words} close={() => setWriting(false)} say={(text) => desk.reception.say(text)} />;
  return (
    <div class="acts">
      <button type="button" class="round stop" onClick={() => desk.reception.leave()}>
        <Icon of={PhoneOff} size={32} />
        {words("refuse")}
      </button>
      <button type="button" class="round" onClick={() => setWriting(true)}>
        <Icon of={MessageSquare} size={32} />
        {words("quickAnswer")}
      </button>
      <button type="button" class="round open" onClick={() => desk.reception.answer()}>
        <Icon of={Phone} size={32} />
        {words("answer")}
      </button>
    </div>
  );
}

function TalkingKeys({ desk, call, words }: Given): JSX.Element {
  const [writing, setWriting] = useState(false);
  if (writing) return <Quick words={words} close={() => setWriting(false)} say={(text) => desk.reception.say(text)} />;
  return (
    <div class="acts">
      <button type="button" class="round" aria-pressed={call.muted} disabled={call.phase !== "talking"} onClick={() => desk.reception.mute(!call.muted)}>
        <Icon of={call.muted ? MicOff : Mic} size={32} />
        {words(call.muted ? "unmute" : "mute")}
      </button>
      <button type="button" class="round" onClick={() => setWriting(true)}>
        <Icon of={MessageSquare} size={32} />
        {words("quickAnswer")}
      </button>
      <button type="button" class="round stop" onClick={() => desk.reception.leave()}>
        <Icon of={PhoneOff} size={32} />
        {words("hangUp")}
      </button>
    </div>
  );
}

function Quick({ words, close, say }: { words: Words; close: () => void; say: (text: string) => Promise<boolean> }): JSX.Element {
  const [own, setOwn] = useState("");
  const [failed, setFailed] = useState(false);
  const send = async (text: string): Promise<void> => {
    if (await say(text)) close();
    else setFailed(true);
  };
  return (
    <form class="quick" onSubmit={(event) => { event.preventDefault(); if (own.trim()) void send(own.trim()); }}>
      {QUICK.map(({ text, word }) => (
        <button type="button" class="plain" key={text} onClick={() => void send(text)}>{words(word)}</button>
      ))}
      <div class="own">
        <input value={own} maxLength={80} placeholder={words("ownWords")} aria-label={words("ownWords")} onInput={(event) => setOwn(event.currentTarget.value)} />
        <button type="submit" class="plain" disabled={!own.trim()}>{words("sendText")}</button>
        <button type="button" class="plain" aria-label={words("cancel")} onClick={close}><Icon of={X} /></button>
      </div>
      {failed && <p class="wrong" role="alert">{words("noNetwork")}</p>}
    </form>
  );
}

function Seen({ stream, label, waiting }: { stream: MediaStream | undefined; label: string; waiting: string }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current && video.current.srcObject !== (stream ?? null)) video.current.srcObject = stream ?? null;
  }, [stream]);
  return (
    <div class="seen">
      {!stream && <p>{waiting}</p>}
      <video ref={video} autoplay muted playsInline aria-label={label} />
    </div>
  );
}

function Heard({ stream }: { stream: MediaStream | undefined }): JSX.Element {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (audio.current) audio.current.srcObject = stream ?? null;
  }, [stream]);
  return <audio ref={audio} autoplay />;
}

function Over({ call, words, close }: { call: Call; words: Words; close: () => void }): JSX.Element {
  const ending = call.ending ?? "hung_up";
  return (
    <div class={`call over ${ending}`}>
      <div class="ending" role="alert">
        <Icon of={ending === "opened" ? Check : ending === "elsewhere" ? Phone : PhoneOff} size={64} />
        <h1>{words(ENDINGS[ending])}</h1>
        <p>{call.from}</p>
        <button type="button" class="plain" onClick={close}>{words("close")}</button>
      </div>
    </div>
  );
}
