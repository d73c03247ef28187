/** What the refresh button tells between the press and the newer figures. */
import type { Connection } from "./book";
import { LENGTH } from "./time";

export type RefreshProgress =
  | { state: "idle" }
  | { state: "running" }
  | { state: "told"; text: string };

export type RefreshFacts = {
  pressed: { at: number; checkedAt: string | null } | null;
  accepted: { queued: boolean; detail: string } | null;
  failure: string | null;
  checkedAt: string | null;
  lastSync: Connection["last_sync"];
  now: number;
};

/** How long a finished message stays, and how long an answer may take. */
const TOLD_FOR = 8 * LENGTH.second;
const PATIENCE = 45 * LENGTH.second;

export function refreshProgress(facts: RefreshFacts): RefreshProgress {
  const { pressed, accepted } = facts;
  if (pressed === null) return { state: "idle" };
  const waited = facts.now - pressed.at;
  if (facts.failure !== null) return told(facts.failure, waited, TOLD_FOR);
  if (accepted === null) return { state: "running" };
  if (!accepted.queued) return told(accepted.detail, waited, TOLD_FOR);
  if (facts.checkedAt !== null && (pressed.checkedAt === null || facts.checkedAt > pressed.checkedAt)) {
    return { state: "idle" };
  }
  const failed = failedSince(facts.lastSync, pressed.at);
  if (failed !== null) return told(failed, waited, PATIENCE);
  if (waited < PATIENCE) return { state: "running" };
  return told("No answer from Schwab yet. The figures follow when it comes.", waited, PATIENCE + TOLD_FOR);
}

function told(text: string, waited: number, until: number): RefreshProgress {
  return waited > until ? { state: "idle" } : { state: "told", text };
}

function failedSince(sync: Connection["last_sync"], since: number): string | null {
  if (sync?.outcome !== "failed" || sync.kind !== "accounts") return null;
  return Date.parse(sync.started_at) >= since - LENGTH.second ? `Schwab could not be read. ${sync.reason}`.trim() : null;
}
