import { describe, expect, it } from "vitest";
import { closed, money, position } from "../testing/book";
import { strategies, strategy } from "../testing/strategies";
import { sum } from "./decimal";
import { inGroupOrder, linesOf, type Line, type LineFacts } from "./positionLines";

const option = (id: number, symbol: string, value: string) => position({ id, symbol, underlying: "AAPL", asset_type: "OPT", market_value: money(value), pl_day: money("1.05") });
const LOW = option(2, "AAPL  261218C00220000", "1000.1");
const HIGH = option(3, "AAPL  261218C00230000", "-400.05");
const SHARES = position({ id: 1, market_value: money("50"), pl_day: money("-3") });
const FORD = position({ id: 4, symbol: "F", market_value: money("7") });
const SPREAD = strategy("Vertical 220/230 C 18 Dec", [[2, LOW.symbol, "1"], [3, HIGH.symbol, "-1"]]);

function lines(change: Partial<LineFacts> = {}): Line[] {
  return linesOf({
    rows: [SHARES, LOW, HIGH, FORD],
    closed: [],
    strategies: strategies([SPREAD, strategy("AAPL", [[1, "AAPL", "100"]])]),
    groupBy: "underlying",
    shut: new Set(),
    accountName: (id) => `Account ${id}`,
    ...change,
  });
}

const words = (list: readonly Line[]): string[] =>
  list.map((line) => "\u00b7".repeat(line.depth) + (line.kind === "group" ? `[${line.title}${line.detail === "" ? "" : ` ${line.detail}`}]` : `${line.row.symbol}${line.kind === "closed" ? " closed" : ""}`));

describe("by underlying", () => {
  it("stand strategies under their underlying and legs under their strategy; a single holding stands by itself", () => {
    expect(words(lines())).toEqual([
      "[AAPL]",
      "\u00b7AAPL",
      "\u00b7[Vertical 220/230 C 18 Dec]",
      `\u00b7\u00b7${LOW.symbol}`,
      `\u00b7\u00b7${HIGH.symbol}`,
      "F",
    ]);
  });

  it("is one head where a strategy is all there is", () => {
    expect(words(lines({ rows: [LOW, HIGH] }))).toEqual(["[AAPL Vertical 220/230 C 18 Dec]", `\u00b7${LOW.symbol}`, `\u00b7${HIGH.symbol}`]);
  });

  it("has sub-totals that are the exact sums of the lines under them", () => {
    const all = lines();
    const [head] = all;
    const legs = all.filter((line) => line.kind === "leg" && line.row.underlying === "AAPL");
    expect(head?.kind === "group" && head.totals().market_value.value).toBe("650.05");
    expect(head?.kind === "group" && head.totals().market_value.value).toBe(sum(legs.map((line) => (line.kind === "leg" ? line.row.market_value : null))).value);
  });

  it("keeps what was closed today, in the day's P/L alone", () => {
    const gone = closed({ symbol: "AAPL", pl_day: money("-20.25") });
    const [head, ...rest] = lines({ rows: [SHARES], closed: [gone, closed({ id: 2, symbol: "TSLA" })] });
    expect(words(rest)).toEqual(["\u00b7AAPL", "\u00b7AAPL closed", "TSLA closed"]);
    expect(head?.kind === "group" && [head.totals().pl_day.value, head.totals().market_value.value]).toEqual(["-23.25", "50"]);
  });

  it("hides the lines of a group that was shut, and says how many", () => {
    const [head, next] = lines({ shut: new Set(["underlying AAPL"]) });
    expect(head).toMatchObject({ open: false, size: 3 });
    expect(next).toMatchObject({ kind: "leg", row: FORD });
  });

  it("puts legs of several underlyings together that were chosen by hand", () => {
    const mine = strategy("Hedge", [[1, "AAPL", "100"], [4, "F", "500"]], { chosen: true, underlying: "", kind: "custom" });
    expect(words(lines({ rows: [SHARES, FORD], strategies: strategies([mine]) }))).toEqual(["[Hedge]", "\u00b7AAPL", "\u00b7F"]);
  });
});

describe("otherwise", () => {
  it("by type, by account, or not at all", () => {
    expect(words(lines({ groupBy: "type" })).filter((word) => word.startsWith("["))).toEqual(["[Stocks]", "[Options]"]);
    expect(words(lines({ groupBy: "account" }))[0]).toBe("[Account 1]");
    expect(words(lines({ groupBy: "none" }))).toEqual(["AAPL", LOW.symbol, HIGH.symbol, "F"]);
  });
});

describe("the order of groups", () => {
  it("is that of their sums where the column has sums, unknown ones last", () => {
    const rows = [position({ id: 1, symbol: "A", market_value: money("10") }), position({ id: 2, symbol: "B", market_value: money("9") }), position({ id: 3, symbol: "B", underlying: "B", market_value: money("5") }), position({ id: 4, symbol: "C", market_value: null })];
    const ids = (desc: boolean): number[] => inGroupOrder(rows, "underlying", [{ id: "market_value", desc }]).map((row) => row.id);
    expect(ids(true)).toEqual([2, 3, 1, 4]);
    expect(ids(false)).toEqual([1, 2, 3, 4]);
    expect(inGroupOrder(rows, "underlying", [{ id: "mark_price", desc: true }])).toBe(rows);
  });
});
