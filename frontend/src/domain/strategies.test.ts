import { describe, expect, it } from "vitest";
import { money, position, quantity } from "../testing/book";
import { strategies, strategy } from "../testing/strategies";
import { sum } from "./decimal";
import { claimsOf, factNotes, forgotten, partsOf, regrouped, type Fact } from "./strategies";

const SHARES = position({ id: 1, symbol: "AAPL", quantity: quantity("300"), market_value: money("100.01"), pl_day: money("-10"), pl_open: null });
const CALL = "AAPL  261218C00230000";
const COVERED = strategy("Covered call", [[1, "AAPL", "100"], [2, CALL, "-1"]], { kind: "covered_call" });
const REST = strategy("AAPL", [[1, "AAPL", "200"]]);

describe("a position in two strategies", () => {
  const parts = partsOf(SHARES, claimsOf(strategies([COVERED, REST])).get(1));

  it("is divided by units, and adds up to the cent", () => {
    expect(parts.map((part) => [part.strategy?.name, part.row.quantity, part.row.market_value])).toEqual([
      ["Covered call", "100", "33.34"],
      ["AAPL", "200", "66.67"],
    ]);
    expect(sum(parts.map((part) => part.row.market_value)).value).toBe("100.01");
    expect(parts.map((part) => part.row.pl_open)).toEqual([null, null]);
  });

  it("gives the same rows for the same position, so that nothing is drawn anew", () => {
    const again = partsOf(SHARES, claimsOf(strategies([COVERED, REST])).get(1));
    expect(again.map((part) => part.row)).toEqual(parts.map((part) => part.row));
    expect(again[0]?.row).toBe(parts[0]?.row);
  });

  it("keeps the units that no strategy knows yet by themselves", () => {
    const more = partsOf({ ...SHARES, quantity: quantity("350") }, claimsOf(strategies([COVERED, REST])).get(1));
    expect(more.map((part) => [part.strategy?.name ?? null, part.row.quantity])).toEqual([["Covered call", "100"], ["AAPL", "200"], [null, "50"]]);
  });

  it("stays whole when the strategies are of another time", () => {
    const less = partsOf({ ...SHARES, quantity: quantity("250") }, claimsOf(strategies([COVERED, REST])).get(1));
    expect(less).toHaveLength(1);
    expect(less[0]?.whole).toBe(true);
    expect(partsOf(SHARES, undefined)[0]?.strategy).toBeNull();
  });
});

describe("putting legs together", () => {
  const mine = strategy("Mine", [[1, "AAPL", "300"], [3, "MSFT", "5"]], { chosen: true });
  const other = strategy("Elsewhere", [[9, "F", "1"]], { chosen: true, account_id: 2 });
  const leg = (symbol: string) => ({ account_id: 1, symbol, asset_type: "EQ" as const });

  it("takes them out of where they were, and leaves other accounts alone", () => {
    expect(regrouped(strategies([mine, other, REST]), 1, "New", [leg("AAPL"), leg("F")])).toEqual({
      account_id: 1,
      groups: [
        { name: "Mine", legs: [{ symbol: "MSFT", asset_type: "EQ" }] },
        { name: "New", legs: [{ symbol: "AAPL", asset_type: "EQ" }, { symbol: "F", asset_type: "EQ" }] },
      ],
    });
  });

  it("is undone by leaving one out", () => {
    expect(forgotten(strategies([mine, other]), mine)).toEqual({ account_id: 1, groups: [] });
  });
});

describe("notes", () => {
  const fact = (change: Partial<Fact>): Fact => ({
    in_the_money: null,
    moneyness_percent: null,
    assignment_risk: null,
    assignment_reason: "",
    ex_dividend_date: null,
    dividend_amount: null,
    ...change,
  });

  it("say what must be known, with the reason", () => {
    const option = position({ put_call: "CALL" });
    const notes = factNotes(fact({ in_the_money: true, moneyness_percent: "3.21", assignment_risk: "high", assignment_reason: "No time value is left.", ex_dividend_date: "2026-12-09" }), option);
    expect(notes.map((note) => note.text)).toEqual(["ITM 3.2%", "assignment"]);
    expect(notes[1]).toMatchObject({ tone: "red", tip: "No time value is left." });
    expect(factNotes(fact({ ex_dividend_date: "2026-12-09", dividend_amount: "0.26" }), position()).map((note) => note.text)).toEqual(["xd 9 Dec"]);
    expect(factNotes(undefined, option)).toEqual([]);
    expect(factNotes(fact({ assignment_risk: "none", in_the_money: false }), option).map((note) => note.text)).toEqual(["OTM"]);
  });
});
