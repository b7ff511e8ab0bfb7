import { defineConfig } from "vite";
import { face } from "./vite.shared";

export default defineConfig(face("kiosk", "./", "../../../intercom/kiosk/static"));
