// Finds out whether this device will ring, and mends what a key of ours can mend.
import { useEffect, useState } from "preact/hooks";
import { recall } from "../shared/keep";
import { api } from "./api";
import type { Facts, Step } from "./checks";
import { RANG } from "./desk";
import type { Desk } from "./desk";
import type { Kept } from "./types";

interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: string }>;
}

let prompt: InstallPrompt | undefined;
let pushKey: string | undefined;
/** The microphone was given to this page. Browsers that ask anew each time go on saying "prompt". */
let heard = false;

/** Take note of the browser's offer to install, and let the service worker work. Once, at the start. */
export function prepare(joined: () => void): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event as InstallPrompt;
  });
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/app/sw.js", { scope: "/app/" }).catch(() => undefined);
  navigator.serviceWorker.addEventListener("message", joined);
}

async function microphone(): Promise<Facts["microphone"]> {
  let state: Facts["microphone"] = "unknown";
  try {
    state = (await navigator.permissions.query({ name: "microphone" as PermissionName })).state;
  } catch {
    // A browser that does not tell; what was given is known all the same.
  }
  return heard && state !== "denied" ? "granted" : state;
}

/** The key of the push service; undefined where the server has none. */
async function serverKey(): Promise<string | undefined> {
  pushKey ??= await api.pushKey().catch(() => undefined);
  return pushKey;
}

/** Whether this browser may be woken: a permission without a subscription wakes nobody. */
async function notifications(): Promise<Facts["notifications"]> {
  if (Notification.permission !== "granted") return Notification.permission;
  const registration = await navigator.serviceWorker.getRegistration("/app/");
  return (await registration?.pushManager.getSubscription()) ? "granted" : "default";
}

export async function findFacts(desk: Desk): Promise<Facts> {
  const pushes = "PushManager" in globalThis && "Notification" in globalThis && (await serverKey()) !== undefined;
  return {
    lines: Object.values(desk.reception.states),
    microphone: await microphone(),
    notifications: pushes ? await notifications() : "none",
    installed: matchMedia("(display-mode: standalone)").matches,
    installable: prompt !== undefined,
    rang: (await recall<number>(RANG)) ?? 0,
  };
}

/** Ask to be woken by push for every log-in of this browser. */
async function subscribe(desk: Desk): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const key = await serverKey();
  const registration = await navigator.serviceWorker.ready;
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key ?? null });
  const { endpoint, keys } = made.toJSON();
  for (const { id } of desk.accounts) await api.savePush(id, endpoint ?? "", keys ?? {});
  return true;
}

/** Do what a key of ours can do; `account`: the log-in that is to ring. */
export async function mendStep(desk: Desk, step: Step, account = desk.accounts[0]): Promise<boolean> {
  switch (step) {
    case "microphone": {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      stream.getTracks().forEach((track) => track.stop());
      heard = true;
      return true;
    }
    case "notifications":
      return subscribe(desk);
    case "install":
      return (await prompt?.prompt())?.outcome === "accepted";
    case "test":
      if (account) await api.testRing(account.id);
      return account !== undefined;
    case "line":
      desk.reception.refresh();
      return true;
  }
}

/** The facts of now, and `mend`, which says whether it worked. */
export function useReadiness(desk: Desk): { facts: Facts | undefined; mend: (step: Step, account?: Kept) => Promise<boolean> } {
  const [facts, setFacts] = useState<Facts>();
  const look = (): void => void findFacts(desk).then(setFacts);
  const states = JSON.stringify(desk.reception.states);
  useEffect(look, [states, desk.reception.call === undefined]);
  const mend = async (step: Step, account?: Kept): Promise<boolean> => {
    const good = await mendStep(desk, step, account).catch(() => false);
    look();
    return good;
  };
  return { facts, mend };
}
