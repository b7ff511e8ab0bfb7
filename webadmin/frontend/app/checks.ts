// Will this device ring? What is so, what is not, and the one thing to do next.
import type { Word } from "../shared/language";
import type { LineState } from "../shared/sip/agent";

export interface Facts {
  lines: LineState[];
  microphone: PermissionState | "unknown";
  notifications: NotificationPermission | "none";
  installed: boolean;
  installable: boolean;
  /** When this device last rang, in milliseconds since 1970; 0: never. */
  rang: number;
}

export type Step = "line" | "microphone" | "notifications" | "install" | "test";

export interface Check {
  step: Step;
  name: Word;
  good: boolean;
  /** What to do about it, where it is not good. */
  fix: Word;
  /** Whether a key of ours can do it. */
  ours: boolean;
}

const TEST_HOLDS_MS = 90 * 24 * 3600 * 1000;

/** All checks in the order in which they are mended; the first that is not good is the next thing to do. */
export function checks(facts: Facts, now: number): Check[] {
  const found: Check[] = [
    { step: "line", name: "checkLine", good: facts.lines.length > 0 && facts.lines.every((state) => state === "registered"), fix: "checkLineFix", ours: false },
    permission("microphone", "checkMicrophone", "checkMicrophoneFix", facts.microphone === "granted", facts.microphone === "denied"),
  ];
  if (facts.notifications !== "none") {
    found.push(permission("notifications", "checkNotifications", "checkNotificationsFix", facts.notifications === "granted", facts.notifications === "denied"));
  }
  if (facts.installable || facts.installed) {
    found.push({ step: "install", name: "checkInstall", good: facts.installed, fix: "checkInstallFix", ours: true });
  }
  found.push({ step: "test", name: "checkTest", good: facts.rang > 0 && now - facts.rang < TEST_HOLDS_MS, fix: "checkTestFix", ours: true });
  return found;
}

function permission(step: Step, name: Word, fix: Word, good: boolean, blocked: boolean): Check {
  return { step, name, good, fix: blocked ? "checkBlocked" : fix, ours: !blocked };
}
