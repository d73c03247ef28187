/** How old is what is shown, and what that means in the present market session. */
import type { Connection, SessionName } from "./book";
import { laterOf, LENGTH, msSince, type Instant } from "./time";

export type FreshnessState = "live" | "polled" | "delayed" | "stale" | "offline" | "never";
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
  /** The last tick while prices stream; null when they do not. */
  streamedAt?: Instant | null;
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
  if (ageMs >= limit.delayed * slack) return { state: "delayed", ageMs };
  const tickAge = facts.streamedAt == null ? null : msSince(facts.streamedAt, facts.now);
  return tickAge === null ? { state: "polled", ageMs } : { state: "live", ageMs: Math.min(tickAge, ageMs) };
}

/** How long the streamer may send nothing before its figures count as no better than polled ones. */
const QUIET: Record<SessionName, number> = {
  regular: LENGTH.minute,
  pre: 5 * LENGTH.minute,
  post: 5 * LENGTH.minute,
  closed: 5 * LENGTH.minute,
  holiday: 5 * LENGTH.minute,
};

export type StreamFacts = {
  /** Whether the live socket hands changes on to this page. */
  pushed: boolean;
  stream: Connection["stream"] | undefined;
  /** The last figure that a tick moved here. */
  tickAt: Instant | null;
  session: SessionName;
  now: number;
};

/** When the last tick came, if prices really stream: every link of the chain is up, and ticks arrive. */
export function streamedAt({ pushed, stream, tickAt, session, now }: StreamFacts): Instant | null {
  if (!pushed || stream?.state !== "streaming") return null;
  const last = laterOf(stream.last_tick_at, tickAt);
  return last !== null && msSince(last, now) < QUIET[session] ? last : null;
}

/** Why no newer figures come although the login holds. */
export type LinkTrouble = "throttled" | "outage" | "refused" | "late";

/** A sync begins within seconds of its time, and this page hears of it within ten; later than this nobody is at work. */
const LATE = 20 * LENGTH.second;

const TROUBLES: Record<string, LinkTrouble> = {
  schwab_throttled: "throttled",
  schwab_unreachable: "outage",
  schwab_outage: "outage",
  schwab_odd_answer: "outage",
};

/** What the last sync met, or that there was none although it was due; null while all is well. */
export function linkTrouble({ state, last_error, last_success_at, next_sync_at, syncing }: Connection, now: number): LinkTrouble | null {
  if (state !== "connected" && state !== "expiring") return null;
  if (last_error !== null && (last_success_at === null || last_success_at < last_error.at)) {
    return Object.hasOwn(TROUBLES, last_error.code) ? (TROUBLES[last_error.code] ?? "refused") : "refused";
  }
  return next_sync_at !== null && !syncing && msSince(next_sync_at, now) > LATE ? "late" : null;
}

export const FRESHNESS_WORDS: Record<FreshnessState, { label: string; meaning: string }> = {
  live: { label: "Live", meaning: "Prices stream from Schwab and are pushed to this page; the age is the last tick's." },
  polled: { label: "Polled", meaning: "Schwab is asked again and again, and answered within the time that is usual in this session." },
  delayed: { label: "Delayed", meaning: "Schwab's last answer is older than usual in this session." },
  stale: { label: "Stale", meaning: "Schwab's last answer is old. The figures may have moved since." },
  offline: { label: "Offline", meaning: "Thor's server does not answer. The last known figures stay." },
  never: { label: "No data yet", meaning: "Schwab has not answered yet." },
};

/** Values that may have moved since are dimmed, but stay. */
export function isDim(state: FreshnessState): boolean {
  return state === "stale" || state === "offline";
}
