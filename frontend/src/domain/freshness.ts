/** How old is what is shown, and what that means in the present market session. */
import type { SessionName } from "./book";
import { LENGTH, msSince, type Instant } from "./time";

export type FreshnessState = "live" | "delayed" | "stale" | "offline" | "never";
export type Freshness = { state: FreshnessState; ageMs: number | null };

export type FreshnessFacts = {
  /** The last good answer from Schwab. */
  checkedAt: Instant | null;
  /** What the server thinks; it knows when the next answer was due. */
  serverSaysStale: boolean;
  /** False when Thor's own server did not answer the last time. */
  serverReachable: boolean;
  session: SessionName;
  now: number;
  /** Orders are asked for less often than balances. */
  slack?: number;
};

/** Ages from which figures count as delayed or stale. Closed markets are asked every few minutes only. */
const LIMITS: Record<SessionName, { delayed: number; stale: number }> = {
  regular: { delayed: 45 * LENGTH.second, stale: 3 * LENGTH.minute },
  pre: { delayed: 90 * LENGTH.second, stale: 5 * LENGTH.minute },
  post: { delayed: 90 * LENGTH.second, stale: 5 * LENGTH.minute },
  closed: { delayed: 12 * LENGTH.minute, stale: 30 * LENGTH.minute },
  holiday: { delayed: 12 * LENGTH.minute, stale: 30 * LENGTH.minute },
};

export function freshness(facts: FreshnessFacts): Freshness {
  if (facts.checkedAt === null) return { state: facts.serverReachable ? "never" : "offline", ageMs: null };
  const ageMs = msSince(facts.checkedAt, facts.now);
  if (!facts.serverReachable) return { state: "offline", ageMs };
  const slack = facts.slack ?? 1;
  const limit = LIMITS[facts.session];
  if (facts.serverSaysStale || ageMs >= limit.stale * slack) return { state: "stale", ageMs };
  return { state: ageMs >= limit.delayed * slack ? "delayed" : "live", ageMs };
}

export const FRESHNESS_WORDS: Record<FreshnessState, { label: string; meaning: string }> = {
  live: { label: "Live", meaning: "Schwab answered within the time that is usual in this session." },
  delayed: { label: "Delayed", meaning: "Schwab's last answer is older than usual in this session." },
  stale: { label: "Stale", meaning: "Schwab's last answer is old. The figures may have moved since." },
  offline: { label: "Offline", meaning: "Thor's server does not answer. The last known figures stay." },
  never: { label: "No data yet", meaning: "Schwab has not answered yet." },
};

/** Values that may have moved since are dimmed, but stay. */
export function isDim(state: FreshnessState): boolean {
  return state === "stale" || state === "offline";
}
