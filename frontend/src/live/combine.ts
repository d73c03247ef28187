/** Several accounts as one: rows side by side, balances added up exactly. */
import type { MoneyKey, Position, Positions, Summary } from "../domain/book";
import { percentOf, subtract, sum, type Percent } from "../domain/decimal";
import { summaryOf, type Book } from "./book";

/** The table of these accounts; null until each of them is known. */
export function positionsOf(account: number | null, books: readonly Book[]): Positions | null {
  const known = books.flatMap((book) => book.positions ?? []);
  if (known.length < books.length || known.length === 0) return null;
  const times = books.flatMap((book) => [book.positions?.asOf ?? [], book.marks?.asOf ?? []].flat());
  return {
    account_id: account,
    version: known.reduce((all, one) => all + one.version, 0),
    as_of: times.sort().at(-1) ?? null,
    positions: known.flatMap((one) => [...one.shown.values()]),
    closed_today: known.flatMap((one) => one.closed),
  };
}

export function summariesOf(books: readonly Book[]): Summary[] | null {
  const known = books.flatMap((book) => summaryOf(book) ?? []);
  return known.length === books.length && known.length > 0 ? known : null;
}

const ADDED: readonly MoneyKey[] = [
  "net_liq",
  "cash",
  "margin_balance",
  "short_balance",
  "equity",
  "stock_buying_power",
  "option_buying_power",
  "day_trading_buying_power",
  "maintenance_requirement",
  "long_market_value",
  "short_market_value",
  "pl_open",
  "pl_day",
];

const PERCENT_WAITS = "Follows when the server has added the accounts up again; each account has its own.";

/**
 * The server's total with its sums taken anew over the accounts as they are shown. A percentage cannot be added:
 * the server's stays as long as the sums it was made from stand, and is worked out from the sums once they move.
 */
export function totalOf(told: Summary, accounts: readonly Summary[]): Summary {
  const next: Summary = { ...told, version: accounts.reduce((all, one) => all + one.version, 0) };
  for (const key of ADDED) {
    const { value, known } = sum(accounts.map((one) => one[key]));
    next[key] = known === 0 ? null : value;
  }
  const checked = accounts.map((one) => one.checked_at);
  next.checked_at = checked.includes(null) ? null : (checked.sort().at(0) ?? null);
  next.is_stale = accounts.some((one) => one.is_stale);
  if (next.pl_day_percent !== null && (next.pl_day !== told.pl_day || next.net_liq !== told.net_liq)) {
    next.pl_day_percent = dayPercent(next, told);
    if (next.pl_day_percent === null) next.missing = { ...told.missing, pl_day_percent: PERCENT_WAITS };
  }
  return next;
}

/** The server's own formula over the new sums; not where it left accounts out, since then the bases differ. */
function dayPercent({ net_liq, pl_day }: Summary, told: Summary): Percent | null {
  if (net_liq === null || pl_day === null || told.missing.pl_day_percent !== undefined) return null;
  return percentOf(pl_day, subtract(net_liq, pl_day));
}

/** Rows that say the same keep their identity, so that nothing is drawn anew for them. */
export function keepSameRows(before: readonly Position[], after: readonly Position[]): readonly Position[] {
  const known = new Map(before.map((row) => [row.id, row]));
  const rows = after.map((row) => {
    const old = known.get(row.id);
    return old !== undefined && (old === row || saysTheSame(old, row)) ? old : row;
  });
  return rows.length === before.length && rows.every((row, index) => row === before[index]) ? before : rows;
}

function saysTheSame(a: Position, b: Position): boolean {
  const keys = Object.keys(b) as (keyof Position)[];
  return keys.every((key) => a[key] === b[key] || (key === "missing" && JSON.stringify(a.missing) === JSON.stringify(b.missing)));
}
