/** Invented figures over time. */
import type { NetLiq } from "../domain/netLiq";
import type { PlYtd } from "../domain/statement";
import { at, money, percent } from "./book";

export function plYtd(change: Partial<PlYtd> = {}): PlYtd {
  return {
    account_id: null,
    year: 2026,
    realized: money("1200.25"),
    open: money("1500"),
    total: money("2700.25"),
    dividends: money("31"),
    interest: money("-4.5"),
    fees: money("12.35"),
    known_from: "2025-11-24",
    missing: {},
    ...change,
  };
}

export function netLiq(change: Partial<NetLiq> = {}): NetLiq {
  return {
    account_id: null,
    range: "1d",
    from: at(-3_600_000),
    to: at(0),
    previous_close: money("26000"),
    points: [
      { at: at(-3_600_000), net_liq: money("26010.5") },
      { at: at(-1_800_000), net_liq: money("25990") },
      { at: at(0), net_liq: money("26177.03") },
    ],
    flows: [],
    change: money("177.03"),
    return_percent: percent("0.68"),
    missing: {},
    ...change,
  };
}
