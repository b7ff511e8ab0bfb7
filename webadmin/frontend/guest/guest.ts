// The page of a guest's link: calls the host, as a panel does, by a line of its own for this one call.
import JsSIP from "jssip";
import type { UA } from "jssip/lib/UA";
import { type Happening, IDLE, type View, next } from "../kiosk/course";
import { visit, type Visit } from "../kiosk/visit";
import type { Account } from "../shared/sip/account";

const MEDIA: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true },
  video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" },
};

/** The call of the page: its button, and the sentences the server has written beside it. */
function prepare(place: HTMLElement): void {
  const key = place.querySelector("button")!;
  const state = place.querySelector<HTMLElement>("[role=status]")!;
  const sound = new Audio();
  sound.autoplay = true;
  const say = (word: string): void => {
    place.dataset.state = word;
    state.textContent = word ? (place.dataset[word] ?? "") : "";
    key.textContent = (busy ? place.dataset.stop : place.dataset.start) ?? "";
  };
  let busy = false;
  let view: View = IDLE;
  let ua: UA | undefined;
  let media: MediaStream | undefined;
  let running: Visit | undefined;

  const over = (word: string): void => {
    running?.end();
    ua?.removeAllListeners();
    ua?.stop();
    media?.getTracks().forEach((track) => track.stop());
    running = ua = media = undefined;
    busy = false;
    say(word);
  };
  const happen = (what: Happening): void => {
    const before = view;
    view = next(view, what);
    if (view.at !== "call") {
      if (before.at === "call") over("ended");
      return;
    }
    if (view.over) over(view.phase);
    else say(view.phase);
  };
  const begin = async (): Promise<void> => {
    busy = true;
    say("calling");
    try {
      media = await navigator.mediaDevices.getUserMedia(MEDIA).catch(() => navigator.mediaDevices.getUserMedia({ audio: true }));
    } catch {
      return over("microphone");
    }
    const answer = await fetch(place.dataset.line!, { method: "POST" }).catch(() => undefined);
    if (!answer?.ok) return over("denied");
    const given = (await answer.json()) as Account & { user: string };
    view = next(IDLE, { is: "called", user: given.user, label: "" });
    const made = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(given.server)],
      uri: `sip:${given.username}@${given.site}`,
      password: given.secret,
      register: false,
      session_timers: false,
      user_agent: "Doorline",
    });
    made.on("connected", () => {
      if (!running && media) running = visit({ ua: made, account: given }, given.user, media, (heard) => { sound.srcObject = heard; }, happen);
    });
    made.on("disconnected", () => over("fault"));
    ua = made;
    made.start();
  };
  key.addEventListener("click", () => {
    if (busy) over("ended");
    else void begin();
  });
  key.hidden = false;
  say("");
}

document.querySelectorAll<HTMLElement>("[data-line]").forEach(prepare);
