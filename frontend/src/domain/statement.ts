/** The statement: which days, what was booked, what was realized, and how far back that is known. */
import type { WireHistory, WireStatement, WireTransaction, WireYear } from "../api/wire";
import { ASSET_NAMES } from "./assetTypes";
import type { Money, Price, Quantity } from "./decimal";
import { sum, type Sum } from "./decimal";
import { humanWord } from "./orderWords";
import { symbolName } from "./quotes";
import { easternDate, fullDay } from "./time";

type TransactionMoney = "amount" | "fees" | "net_amount";
export type Transaction = Omit<WireTransaction, TransactionMoney | "quantity" | "price"> &
  Record<TransactionMoney, Money | null> & { quantity: Quantity | null; price: Price | null };

export type RealizedSymbol = Omit<WireStatement["realized"]["by_symbol"][number], "quantity" | "proceeds" | "cost" | "fees" | "pl" | "unmatched_quantity"> &
  Record<"quantity" | "unmatched_quantity", Quantity> &
  Record<"proceeds" | "cost" | "fees" | "pl", Money | null>;
export type TotalKey = Exclude<keyof WireStatement["totals"], "transactions">;
type Period = { pl: Money | null; fees: Money | null };
export type Statement = Omit<WireStatement, "transactions" | "realized" | "totals" | "unmatched"> & {
  unmatched: readonly (Omit<WireStatement["unmatched"][number], "quantity"> & { quantity: Quantity })[];
  transactions: readonly Transaction[];
  realized: {
    by_symbol: readonly RealizedSymbol[];
    by_day: readonly (Period & { day: string })[];
    by_month: readonly (Period & { month: string })[];
    by_year: readonly (Period & { year: number | string })[];
  };
  totals: Record<TotalKey, Money | null> & { transactions: number };
};
export type PlYtd = Omit<WireYear, "realized" | "open" | "total" | "dividends" | "interest" | "fees"> &
  Record<"realized" | "open" | "total" | "dividends" | "interest" | "fees", Money | null>;
export type History = WireHistory;

export const asStatement = (wire: WireStatement): Statement => wire as unknown as Statement;
export const asPlYtd = (wire: WireYear): PlYtd => wire as unknown as PlYtd;

export const RANGES = ["today", "week", "month", "ytd", "custom"] as const;
export type RangeName = (typeof RANGES)[number];
export const RANGE_NAMES: Record<RangeName, string> = { today: "Today", week: "Week", month: "Month", ytd: "YTD", custom: "From … to" };
export type Days = { from: string; to: string };

/** The days of a named range that ends today; weeks begin on Monday. `today` is the Eastern day. */
export function daysOf(name: Exclude<RangeName, "custom">, today: string): Days {
  const starts: Record<typeof name, string> = {
    today,
    week: addDays(today, -((weekday(today) + 6) % 7)),
    month: `${today.slice(0, 7)}-01`,
    ytd: `${today.slice(0, 4)}-01-01`,
  };
  return { from: starts[name], to: today };
}

const ms = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const weekday = (day: string): number => new Date(ms(day)).getUTCDay();

export function addDays(day: string, days: number): string {
  return new Date(ms(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The same day a year before; what is asked for at most. */
export function yearBefore(day: string): string {
  return addDays(day, -365);
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(ms(text)) && new Date(ms(text)).toISOString().startsWith(text);
}

/** Why these days cannot be asked for; null when they can. */
export function daysProblem({ from, to }: Days): string | null {
  if (!isDay(from) || !isDay(to)) return "Choose a first and a last day.";
  return from > to ? "The first day comes after the last." : null;
}

export const GROUPINGS = ["symbol", "day", "month", "year"] as const;
export type Grouping = (typeof GROUPINGS)[number];

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

export type RealizedLine = {
  key: string;
  name: string;
  detail: string;
  pl: Money | null;
  fees: Money | null;
  /** Of symbols alone. */
  symbol?: RealizedSymbol;
};

/** The realized P/L by what one chose, newest or alphabetical first. */
export function realizedLines({ realized }: Statement, grouping: Grouping): RealizedLine[] {
  switch (grouping) {
    case "symbol":
      return realized.by_symbol.map((one) => ({
        key: `${one.asset_type} ${one.symbol}`,
        name: symbolName(one.symbol),
        detail: ASSET_NAMES[one.asset_type].one,
        pl: one.pl,
        fees: one.fees,
        symbol: one,
      }));
    case "day":
      return newestFirst(realized.by_day.map(({ day, pl, fees }) => ({ key: day, name: fullDay(day), detail: "", pl, fees })));
    case "month":
      return newestFirst(realized.by_month.map(({ month, pl, fees }) => ({ key: month, name: monthName(month), detail: "", pl, fees })));
    case "year":
      return newestFirst(realized.by_year.map(({ year, pl, fees }) => ({ key: String(year), name: String(year), detail: "", pl, fees })));
  }
}

const newestFirst = (lines: RealizedLine[]): RealizedLine[] => lines.sort((a, b) => (a.key < b.key ? 1 : -1));
const monthName = (month: string): string => `${MONTHS[Number(month.slice(5, 7)) - 1] ?? month} ${month.slice(0, 4)}`;

export type RealizedTotals = { pl: Sum<Money>; fees: Sum<Money> };

/** What stands at the foot: the exact sum of the lines above it. */
export function realizedTotals(lines: readonly RealizedLine[]): RealizedTotals {
  return { pl: sum(lines.map((line) => line.pl)), fees: sum(lines.map((line) => line.fees)) };
}

const KINDS: Record<string, string> = { option_event: "Option", trade: "Trade" };
export const kindText = (kind: string): string => KINDS[kind] ?? humanWord(kind);

/** What moves cash alone has no units and no price: nothing is missing there. */
export function hasUnits({ kind, quantity }: Transaction): boolean {
  return quantity !== null || kind === "trade" || kind === "option_event";
}

export function transactionName({ symbol }: Transaction): string {
  return symbol === null ? "" : symbolName(symbol);
}

export type Progress =
  | { state: "none" }
  | { state: "running"; done: number; total: number; back: string | null }
  | { state: "failed"; message: string };

/** How far reading back has come, over the accounts that are looked at. */
export function progressOf(histories: readonly History[], account: number | null): Progress {
  const own = histories.filter((one) => one.kind === "transactions" && (account === null || one.account_id === account));
  const running = own.filter((one) => one.state === "running");
  if (running.length > 0) {
    const back = running.map((one) => one.reached_back_to).filter((day) => day !== null).sort().at(-1) ?? null;
    return {
      state: "running",
      done: own.reduce((all, one) => all + one.pages_done, 0),
      total: own.reduce((all, one) => all + one.pages_total, 0),
      back,
    };
  }
  const failed = own.find((one) => one.state === "failed");
  return failed === undefined ? { state: "none" } : { state: "failed", message: failed.error?.message ?? "Schwab could not be read." };
}

/** Whether all accounts that are looked at were read back to that day; the statement follows a moment later. */
export function isReadBackTo(histories: readonly History[], account: number | null, day: string): boolean {
  const own = histories.filter((one) => one.kind === "transactions" && (account === null || one.account_id === account));
  return own.length > 0 && own.every((one) => one.state === "done" && one.reached_back_to !== null && easternDate(one.reached_back_to) <= day);
}
