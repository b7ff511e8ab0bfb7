// Chromium with test phones in it, one a page, steered by JSON lines as the other phones are; `page` says whose a line is.
//   node phone.mjs --browser PATH --port PORT [--pages 1] [--tone FILE.wav] [--picture FILE.y4m]
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { bundle } from "./bundle.mjs";

const options = {};
for (let at = 2; at < process.argv.length; at += 2) options[process.argv[at].slice(2)] = process.argv[at + 1];

const own = new URL(".", import.meta.url);
const files = {
  "/": ["page.html", "text/html"],
  "/page.js": ["page.js", "text/javascript"],
};
const jssip = bundle("jssip", "JsSIP");
const server = createServer((request, response) => {
  if (request.url === "/jssip.js") return response.writeHead(200, { "content-type": "text/javascript" }).end(jssip);
  const [name, type] = files[request.url] || [];
  if (!name) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": type }).end(readFileSync(new URL(name, own)));
});
await new Promise((done) => server.listen(Number(options.port), "127.0.0.1", done));

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
const pages = await Promise.all([...Array(Number(options.pages || 1)).keys()].map(async (number) => {
  const page = await browser.newPage();
  page.on("pageerror", (error) => say({ page: number, event: "error", text: String(error) }));
  await page.exposeFunction("tell", (what) => say({ page: number, ...what }));
  await page.goto(`http://127.0.0.1:${options.port}/`);
  return page;
}));
pages.forEach((_, number) => say({ page: number, event: "ready" }));

const end = async () => {
  await browser.close();
  process.exit(0);
};
const lines = createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const { do: what, page = 0, ...how } = JSON.parse(line);
  if (what === "quit") return end();
  try {
    await pages[page].evaluate(([name, given]) => window.phone[name](given), [what, how]);
  } catch (error) {
    say({ page, event: "error", text: String(error) });
  }
});
lines.on("close", end);
process.on("SIGTERM", end);
