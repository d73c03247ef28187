/** The state of the link to Schwab in words. */
import { loginLeft } from "./banners";
import type { Connection } from "./book";
import { humanWord } from "./orders";

export type LinkWords = { tone: "good" | "amber" | "red" | "none"; text: string };

/** Without Thor's server nobody knows: a link that was fine a minute ago is not called connected. */
export function connectionState(connection: Connection, serverReachable: boolean, now: number): LinkWords {
  if (!serverReachable) return { tone: "none", text: "Not known now" };
  const left = loginLeft(connection, now);
  if (connection.state === "none") return { tone: "none", text: "Not connected" };
  if (connection.state === "reauth_required" || (left !== null && left <= 0)) return { tone: "red", text: "Sign-in needed" };
  if (connection.state === "expiring") return { tone: "amber", text: "Connected, ends soon" };
  return { tone: "good", text: "Connected" };
}

const OUTCOMES: Record<string, string> = {
  ok: "changed",
  unchanged: "nothing new",
  partial: "read in part",
  suspect: "looked incomplete, not taken over",
  failed: "failed",
  superseded: "overtaken by a newer one",
  running: "running",
};

/** How the last sync of a source went, with its reason when there is one. */
export function syncWords(source: { last_outcome: string | null; reason: string }): string {
  if (source.last_outcome === null) return "";
  const outcome = OUTCOMES[source.last_outcome] ?? humanWord(source.last_outcome).toLowerCase();
  return source.reason === "" ? outcome : `${outcome}: ${source.reason}`;
}
