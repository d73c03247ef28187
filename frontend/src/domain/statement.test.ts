import { describe, expect, it } from "vitest";
import { statement, transaction } from "../testing/statement";
import { addDays, daysOf, daysProblem, hasUnits, isDay, isReadBackTo, progressOf, realizedLines, realizedTotals, yearBefore, type History } from "./statement";

describe("the days", () => {
  it("end today, and weeks begin on Monday", () => {
    expect(daysOf("today", "2026-11-22")).toEqual({ from: "2026-11-22", to: "2026-11-22" });
    expect(daysOf("week", "2026-11-22").from).toBe("2026-11-16");
    expect(daysOf("week", "2026-11-23").from).toBe("2026-11-23");
    expect(daysOf("month", "2026-11-22").from).toBe("2026-11-01");
    expect(daysOf("ytd", "2026-11-22").from).toBe("2026-01-01");
  });

  it("are counted on the calendar, whatever the clocks do", () => {
    expect(addDays("2026-03-08", 1)).toBe("2026-03-09");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(yearBefore("2026-11-22")).toBe("2025-11-22");
  });

  it("must be days, in order", () => {
    expect(isDay("2026-02-29")).toBe(false);
    expect(isDay("2028-02-29")).toBe(true);
    expect(daysProblem({ from: "2026-02-01", to: "2026-02-01" })).toBeNull();
    expect(daysProblem({ from: "2026-02-02", to: "2026-02-01" })).toBe("The first day comes after the last.");
    expect(daysProblem({ from: "", to: "2026-02-01" })).toBe("Choose a first and a last day.");
  });
});

describe("realized P/L", () => {
  it("adds up exactly, and tells how many lines have none", () => {
    const { pl, fees } = realizedTotals(realizedLines(statement(), "symbol"));
    expect(pl).toEqual({ value: "490.57", known: 2, missing: 1 });
    expect(fees.value).toBe("0.06");
  });

  it("has the newest day first, and readable months", () => {
    expect(realizedLines(statement(), "day").map((line) => line.name)).toEqual(["Nov 20, 2026", "Nov 19, 2026"]);
    expect(realizedLines(statement(), "month")[0]?.name).toBe("November 2026");
    expect(realizedLines(statement(), "year")[0]?.name).toBe("2026");
  });
});

describe("a booking", () => {
  it("without units lacks none when it moves cash alone", () => {
    expect(hasUnits(transaction({ kind: "dividend", quantity: null }))).toBe(false);
    expect(hasUnits(transaction({ quantity: null }))).toBe(true);
  });
});

describe("reading back", () => {
  const history = (change: Partial<History>): History => ({
    account_id: 1,
    kind: "transactions",
    state: "running",
    wanted_from: "2025-11-22",
    reached_back_to: "2026-05-01",
    pages_done: 6,
    pages_total: 13,
    error: null,
    ...change,
  });

  it("is counted over the accounts that are looked at, orders apart", () => {
    const all = [history({}), history({ account_id: 2, pages_done: 13, state: "done" }), history({ kind: "orders", pages_done: 1 })];
    expect(progressOf(all, null)).toEqual({ state: "running", done: 19, total: 26, back: "2026-05-01" });
    expect(progressOf(all, 1)).toMatchObject({ done: 6, total: 13 });
    expect(progressOf(all, 2)).toEqual({ state: "none" });
  });

  it("is over when every account was read back that far", () => {
    const done = [history({ state: "done", reached_back_to: "2025-11-22T05:00:00Z" }), history({ account_id: 2, state: "done" })];
    expect(isReadBackTo(done, 1, "2025-11-22")).toBe(true);
    expect(isReadBackTo(done, null, "2025-11-22")).toBe(false);
    expect(isReadBackTo([], null, "2025-11-22")).toBe(false);
  });

  it("says why it stopped", () => {
    const failed = history({ state: "failed", error: { code: "schwab_outage", message: "Schwab is down." } });
    expect(progressOf([failed], 1)).toEqual({ state: "failed", message: "Schwab is down." });
  });
});
