// An app that sleeps: its page standing still or closed, only its service worker left (Chrome DevTools Protocol).
// Acts of faces.mjs; the second argument is what is kept of a page: {page, context, log}.

/** The page's scripts stand still and its sockets stay open, as when a telephone puts it to sleep. (A page that
 * Playwright holds in sight cannot be frozen by its life cycle; a debugger's pause does the same to it.) */
export async function freeze(_, one) {
  one.debugger = await one.context.newCDPSession(one.page);
  await one.debugger.send("Debugger.enable");
  await one.debugger.send("Debugger.pause");
}

/** It goes on. */
export const thaw = (_, one) => one.debugger.send("Debugger.disable").then(() => one.debugger.detach());

/** An empty page of the same browser, which speaks to the service worker. */
export async function watch(_, one) {
  one.devtools = await one.context.newCDPSession(await one.context.newPage());
  one.workers = [];
  one.devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => one.workers.push(...registrations));
  await one.devtools.send("ServiceWorker.enable");
}

/** Close the app's page. */
export async function shut(_, one) {
  await one.page.close();
  one.page = undefined;
}

/** A push message of these words reaches the service worker; what it shows as soon as that is of this kind. */
export async function push({ data, kind, seconds }, one) {
  const { registrationId, scopeURL } = one.workers.at(-1);
  await one.devtools.send("ServiceWorker.deliverPushMessage", { origin: new URL(scopeURL).origin, registrationId, data });
  return notifications({ kind, seconds }, one);
}

const worker = (one) => one.context.serviceWorkers().at(-1);

/** What the service worker shows, as soon as that is of this kind, or "none". */
export async function notifications({ kind, seconds }, one) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const shown = await worker(one).evaluate(async () =>
      (await self.registration.getNotifications()).map(({ title, body, tag, silent, image, requireInteraction, data }) =>
        ({ title, body, tag, silent, image, stays: requireInteraction, kind: data.kind })));
    if (kind === "none" ? shown.length === 0 : shown.length && shown.every((each) => each.kind === kind)) return shown;
    if (Date.now() > end) throw new Error(`not "${kind}" but ${JSON.stringify(shown)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** A tap on the notification. DevTools cannot tap: the worker is given the event, and since only a true tap may open a
 * window, the address that it wants to open is opened here. */
export async function tap(_, one) {
  const address = await worker(one).evaluate(async () => {
    const [shown] = await self.registration.getNotifications();
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const wanted = new Promise((done) => { self.clients.openWindow = async (url) => { done(url); return null; }; });
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification: shown }));
    return open.length ? "" : wanted;
  });
  if (!address) return;
  one.page = await one.context.newPage();
  await one.page.goto(new URL(address, one.workers.at(-1).scopeURL).href);
}
