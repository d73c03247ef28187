import { describe, expect, it } from "vitest";
import { at, NOW } from "../testing/book";
import { freshness, isDim, type FreshnessFacts } from "./freshness";

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
  it("goes from live to delayed to stale while the market is open", () => {
    expect(freshness(facts({})).state).toBe("live");
    expect(freshness(facts({ checkedAt: at(-MINUTE) })).state).toBe("delayed");
    expect(freshness(facts({ checkedAt: at(-3 * MINUTE) })).state).toBe("stale");
  });

  it("knows that a closed market is asked seldom", () => {
    expect(freshness(facts({ session: "closed", checkedAt: at(-6 * MINUTE) })).state).toBe("live");
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
    expect(freshness(facts({ checkedAt: at(-MINUTE), slack: 3 })).state).toBe("live");
  });

  it("never has a negative age when clocks differ", () => {
    expect(freshness(facts({ checkedAt: at(4000) })).ageMs).toBe(0);
  });

  it("dims what may have moved, and nothing else", () => {
    expect((["live", "delayed", "stale", "offline", "never"] as const).filter(isDim)).toEqual(["stale", "offline"]);
  });
});
