/** Messages of the socket for the tests. */
import type { Position, Summary } from "../domain/book";
import type { AccountPulse, BalancesMessage, MarkedRow, MarksMessage, PositionsChange, PositionsSnapshot } from "../live/messages";
import { at, summary } from "./book";

export function balancesMessage(version: number, change: Partial<Summary> = {}, account = 1): BalancesMessage {
  const balances = summary({ account_id: account, version, ...change });
  return { type: "balances", account_id: account, version, base_version: version - 1, as_of: at(0), balances };
}

export function balancesSnapshot(version: number, change: Partial<Summary> = {}, account = 1): BalancesMessage {
  const { as_of, balances, type } = balancesMessage(version, change, account);
  return { type, account_id: account, version, as_of, balances, snapshot: true };
}

export function positionsSnapshot(version: number, rows: readonly Position[], account = 1): PositionsSnapshot {
  return { type: "positions", snapshot: true, account_id: account, version, as_of: at(0), rows };
}

export function positionsChange(from: number, to: number, changed: readonly Position[], removed: readonly number[] = []): PositionsChange {
  return { type: "positions", account_id: 1, version: to, base_version: from, as_of: at(0), changed, removed: removed.map((id) => ({ id })) };
}

export function marksMessage(version: number, seq: number, rows: readonly MarkedRow[] = [], balances: Partial<Summary> = {}): MarksMessage {
  return { type: "marks", account_id: 1, version, seq, as_of: at(0), rows, balances };
}

export function pulse(change: Partial<AccountPulse> = {}): AccountPulse {
  return { version: 4, orders_version: 2, seq: null, checked_at: at(-2000), link_state: "connected", is_stale: false, ...change };
}
