import { describe, expect, it } from "vitest";
import { at, NOW } from "../testing/book";
import { refreshProgress, type RefreshFacts } from "./refreshProgress";

const facts = (change: Partial<RefreshFacts>): RefreshFacts => ({
  pressed: { at: NOW, checkedAt: at(-9000) },
  accepted: { queued: true, detail: "" },
  failure: null,
  checkedAt: at(-9000),
  lastSync: null,
  now: NOW + 2000,
  ...change,
});
const failed = { kind: "accounts", trigger: "manual", outcome: "failed", started_at: at(500), ended_at: at(900), reason: "Schwab has an outage." } as const;

describe("refreshProgress", () => {
  it("runs until a newer answer of Schwab is there", () => {
    expect(refreshProgress(facts({ pressed: null })).state).toBe("idle");
    expect(refreshProgress(facts({ accepted: null })).state).toBe("running");
    expect(refreshProgress(facts({})).state).toBe("running");
    expect(refreshProgress(facts({ checkedAt: at(1500) })).state).toBe("idle");
  });

  it("tells why nothing was asked, and then falls silent", () => {
    const refused = { accepted: { queued: false, detail: "The figures are fresh." } };
    expect(refreshProgress(facts(refused))).toEqual({ state: "told", text: "The figures are fresh." });
    expect(refreshProgress(facts({ ...refused, now: NOW + 9000 })).state).toBe("idle");
  });

  it("tells of a failure since the press, not of an older one", () => {
    expect(refreshProgress(facts({ lastSync: failed }))).toMatchObject({ state: "told" });
    expect(refreshProgress(facts({ lastSync: { ...failed, started_at: at(-60_000) } })).state).toBe("running");
    expect(refreshProgress(facts({ failure: "Thor's server does not answer." }))).toMatchObject({ state: "told" });
  });

  it("does not wait for ever", () => {
    expect(refreshProgress(facts({ now: NOW + 46_000 }))).toMatchObject({ state: "told" });
    expect(refreshProgress(facts({ now: NOW + 60_000 })).state).toBe("idle");
  });
});
