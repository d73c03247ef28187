/** An invented statement. */
import type { Statement, Transaction } from "../domain/statement";
import { at, money, price, quantity } from "./book";

export function transaction(change: Partial<Transaction> = {}): Transaction {
  return {
    id: 1,
    account_id: 1,
    at: at(-86_400_000),
    trade_date: "2026-11-20",
    settlement_date: "2026-11-23",
    kind: "trade",
    broker_type: "TRADE",
    status: "VALID",
    symbol: "AAPL",
    underlying: "AAPL",
    asset_type: "EQ",
    description: "Sold Apple",
    quantity: quantity("-10"),
    price: price("231.4"),
    amount: money("2314"),
    fees: money("0.02"),
    net_amount: money("2313.98"),
    position_effect: "CLOSING",
    order_id: null,
    missing: {},
    ...change,
  };
}

export function statement(change: Partial<Statement> = {}): Statement {
  const symbol = { underlying: "AAPL", asset_type: "EQ" as const, proceeds: money("2314"), fees: money("0.02"), unmatched_quantity: quantity("0") };
  return {
    account_id: 1,
    from: "2026-01-01",
    to: "2026-11-23",
    transactions_checked_at: at(-60_000),
    known_from: "2026-06-01",
    transactions: [transaction()],
    realized: {
      by_symbol: [
        { ...symbol, symbol: "AAPL", quantity: quantity("10"), cost: money("-1823.31"), pl: money("490.67") },
        { ...symbol, symbol: "F", quantity: quantity("5"), cost: money("-60.1"), pl: money("-0.1") },
        { ...symbol, symbol: "IWM", quantity: quantity("40"), cost: null, pl: null, unmatched_quantity: quantity("40") },
      ],
      by_day: [{ day: "2026-11-19", pl: money("-0.1"), fees: money("0.02") }, { day: "2026-11-20", pl: money("490.67"), fees: money("0.02") }],
      by_month: [{ month: "2026-11", pl: money("490.57"), fees: money("0.04") }],
      by_year: [{ year: 2026, pl: money("490.57"), fees: money("0.04") }],
    },
    totals: {
      realized_pl: money("490.57"),
      fees: money("0.06"),
      dividends: money("12.5"),
      interest: null,
      deposits: money("0"),
      withdrawals: money("0"),
      net_amount: money("2313.98"),
      transactions: 1,
    },
    unmatched: [{ symbol: "IWM", quantity: quantity("40"), closed_at: at(0), reason: "Opened before the book begins." }],
    rejected: [],
    method: "FIFO",
    missing: { interest: "Not told apart from dividends." },
    ...change,
  };
}
