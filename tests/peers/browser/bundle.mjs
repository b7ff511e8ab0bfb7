// JsSIP as one script for a page: its CommonJS modules, each in a function, joined by a small require().
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

export function bundle(name, global) {
  const modules = new Map();
  const entry = createRequire(import.meta.url).resolve(name);
  const visit = (file) => {
    if (modules.has(file)) return;
    const text = file.endsWith(".json") ? `module.exports = ${readFileSync(file)}` : readFileSync(file, "utf8");
    const resolve = createRequire(file).resolve;
    const links = {};
    modules.set(file, { text, links });
    for (const [, wanted] of text.matchAll(/\brequire\(["']([^"']+)["']\)/g)) {
      const found = wanted === "events" ? resolve("events/") : browserFile(resolve, wanted);
      if (!found) continue;
      links[wanted] = found;
      visit(found);
    }
  };
  visit(entry);
  const parts = [...modules].map(([file, { text, links }]) =>
    `${JSON.stringify(file)}: [function (require, module, exports) {${text}\n}, ${JSON.stringify(links)}]`);
  return `(() => { const all = {${parts.join(",\n")}}, made = {};
    const load = (file) => { if (!made[file]) { const module = made[file] = { exports: {} };
      all[file][0]((name) => load(all[file][1][name]), module, module.exports); } return made[file].exports; };
    window.process = { env: {}, type: "renderer" };
    window.${global} = load(${JSON.stringify(entry)}); })();`;
}

function browserFile(resolve, wanted) {
  try {
    const found = resolve(wanted);
    return found.startsWith("/") ? found.replace(/debug\/src\/index\.js$/, "debug/src/browser.js") : undefined;
  } catch {
    return undefined;
  }
}
