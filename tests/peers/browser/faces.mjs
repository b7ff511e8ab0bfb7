// Chromium with our own pages in it, steered by JSON lines: {"id", "page", "do", ...} is answered by {"id", ...}.
//   node faces.mjs --browser PATH [--tone FILE.wav] [--picture FILE.y4m]
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import * as asleep from "./asleep.mjs";
import * as marks from "./marks.mjs";

const options = {};
for (let at = 2; at < process.argv.length; at += 2) options[process.argv[at].slice(2)] = process.argv[at + 1];
const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required",
  "--allow-loopback-in-peer-connection",
];
if (options.tone) flags.push(`--use-file-for-fake-audio-capture=${options.tone}`);
if (options.picture) flags.push(`--use-file-for-fake-video-capture=${options.picture}`);
const browser = await chromium.launch({ executablePath: options.browser, headless: true, args: flags });
const pages = new Map();

const acts = {
  ...asleep,
  ...marks,
  async open({ page: name, url, width = 800, height = 1280, scheme = "light", locale = "en-GB", trusting = false, seconds }) {
    const context = await browser.newContext({
      viewport: { width, height }, colorScheme: scheme, locale, permissions: ["camera", "microphone", "notifications"],
      ignoreHTTPSErrors: trusting,
    });
    context.setDefaultTimeout(seconds * 1000);
    const page = await context.newPage();
    const log = [];
    page.on("pageerror", (error) => log.push(String(error)));
    page.on("console", (line) => line.type() === "error" && log.push(line.text()));
    pages.set(name, { page, context, log });
    await page.goto(url);
  },
  close: async ({ page: name }, { context }) => { await context.close(); pages.delete(name); },
  goto: (how, { page }) => page.goto(how.url).then(() => undefined),
  reload: (_, { page }) => page.reload().then(() => undefined),
  click: ({ at, delay = 0 }, { page }) => page.locator(at).first().click({ delay }),
  type: ({ at, text }, { page }) => page.locator(at).first().fill(text),
  see: ({ at, state = "visible" }, { page }) => page.locator(at).first().waitFor({ state }),
  text: ({ at }, { page }) => page.locator(at).first().innerText(),
  count: ({ at }, { page }) => page.locator(at).count(),
  run: ({ script, argument }, { page }) => page.evaluate(`(${script})(${JSON.stringify(argument ?? null)})`),
  async until({ script, argument, seconds }, { page }) {
    const end = Date.now() + seconds * 1000;
    for (;;) {  // not waitForFunction, which a page's own policy forbids
      const value = await page.evaluate(`(${script})(${JSON.stringify(argument ?? null)})`);
      if (value) return value;
      if (Date.now() > end) throw new Error(`not so within ${seconds} s`);
      await new Promise((done) => setTimeout(done, 100));
    }
  },
  shot: ({ path, whole = false }, { page }) => page.screenshot({ path, fullPage: whole }).then(() => undefined),
  async axe(_, { page }) {  // what a screen reader or a keyboard would stumble over (axe-core, WCAG 2.2)
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
    await page.evaluate(() => Promise.allSettled(  // colours halfway from light to dark are nobody's to judge
      document.getAnimations().filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime)).map((each) => each.finished),
    ));
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    return violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map((node) => node.html.slice(0, 200)) }));
  },
  press: ({ at, key }, { page }) => (at ? page.locator(at).first().press(key) : page.keyboard.press(key)),
  async drag({ at, to }, { page }) {  // to the lower edge: behind it
    const target = page.locator(to).first();
    const { width, height } = await target.boundingBox();
    await page.locator(at).first().dragTo(target, { targetPosition: { x: width / 2, y: height - 4 } });
  },
  check: ({ at, on = true }, { page }) => page.locator(at).first().setChecked(on),
  select: ({ at, value }, { page }) => page.locator(at).first().selectOption(value).then(() => undefined),
  offline: ({ on }, { context }) => context.setOffline(on),
  look: ({ width, height, scheme }, { page }) =>
    page.setViewportSize({ width, height }).then(() => page.emulateMedia({ colorScheme: scheme })),
  log: async (_, { log }) => log,
};

say({ event: "ready" });
const end = async () => {
  await browser.close();
  process.exit(0);
};
const lines = createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const { id, do: what, ...how } = JSON.parse(line);
  try {
    say({ id, value: (await acts[what](how, pages.get(how.page))) ?? null });
  } catch (error) {
    const { log = [], page } = pages.get(how.page) ?? {};
    const shown = page ? await page.locator("body").innerText({ timeout: 500 }).catch(() => "") : "";
    say({ id, error: `${what} ${JSON.stringify(how)}: ${String(error).split("\n")[0]}`, log: log.slice(-5), shown });
  }
});
lines.on("close", end);
process.on("SIGTERM", end);
