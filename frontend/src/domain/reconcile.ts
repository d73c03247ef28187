/** Do the rows add up to Schwab's own net liq? */
import type { Position, Summary } from "./book";
import { isBelow, subtract, sum, type Money } from "./decimal";

export type Reconciliation =
  | { state: "agrees" }
  | { state: "differs"; difference: Money; rowsWithoutValue: number }
  | { state: "unknown"; reason: string };

const HALF_CENT = "0.005";

/**
 * Σ market value without CASH rows against net_liq − cash − margin_balance − short_balance.
 * Both sides must be of the same version: a table older than its summary would differ for no reason.
 */
export function reconcile(
  rows: readonly Position[],
  rowsVersion: number,
  summary: Summary,
): Reconciliation {
  if (summary.net_liq === null) return { state: "unknown", reason: "Schwab sent no net liq to compare with." };
  if (rowsVersion !== summary.version) return { state: "unknown", reason: "Table and balances are being updated." };
  const expected = subtract(summary.net_liq, summary.cash, summary.margin_balance, summary.short_balance);
  const held = sum(rows.filter((row) => row.asset_type !== "CASH").map((row) => row.market_value));
  const difference = subtract(held.value, expected);
  if (isBelow(difference, HALF_CENT)) return { state: "agrees" };
  return { state: "differs", difference, rowsWithoutValue: held.missing };
}
