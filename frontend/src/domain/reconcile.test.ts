import { describe, expect, it } from "vitest";
import { money, position, summary } from "../testing/book";
import { reconcile } from "./reconcile";

const rows = [position({ id: 1, market_value: money("20000.03") }), position({ id: 2, market_value: money("7523.80") })];

describe("reconcile", () => {
  it("agrees when the rows make up net liq without cash and balances", () => {
    expect(reconcile(rows, 4, summary())).toEqual({ state: "agrees" });
  });

  it("tells the exact difference", () => {
    expect(reconcile(rows, 4, summary({ net_liq: money("26177.13") }))).toEqual({
      state: "differs",
      difference: "-0.1",
      rowsWithoutValue: 0,
    });
  });

  it("counts parts that a cash account lacks as 0", () => {
    const cash = summary({ net_liq: money("27623.83"), cash: money("100"), margin_balance: null, short_balance: null });
    expect(reconcile(rows, 4, cash).state).toBe("agrees");
  });

  it("leaves cash rows out: they are inside the cash balance", () => {
    const sweep = position({ id: 3, asset_type: "CASH", market_value: money("500") });
    expect(reconcile([...rows, sweep], 4, summary()).state).toBe("agrees");
  });

  it("names rows without a value beside the difference", () => {
    const broken = position({ id: 3, market_value: null });
    const result = reconcile([rows[0] ?? broken, broken], 4, summary());
    expect(result).toEqual({ state: "differs", difference: "-7523.8", rowsWithoutValue: 1 });
  });

  it("compares nothing of different versions, and nothing without a net liq", () => {
    expect(reconcile(rows, 3, summary()).state).toBe("unknown");
    expect(reconcile(rows, 4, summary({ net_liq: null })).state).toBe("unknown");
  });
});
