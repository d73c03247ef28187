/** How the socket stands, as the page tells it. */
import type { Link } from "./socket";

export type LiveStatus = {
  link: Link;
  /** Whether the server's own bus delivers; without it the socket is open but silent. */
  bus: "up" | "down";
  /** Whether everything looked at has been told once. */
  complete: boolean;
  /** Since when nothing is pushed, by this machine's clock; null while it is. */
  downSince: number | null;
  /** The last heartbeat, by this machine's clock. */
  heardAt: number | null;
  /** When the server last moved a figure by a mark. */
  tickAt: string | null;
};

const STARTING: LiveStatus = { link: { state: "connecting" }, bus: "up", complete: false, downSince: null, heardAt: null, tickAt: null };

/** True while changes are pushed, so that asking for them is only a precaution. */
export function isLive({ link, bus, complete }: LiveStatus): boolean {
  return link.state === "open" && bus === "up" && complete;
}

export type SocketWords = { tone: "good" | "amber" | "red" | "none"; text: string; tip: string };

const DOWN_TIPS = {
  lost: "The connection to Thor's server was lost.",
  silent: "Thor's server has fallen silent.",
  too_many: "Too many tabs are open at once; this one is not pushed to.",
} as const;
const MEANWHILE = "Figures are asked for every few seconds instead. Trying again by itself.";

/** The state of the socket alone; it says nothing about the age of the figures. */
export function socketWords({ link, bus, complete }: LiveStatus): SocketWords {
  if (link.state === "connecting") return { tone: "none", text: "connecting", tip: "The live socket is being opened. Figures are asked for every few seconds until then." };
  if (link.state === "down") return { tone: "red", text: "down", tip: `${DOWN_TIPS[link.reason]} ${MEANWHILE}` };
  if (bus === "down") return { tone: "amber", text: "no bus", tip: `The live socket is open, but the server's bus (Redis) is down and nothing is pushed. ${MEANWHILE}` };
  if (!complete) return { tone: "good", text: "opening", tip: "The live socket is open; the first figures are on their way." };
  return { tone: "good", text: "open", tip: "The live socket is open: changes are pushed to this page as they happen." };
}

const TICK_STEP_MS = 1_000;

/** Where the status stands for all to see; who listens is told of what matters. */
export class StatusBoard {
  private state: LiveStatus = STARTING;
  private readonly listeners = new Set<() => void>();

  readonly status = (): LiveStatus => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** True when anything changed. The moment of a tick is for words, so once a second is enough. */
  change(change: Partial<LiveStatus>): boolean {
    const before = this.state;
    const next = { ...before, ...change };
    if (millis(next.tickAt) - millis(before.tickAt) < TICK_STEP_MS) next.tickAt = before.tickAt;
    next.downSince = next.link.state === "open" && next.bus === "up" ? null : (before.downSince ?? Date.now());
    const keys = Object.keys(next) as (keyof LiveStatus)[];
    if (keys.every((key) => next[key] === before[key])) return false;
    this.state = next;
    for (const listener of this.listeners) listener();
    return true;
  }
}

const millis = (at: string | null): number => (at === null ? 0 : Date.parse(at));
