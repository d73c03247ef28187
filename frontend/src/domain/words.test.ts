import { describe, expect, it } from "vitest";
import { at, connection, marketSession, money, NOW, position, price, summary } from "../testing/book";
import { countTypes } from "./assetTypes";
import { connectionState, syncWords } from "./connection";
import { sessionName, untilNext } from "./marketSession";
import { readableName } from "./optionName";
import { leftOutOf, reasonFor, SUMMARY_SOURCES, summaryTip } from "./provenance";

describe("readableName", () => {
  const option = position({ symbol: "AAPL  260918C00220000", underlying: "AAPL", put_call: "CALL", strike: price("220"), expiration: "2026-09-18" });

  it("says options as people do", () => {
    expect(readableName(option)).toBe("AAPL 18 Sep 26 220 C");
    const weekly = { ...option, symbol: "SPXW  261204P05702500", put_call: "PUT", strike: price("5702.5"), expiration: "2026-12-04" } as const;
    expect(readableName(weekly)).toBe("SPXW 4 Dec 26 5702.5 P");
  });

  it("leaves other symbols, and options it cannot read, as they are", () => {
    expect(readableName(position({ symbol: "BRK/B" }))).toBe("BRK/B");
    expect(readableName({ ...option, strike: null })).toBe("AAPL  260918C00220000");
  });
});

describe("provenance", () => {
  it("tells field and time, by kind of account", () => {
    expect(summaryTip(summary(), "net_liq")).toBe("Schwab: liquidationValue\nFetched Nov 23, 09:59:58 ET");
    expect(summaryTip(summary({ account_type: "CASH" }), "stock_buying_power")).toContain("cashAvailableForTrading");
    expect(summaryTip(summary({ account_id: null, account_type: null }), "cash")).toContain("Sum of all accounts");
  });

  it("tells why a figure is missing, always in a sentence", () => {
    const cash = summary({ margin_balance: null, missing: { margin_balance: "Cash accounts have no margin." } });
    expect(summaryTip(cash, "margin_balance")).toContain("Cash accounts have no margin.");
    expect(summaryTip(summary({ equity: null }), "equity")).toContain("Schwab did not send this.");
    expect(reasonFor({}, "mark_price")).toBe("Schwab did not send this.");
  });

  it("names what a sum leaves out, once", () => {
    const note = "Without IRA …118.";
    const total = summary({ account_id: null, missing: { margin_balance: note, short_balance: note, equity: "Gone." }, equity: null });
    expect(leftOutOf(total)).toEqual([note]);
  });

  it("has a source for every figure of the summary", () => {
    const figures = Object.entries(summary()).filter(([, value]) => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
    expect(figures.map(([key]) => key).sort()).toEqual(Object.keys(SUMMARY_SOURCES).sort());
    expect(figures).toContainEqual(["cash", money("0")]);
  });
});

describe("the link to Schwab", () => {
  it("is never called connected when nobody knows or when it has ended", () => {
    expect(connectionState(connection(), true, NOW)).toEqual({ tone: "good", text: "Connected" });
    expect(connectionState(connection(), false, NOW).tone).toBe("none");
    expect(connectionState(connection({ login_ends_at: at(-1) }), true, NOW).tone).toBe("red");
    expect(connectionState(connection({ state: "reauth_required" }), true, NOW).tone).toBe("red");
    expect(connectionState(connection({ state: "expiring" }), true, NOW).tone).toBe("amber");
  });

  it("says how the last sync went", () => {
    expect(syncWords({ last_outcome: "partial", reason: "One order could not be read." })).toBe("read in part: One order could not be read.");
    expect(syncWords({ last_outcome: null, reason: "" })).toBe("");
  });
});

describe("the market session", () => {
  it("says what comes next, and names the holiday", () => {
    expect(untilNext(marketSession(), NOW)).toBe("closes in 6h");
    expect(untilNext(marketSession({ session: "pre", next_session: "regular", changes_at: at(65_000) }), NOW)).toBe("opens in 1m 5s");
    expect(sessionName(marketSession({ session: "holiday", name: "Thanksgiving Day" }))).toBe("Thanksgiving Day");
    expect(sessionName(marketSession())).toBe("Market open");
  });
});

it("counts the kinds that occur", () => {
  expect(countTypes([position({ asset_type: "OPT" }), position(), position()])).toEqual([
    { type: "EQ", count: 2 },
    { type: "OPT", count: 1 },
  ]);
});
