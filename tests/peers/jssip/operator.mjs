// An operator's tool on npm asterisk-manager, unchanged: node operator.mjs PORT USER SECRET
// Each line on stdin is an action as JSON; each line on stdout is {"event": ...} or {"answer": ..., "error": ...}.
import { createInterface } from "node:readline";
import AsteriskManager from "asterisk-manager";

const [port, user, secret] = process.argv.slice(2);
const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");
const manager = new AsteriskManager(Number(port), "127.0.0.1", user, secret, true);
manager.on("managerevent", (event) => say({ event }));
manager.on("response", (answer) => say({ answer }));
manager.on("close", () => process.exit(0));
createInterface({ input: process.stdin })
  .on("line", (line) => manager.action(JSON.parse(line), (error, answer) => say({ error, called: answer })))
  .on("close", () => manager.disconnect());
