// Works while the app is closed: shows that somebody rings, opens the app at a tap, and lets it start offline.
/// <reference lib="webworker" />
import { recall } from "../shared/keep";
import type { Language } from "../shared/language";
import { originOf } from "../shared/sip/account";
import { type Pushed, readPush, sentence } from "./pushed";
import type { Kept } from "./types";

declare const self: ServiceWorkerGlobalScope;

const CACHE = "doorline-1";
const SHELL = "/app/";
/** A browser wants something shown for every push; what only ends a ring goes again so soon. */
const SILENT_MS = 2000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.add(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || !url.pathname.startsWith(SHELL)) return;
  if (url.pathname.startsWith("/app/assets/")) event.respondWith(kept(request));
  else if (request.mode === "navigate") event.respondWith(fresh(request));
});

/** Files whose name tells their content: from here if they are here. */
async function kept(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const had = await cache.match(request);
  if (had) return had;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

/** The page itself: the newest there is, and without network the last one. */
async function fresh(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(SHELL, answer.clone());
    return answer;
  } catch {
    return (await cache.match(SHELL)) ?? Response.error();
  }
}

self.addEventListener("push", (event) => {
  const pushed = readPush(event.data?.text());
  event.waitUntil(pushed.kind === "ring" ? show(pushed) : end(pushed));
});

const language = async (): Promise<Language> => (await recall<Language>("language")) ?? (navigator.language.startsWith("en") ? "en" : "nb");

/** The visitor's picture, from the PBX of the log-in that is rung. */
async function pictureOf(pushed: Pushed): Promise<string | undefined> {
  const account = ((await recall<Kept[]>("accounts")) ?? []).find(({ site }) => site === pushed.site);
  return account && pushed.picture ? originOf(account) + pushed.picture : undefined;
}

async function show(pushed: Pushed): Promise<void> {
  const open = await self.clients.matchAll({ type: "window" });
  const seen = open.some((client) => client.visibilityState === "visible");
  const { title, body } = sentence(pushed, await language());
  await self.registration.showNotification(title, {
    body, tag: pushed.call, icon: "/app/icon.svg", requireInteraction: true, silent: seen, data: pushed,
    // A silent one that shakes is refused by the browser.
    ...{ renotify: !seen, image: await pictureOf(pushed), timestamp: Date.now(), ...(seen ? {} : { vibrate: [400, 200, 400, 200, 400] }) },
  } as NotificationOptions);
}

async function end(pushed: Pushed): Promise<void> {
  const { title, body } = sentence(pushed, await language());
  await self.registration.showNotification(title, { body, tag: pushed.call, icon: "/app/icon.svg", silent: true, data: pushed });
  await new Promise((done) => setTimeout(done, SILENT_MS));
  for (const shown of await self.registration.getNotifications({ tag: pushed.call })) {
    if ((shown.data as Pushed | undefined)?.kind !== "ring") shown.close();
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(join());
});

/** The app in front, or opened: it registers, and the PBX lets it join what still rings. */
async function join(): Promise<void> {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = windows.find(({ url }) => new URL(url).pathname === SHELL);  // not WebAdmin's pages, nor the manual
  if (open) {
    open.postMessage({ kind: "join" });
    await open.focus();
  } else {
    await self.clients.openWindow(SHELL);
  }
}
