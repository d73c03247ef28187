import { describe, expect, it } from "vitest";
import { at, connection, NOW } from "../testing/book";
import { freshness, isDim, linkTrouble, streamedAt, type FreshnessFacts, type StreamFacts } from "./freshness";

const MINUTE = 60_000;
const facts = (change: Partial<FreshnessFacts>): FreshnessFacts => ({
  checkedAt: at(-5000),
  serverSaysStale: false,
  serverReachable: true,
  session: "regular",
  now: NOW,
  ...change,
});

describe("freshness", () => {
  it("goes from polled to delayed to stale while the market is open", () => {
    expect(freshness(facts({})).state).toBe("polled");
    expect(freshness(facts({ checkedAt: at(-MINUTE) })).state).toBe("delayed");
    expect(freshness(facts({ checkedAt: at(-3 * MINUTE) })).state).toBe("stale");
  });

  it("knows that a closed market is asked seldom", () => {
    expect(freshness(facts({ session: "closed", checkedAt: at(-6 * MINUTE) })).state).toBe("polled");
    expect(freshness(facts({ session: "closed", checkedAt: at(-13 * MINUTE) })).state).toBe("delayed");
    expect(freshness(facts({ session: "holiday", checkedAt: at(-31 * MINUTE) })).state).toBe("stale");
  });

  it("believes the server that figures are stale", () => {
    expect(freshness(facts({ serverSaysStale: true })).state).toBe("stale");
  });

  it("is offline without the server, whatever the age", () => {
    expect(freshness(facts({ serverReachable: false }))).toEqual({ state: "offline", ageMs: 5000 });
    expect(freshness(facts({ serverReachable: false, checkedAt: null })).state).toBe("offline");
  });

  it("tells no data from old data", () => {
    expect(freshness(facts({ checkedAt: null }))).toEqual({ state: "never", ageMs: null });
  });

  it("gives orders more time", () => {
    expect(freshness(facts({ checkedAt: at(-MINUTE), slack: 3 })).state).toBe("polled");
  });

  it("never has a negative age when clocks differ", () => {
    expect(freshness(facts({ checkedAt: at(4000) })).ageMs).toBe(0);
  });

  it("dims what may have moved, and nothing else", () => {
    expect((["live", "polled", "delayed", "stale", "offline", "never"] as const).filter(isDim)).toEqual(["stale", "offline"]);
  });
});

describe("live", () => {
  it("is only what streams, with the age of the last tick", () => {
    expect(freshness(facts({ streamedAt: at(-1000) }))).toEqual({ state: "live", ageMs: 1000 });
    expect(freshness(facts({ streamedAt: null })).state).toBe("polled");
  });

  it("never covers an old sync, a word of the server, or a lost server", () => {
    expect(freshness(facts({ streamedAt: at(-1000), checkedAt: at(-MINUTE) })).state).toBe("delayed");
    expect(freshness(facts({ streamedAt: at(-1000), serverSaysStale: true })).state).toBe("stale");
    expect(freshness(facts({ streamedAt: at(-1000), serverReachable: false })).state).toBe("offline");
  });

  const stream = { state: "streaming", reason: "", last_tick_at: at(-2000), symbols: 3, polled_symbols: [] } as const;
  const chain = (change: Partial<StreamFacts>): string | null =>
    streamedAt({ pushed: true, stream: { ...stream, polled_symbols: [] }, tickAt: at(-1000), session: "regular", now: NOW, ...change });

  it("needs every link of the chain: streamer, ticks, and the socket to this page", () => {
    expect(chain({})).toBe(at(-1000));
    expect(chain({ tickAt: null })).toBe(at(-2000));
    expect(chain({ pushed: false })).toBeNull();
    expect(chain({ stream: undefined })).toBeNull();
    for (const state of ["polling", "down", "off"] as const) expect(chain({ stream: { ...stream, polled_symbols: [], state } })).toBeNull();
  });

  it("is not kept up by silence", () => {
    const silent = { stream: { ...stream, polled_symbols: [], last_tick_at: at(-2 * MINUTE) }, tickAt: null };
    expect(chain(silent)).toBeNull();
    expect(chain({ ...silent, session: "pre" })).toBe(at(-2 * MINUTE));
  });
});

describe("the trouble of a link", () => {
  const error = (code: string) => ({ code, message: "", action: "", at: at(-1000) });

  it("is what the last sync met, until one goes well", () => {
    const met = (code: string) => linkTrouble(connection({ last_error: error(code), last_success_at: at(-2000) }), NOW);
    expect(["schwab_throttled", "schwab_outage", "schwab_unreachable", "schwab_refused", "toString"].map(met)).toEqual([
      "throttled",
      "outage",
      "outage",
      "refused",
      "refused",
    ]);
    expect(linkTrouble(connection({ last_error: error("schwab_outage"), last_success_at: at(-500) }), NOW)).toBeNull();
    expect(linkTrouble(connection({ last_error: error("schwab_outage"), last_success_at: null }), NOW)).toBe("outage");
  });

  it("is that nobody asks although it is time", () => {
    expect(linkTrouble(connection({ next_sync_at: at(-18_000) }), NOW)).toBeNull();
    expect(linkTrouble(connection({ next_sync_at: at(-40_000) }), NOW)).toBe("late");
    expect(linkTrouble(connection({ next_sync_at: at(-40_000), syncing: true }), NOW)).toBeNull();
  });

  it("is none of a link that has ended", () => {
    expect(linkTrouble(connection({ state: "reauth_required", next_sync_at: at(-40_000) }), NOW)).toBeNull();
    expect(linkTrouble(connection({ state: "none", last_error: error("schwab_outage") }), NOW)).toBeNull();
  });
});
