/** One ticking clock for the whole page, corrected by what the server's clock says. */
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = Date.now();
let offset = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Date.now() + offset;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now() + offset;
    timer = setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present moment in ms, moving once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** The same moment by this machine's own clock. */
export function byOwnClock(moment: number): number {
  return moment - offset;
}

/** Sets how far the server's clock is ahead of this machine's. */
export function setClockOffset(ms: number): void {
  if (Math.abs(ms - offset) < 500) return;
  offset = ms;
  tick();
}
