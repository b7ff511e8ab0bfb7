// The app's service worker: one file with a name that stays.
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../static/app",
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "app/service-worker.ts", formats: ["iife"], name: "worker", fileName: () => "sw.js" },
  },
});
