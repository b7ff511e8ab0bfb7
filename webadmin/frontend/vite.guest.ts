// The page of a guest's link: one script with a name that stays, beside the app.
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  define: { "process.env": "{}" },
  build: {
    outDir: "../static/app",
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "guest/guest.ts", formats: ["iife"], name: "guest", fileName: () => "guest.js" },
  },
});
