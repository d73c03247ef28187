/** What the positions table does to its rows: filter, order that holds still, totals. */
import type { ClosedPosition, Position } from "./book";
import { decimalsIn, percentOf, sum, sumOfAbsolutes, type Money, type Percent, type Sum } from "./decimal";
import { readableName } from "./optionName";
import type { View } from "./view";

/** Every word must be found in symbol, readable name, underlying or description. */
export function filterPositions<Row extends Position | ClosedPosition>(rows: readonly Row[], view: Pick<View, "query" | "types">): readonly Row[] {
  const words = view.query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0 && view.types.length === 0) return rows;
  return rows.filter((row) => {
    if (view.types.length > 0 && !view.types.includes(row.asset_type)) return false;
    const text = `${row.symbol} ${readableName(row)} ${row.underlying} ${row.description ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Shares before their options, options by expiry, put or call, strike. */
export function compareNames(a: Position, b: Position): number {
  return (
    compareText(a.underlying, b.underlying) ||
    Number(a.put_call !== null) - Number(b.put_call !== null) ||
    compareText(a.expiration ?? "", b.expiration ?? "") ||
    compareText(a.put_call ?? "", b.put_call ?? "") ||
    Number(a.strike ?? 0) - Number(b.strike ?? 0) ||
    compareText(a.symbol, b.symbol) ||
    a.account_id - b.account_id
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export type HeldOrder = { ids: readonly number[]; rule: string };

/**
 * Keeps the order while someone points at or focuses a row: known rows stay where they are, gone rows
 * leave, new ones join at the end. A changed rule (another sort) always takes effect.
 */
export function holdOrder(before: HeldOrder, sorted: readonly number[], rule: string, held: boolean): HeldOrder {
  if (!held || before.rule !== rule) {
    return before.rule === rule && sameIds(before.ids, sorted) ? before : { ids: sorted, rule };
  }
  const present = new Set(sorted);
  const known = new Set(before.ids);
  const ids = [...before.ids.filter((id) => present.has(id)), ...sorted.filter((id) => !known.has(id))];
  return sameIds(ids, before.ids) ? before : { ids, rule };
}

export function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

export type Totals = {
  market_value: Sum<Money>;
  cost_basis: Sum<Money>;
  pl_open: Sum<Money>;
  pl_day: Sum<Money>;
  net_liq_percent: Sum<Percent>;
  pl_open_percent: Percent | null;
  pl_day_percent: Percent | null;
};

/**
 * P/L % of several rows: open over what they cost, day over what they were worth before today's change.
 * What was closed today counts in the day's P/L alone.
 */
export function totalsOf(rows: readonly Position[], closed: readonly ClosedPosition[] = []): Totals {
  const plOpen = sum(rows.map((row) => row.pl_open));
  const plDay = sum([...rows.map((row) => row.pl_day), ...closed.map((row) => row.pl_day)]);
  const cost = sumOfAbsolutes(rows.map((row) => (row.pl_open === null ? [null] : [row.cost_basis])));
  const before = sumOfAbsolutes(rows.map((row) => [row.market_value, row.pl_day]));
  return {
    market_value: sum(rows.map((row) => row.market_value)),
    cost_basis: sum(rows.map((row) => row.cost_basis)),
    pl_open: plOpen,
    pl_day: plDay,
    net_liq_percent: sum(rows.map((row) => row.net_liq_percent)),
    pl_open_percent: percentOf(plOpen.value, cost),
    pl_day_percent: percentOf(plDay.value, before),
  };
}

export function quantityDecimals(rows: readonly Position[]): number {
  return rows.reduce((most, row) => Math.max(most, decimalsIn(row.quantity)), 0);
}
