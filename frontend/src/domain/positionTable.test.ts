import { describe, expect, it } from "vitest";
import { money, position, quantity } from "../testing/book";
import { compareNames, filterPositions, holdOrder, quantityDecimals, totalsOf, type HeldOrder } from "./positionTable";

const stock = position({ id: 1 });
const call = position({
  id: 2,
  symbol: "AAPL  270115C00220000",
  underlying: "AAPL",
  asset_type: "OPT",
  put_call: "CALL",
  strike: "220" as never,
  expiration: "2027-01-15",
  description: "APPLE INC 01/15/2027 $220 Call",
});
const etf = position({ id: 3, symbol: "SPY", asset_type: "ETF", description: "SPDR S&P 500 ETF Trust" });
const rows = [etf, call, stock];

describe("filterPositions", () => {
  const ids = (query: string, types: ("EQ" | "OPT" | "ETF")[] = []): number[] =>
    filterPositions(rows, { query, types }).map((row) => row.id);

  it("finds by symbol, readable name and description, all words at once", () => {
    expect(ids("aapl")).toEqual([2, 1]);
    expect(ids("aapl jan")).toEqual([2]);
    expect(ids("jan 220")).toEqual([2]);
    expect(ids("spdr")).toEqual([3]);
    expect(ids("zzz")).toEqual([]);
  });

  it("filters by kind, and by both", () => {
    expect(ids("", ["ETF", "OPT"])).toEqual([3, 2]);
    expect(ids("aapl", ["EQ"])).toEqual([1]);
  });

  it("hands the same rows back when nothing is filtered", () => {
    expect(filterPositions(rows, { query: "  ", types: [] })).toBe(rows);
  });
});

it("puts shares before their options, by name", () => {
  expect([...rows].sort(compareNames).map((row) => row.id)).toEqual([1, 2, 3]);
});

describe("holdOrder", () => {
  const before: HeldOrder = { ids: [1, 2, 3], rule: "a" };

  it("follows the sort while nobody points", () => {
    expect(holdOrder(before, [3, 1, 2], "a", false).ids).toEqual([3, 1, 2]);
    expect(holdOrder(before, [1, 2, 3], "a", false)).toBe(before);
  });

  it("holds still under the pointer: gone rows leave, new ones join at the end", () => {
    expect(holdOrder(before, [3, 2, 1], "a", true)).toBe(before);
    expect(holdOrder(before, [4, 3, 1], "a", true).ids).toEqual([1, 3, 4]);
  });

  it("lets a new sort through at once", () => {
    expect(holdOrder(before, [3, 2, 1], "b", true)).toEqual({ ids: [3, 2, 1], rule: "b" });
  });
});

describe("totalsOf", () => {
  it("adds up by hand", () => {
    const totals = totalsOf([
      position({ market_value: money("100.10"), cost_basis: money("90"), pl_open: money("10.1"), pl_day: money("0.1") }),
      position({ market_value: money("-50.20"), cost_basis: money("-60"), pl_open: money("9.8"), pl_day: money("-0.2") }),
    ]);
    expect(totals.market_value.value).toBe("49.9");
    expect(totals.cost_basis.value).toBe("30");
    expect(totals.pl_open.value).toBe("19.9");
    expect(totals.pl_day.value).toBe("-0.1");
    expect(totals.pl_open_percent).toBe("13.2667");
    expect(totals.pl_day_percent).toBe("-0.0667");
  });

  it("counts the rows without a value", () => {
    const totals = totalsOf([position({ pl_open: null }), position({ pl_open: money("7") })]);
    expect(totals.pl_open).toEqual({ value: "7", known: 1, missing: 1 });
  });
});

it("finds the decimals that the quantity column needs", () => {
  expect(quantityDecimals([position({ quantity: quantity("1") }), position({ quantity: quantity("33.1245") })])).toBe(4);
});
