/** How often the page asks: often while looked at, seldom when hidden, and less while nobody answers. */
import type { Query } from "@tanstack/react-query";

const SECOND = 1000;
export const PACE = {
  book: { seen: 3 * SECOND, hidden: 60 * SECOND },
  orders: { seen: 4 * SECOND, hidden: 60 * SECOND },
  accounts: { seen: 15 * SECOND, hidden: 120 * SECOND },
  connection: { seen: 5 * SECOND, hidden: 60 * SECOND },
  session: { seen: 60 * SECOND, hidden: 300 * SECOND },
  quotes: { seen: 5 * SECOND, hidden: 120 * SECOND },
  /** While changes are pushed, asking is only a precaution. */
  reconcile: { seen: 60 * SECOND, hidden: 120 * SECOND },
  /** The link's and the streamer's state is pushed in part only. */
  watched: { seen: 10 * SECOND, hidden: 60 * SECOND },
  waiting: { seen: 1 * SECOND, hidden: 10 * SECOND },
} as const;
export type Pace = (typeof PACE)[keyof typeof PACE];

const SLOWEST = 20 * SECOND;

export function pause(pace: Pace, hidden: boolean, failures: number): number {
  if (hidden) return pace.hidden;
  return failures === 0 ? pace.seen : Math.min(Math.max(pace.seen, 2 * SECOND) * 2 ** Math.min(failures, 4), SLOWEST);
}

type Polled = Pick<Query, "state">;

/** For `refetchInterval`: asked again after every answer, so a hidden or failing page slows down by itself. */
export function every(pace: Pace): (query: Polled) => number {
  return ({ state }) => pause(pace, document.visibilityState === "hidden", state.status === "error" ? state.fetchFailureCount : 0);
}
