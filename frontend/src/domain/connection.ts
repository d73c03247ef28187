/** The state of the link to Schwab in words. */
import { loginLeft } from "./banners";
import type { Connection } from "./book";
import { count } from "./format";
import { humanWord } from "./orderWords";
import { symbolName } from "./quotes";
import { laterOf, msSince, shortLength, type Instant } from "./time";

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

const STREAMS: Record<Connection["stream"]["state"], string> = {
  streaming: "streaming",
  polling: "polled",
  down: "down",
  off: "off",
};

/** How prices arrive, with the reason and the last tick; `tickAt`: the last one that reached this page. */
export function streamWords(stream: Connection["stream"], tickAt: Instant | null, now: number): { value: string; detail: string } {
  const value = stream.state === "streaming" ? `streaming ${count(stream.symbols, "symbol")}` : STREAMS[stream.state];
  const last = laterOf(stream.last_tick_at, tickAt);
  const tick = last === null ? "no tick yet" : `last tick ${shortLength(msSince(last, now))} ago`;
  return { value, detail: [stream.reason, tick].filter((word) => word !== "").join(" · ") };
}

/** While the streamer runs: the symbols that it does not carry and that are asked for instead. */
export function polledBeside(stream: Connection["stream"]): readonly string[] {
  return stream.state === "streaming" ? stream.polled_symbols.map(symbolName) : [];
}
