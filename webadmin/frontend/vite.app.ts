import { defineConfig } from "vite";
import { face } from "./vite.shared";

export default defineConfig(face("app", "/app/", "../../static/app"));
