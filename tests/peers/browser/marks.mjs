// When things happen on our own pages, in milliseconds since the epoch; what a page holds in memory.
// Acts of faces.mjs; the second argument is what is kept of a page: {page, context, log}.

/** Runs in a page: from now on `window.marks` is a list of [what, when]; the page itself is left as it is. */
function watching() {
  const now = () => performance.timeOrigin + performance.now();
  const marks = (window.marks = []);
  const mark = (what) => marks.push([what, now()]);
  const method = (text) => (typeof text === "string" ? /^(?:SIP\/2\.0 (\d+)|([A-Z]+) sip:)/.exec(text) : null);

  addEventListener("pointerdown", (event) => marks.push(["down", performance.timeOrigin + event.timeStamp]), true);
  addEventListener("click", (event) => marks.push(["tap", performance.timeOrigin + event.timeStamp]), true);

  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    const found = method(data);
    if (found) mark(`sent ${found[1] ?? found[2]}`);
    return send.call(this, data);
  };
  const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
  Object.defineProperty(MessageEvent.prototype, "data", {
    ...data,
    get() {
      const value = data.get.call(this);
      const found = method(value);
      if (found) mark(`got ${found[1] ?? found[2]}`);
      return value;
    },
  });

  const timed = (owner, name, called) => {
    const had = owner[name];
    owner[name] = async function (...given) {
      mark(called);
      const value = await had.apply(this, given);
      mark(`${called}, done`);
      return value;
    };
  };
  timed(MediaDevices.prototype, "getUserMedia", "camera");
  timed(window, "fetch", "fetch");
  for (const name of ["createOffer", "setLocalDescription", "setRemoteDescription"]) {
    timed(RTCPeerConnection.prototype, name, name);
  }
  const { addTransceiver } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.addTransceiver = function (...given) {
    this.addEventListener("connectionstatechange", () => mark(`connection ${this.connectionState}`));
    return addTransceiver.apply(this, given);
  };

  const shown = new Set();
  const seen = new WeakSet();
  const look = () => {
    for (const at of [".call.ringing", ".state.calling", ".state.connected", ".state.open"]) {
      const there = document.querySelector(at) !== null;
      if (there && !shown.has(at)) requestAnimationFrame(() => setTimeout(() => mark(`painted ${at}`)));
      if (there) shown.add(at);
      else shown.delete(at);
    }
    for (const video of document.querySelectorAll(".seen video")) {
      if (seen.has(video)) continue;
      seen.add(video);
      video.requestVideoFrameCallback(() => mark("picture"));
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
}

/** Watch a page. */
export const mark = (_, { page }) => page.evaluate(watching);

/** What has happened since the last time this was asked. */
export const marks = (_, { page }) => page.evaluate(() => window.marks.splice(0));

/** A push of these words reaches the service worker: how many milliseconds later a notification of it is there. */
export async function pushed({ data, seconds }, one) {
  const { registrationId, scopeURL } = one.workers.at(-1);
  const began = Date.now();
  await one.devtools.send("ServiceWorker.deliverPushMessage", { origin: new URL(scopeURL).origin, registrationId, data });
  const shown = await one.context.serviceWorkers().at(-1).evaluate(async (left) => {
    const end = Date.now() + left * 1000;
    while (!(await self.registration.getNotifications()).some((each) => each.data.kind === "ring")) {
      if (Date.now() > end) throw new Error("no notification");
      await new Promise((done) => setTimeout(done, 5));
    }
    return Date.now();
  }, seconds);
  return shown - began;
}

/** Runs in a page: what a finger does there, [what, where, with which words] after another: "click", "hold", "see". */
async function walking([steps, seconds]) {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const touch = (one, name) => one.dispatchEvent(new PointerEvent(name, { bubbles: true }));
  for (const [what, at, words = ""] of steps) {
    const end = performance.now() + seconds * 1000;
    const find = () => [...document.querySelectorAll(at)].find((each) => each.textContent.includes(words));
    let one;
    while (!(one = find())) {
      if (performance.now() > end) throw new Error(`no ${at} ${words}`);
      await pause(30);
    }
    if (what === "see") continue;
    touch(one, "pointerdown");
    if (what === "hold") await pause(700);
    touch(one, "pointerup");
    if (what === "click") one.click();
    await pause(50);
  }
}

/** Walk through a page's screens. The browser's own fingers would leave compiled scripts behind at each touch. */
export const walk = ({ steps, seconds }, { page }) => page.evaluate(walking, [steps, seconds]);

/** What a page holds after its garbage is collected: bytes of JavaScript with its compiled code, JavaScript objects,
 * nodes, listeners, documents. */
export async function held(_, one) {
  one.memory ??= await one.context.newCDPSession(one.page);
  await one.memory.send("Performance.enable");
  for (let turn = 0; turn < 3; turn += 1) await one.memory.send("HeapProfiler.collectGarbage");
  const { metrics } = await one.memory.send("Performance.getMetrics");
  const of = (name) => metrics.find((each) => each.name === name).value;
  const counts = { nodes: of("Nodes"), listeners: of("JSEventListeners"), documents: of("Documents") };
  return { bytes: of("JSHeapUsedSize"), objects: await objects(one.memory), ...counts };
}

/** How many objects a page's scripts hold. */
async function objects(session) {
  const objectGroup = "counted";
  const { result } = await session.send("Runtime.evaluate", { expression: "Object.prototype", objectGroup });
  const { objects: found } = await session.send("Runtime.queryObjects", { prototypeObjectId: result.objectId, objectGroup });
  const functionDeclaration = "function () { return this.length; }";
  const count = await session.send("Runtime.callFunctionOn", { functionDeclaration, objectId: found.objectId, returnByValue: true });
  await session.send("Runtime.releaseObjectGroup", { objectGroup });
  return count.result.value;
}
