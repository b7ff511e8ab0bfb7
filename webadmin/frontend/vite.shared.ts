// What both builds have in common.
import type { UserConfig } from "vite";

/** A build of the page in `root`, to be served under `base`. */
export function face(root: string, base: string, outDir: string): UserConfig {
  return {
    root,
    base,
    publicDir: "public",
    define: { "process.env": "{}" },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: { outDir, emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  };
}
