// Service mode: the screen says that the house looks through its camera, and then sends one picture for each that is
// asked for. Never while a visitor uses the panel, and never any sound.
import { useEffect, useRef, useState } from "preact/hooks";
import { originOf } from "../shared/sip/account";
import type { Service } from "./directory";
import type { Panel } from "./panel";

/** Whoever stands here has so long to read it and to step aside. */
const ANNOUNCED_MS = 3000;
/** The PBX takes no larger body. */
const MOST = 60_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Until when it is on, if it is; `free`: no visitor uses the panel. */
export function useService(panel: Panel, service: Service | undefined, free: boolean): Date | undefined {
  const [now, setNow] = useState(() => Date.now());
  const sent = useRef("");
  const until = service ? Date.parse(service.until) : 0;
  const left = until - Math.max(now, Date.now());
  const on = left > 0;
  useEffect(() => {
    if (!on) return undefined;
    const timer = setTimeout(() => setNow(Date.now()), Math.min(left, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  }, [on, until]);
  const number = service?.picture ?? 0;
  const name = `${until}/${number}`;
  useEffect(() => {
    if (!on || !free || sent.current === name) return undefined;
    let over = false;
    const take = async (): Promise<void> => {
      const picture = await photograph().catch(() => undefined);
      if (over || !picture) return;
      sent.current = name;
      await tell(panel, `?picture=${number}`, picture);
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    void tell(panel, "").then((told) => {
      if (told && !over) timer = setTimeout(() => void take(), ANNOUNCED_MS);
    });
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [on, free, name]);
  return on ? new Date(until) : undefined;
}

/** Without a picture: the screen says it now. False when nobody wants to know. */
async function tell(panel: Panel, query: string, picture?: Blob): Promise<boolean> {
  const headers = { Authorization: `Bearer ${panel.token}`, "Content-Type": "image/jpeg" };
  try {
    const url = `${originOf(panel.account)}/panels/service${query}`;
    return (await fetch(url, { method: "POST", headers, ...(picture ? { body: picture } : {}) })).ok;
  } catch {
    return false;  // the directory is fetched again now and then, and says whether it is still wanted
  }
}

/** One picture of the camera, which is on no longer than that takes. */
async function photograph(): Promise<Blob | undefined> {
  const wanted = { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
  try {
    const video = document.createElement("video");
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    for (const quality of [0.8, 0.5, 0.2]) {
      const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (picture && picture.size <= MOST) return picture;
    }
    return undefined;
  } finally {
    stream.getTracks().forEach((track) => track.stop());
  }
}
