// Keeps lines fresh after sleep and changes of network; keeps a station's screen on.
import { useEffect } from "preact/hooks";
import type { Desk } from "./desk";

export function useWakefulness(desk: Desk): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    const wake = (): void => {
      if (document.hidden) return;
      desk.reception.refresh();
      if (desk.station && (!lock || lock.released)) {
        navigator.wakeLock?.request("screen").then((held) => (lock = held), () => undefined);
      }
    };
    wake();
    document.addEventListener("visibilitychange", wake);
    addEventListener("online", wake);
    return () => {
      document.removeEventListener("visibilitychange", wake);
      removeEventListener("online", wake);
      void lock?.release();
    };
  }, []);
}
