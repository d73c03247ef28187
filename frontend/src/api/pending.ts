/** Shapes and calls that the server's schema does not know yet, written down by hand until it does. */
import { bodyOf, client } from "./client";

type Text = string | null;
export type WireReasons = { missing: Record<string, string> };

type Answer<T> = Promise<{ data?: T; error?: unknown; response: Response }>;
type Init = { params?: object; body?: object; signal?: AbortSignal };
type Loose = Record<"GET" | "PUT" | "POST", (path: string, init: Init) => Answer<never>>;
const loose = client as unknown as Loose;

export function pendingGet<T>(path: string, query: Record<string, string | number>, signal: AbortSignal): Promise<T> {
  return bodyOf<T>(loose.GET(path, { params: { query }, signal }));
}

export function pendingSend<T>(method: "PUT" | "POST", path: string, body: object): Promise<T> {
  return bodyOf<T>(loose[method](path, { body }));
}

export type WireTransaction = WireReasons & {
  id: number;
  account_id: number;
  at: string;
  trade_date: string;
  settlement_date: Text;
  kind: string;
  broker_type: string;
  status: string;
  symbol: Text;
  underlying: Text;
  asset_type: Text;
  description: string;
  quantity: Text;
  price: Text;
  amount: Text;
  fees: Text;
  net_amount: Text;
  position_effect: Text;
  order_id: number | null;
};
export type WireStatement = WireReasons & {
  account_id: number | null;
  from: string;
  to: string;
  transactions_checked_at: Text;
  known_from: Text;
  transactions: WireTransaction[];
  realized: {
    by_symbol: {
      symbol: string;
      underlying: string;
      asset_type: string;
      quantity: string;
      proceeds: Text;
      cost: Text;
      fees: Text;
      pl: Text;
      unmatched_quantity: string;
    }[];
    by_day: { day: string; pl: Text; fees: Text }[];
    by_month: { month: string; pl: Text; fees: Text }[];
    by_year: { year: number | string; pl: Text; fees: Text }[];
  };
  totals: Record<"realized_pl" | "fees" | "dividends" | "interest" | "deposits" | "withdrawals" | "net_amount", Text> & {
    transactions: number;
  };
  unmatched: { symbol: string; quantity: string; closed_at: string; reason: string }[];
  rejected: { reason: string; seen_at: string }[];
  method: string;
};
export type WirePlYtd = WireReasons &
  Record<"realized" | "open" | "total" | "dividends" | "interest" | "fees" | "known_from", Text> & {
    account_id: number | null;
    year: number;
  };
export type WireHistory = {
  account_id: number;
  kind: "transactions" | "orders";
  state: "idle" | "running" | "failed" | "done";
  wanted_from: Text;
  reached_back_to: Text;
  pages_done: number;
  pages_total: number;
  error: { code: string; message: string } | null;
};

type Account = number | null;
type Range = { from: string; to: string };
const ofAccount = (account: Account): Record<string, number> => (account === null ? {} : { account_id: account });

export function getStatement(account: Account, range: Range, signal: AbortSignal): Promise<WireStatement> {
  return pendingGet("/api/actandpos/statement/", { ...ofAccount(account), ...range }, signal);
}

export function statementCsv(account: Account, range: Range): string {
  const query = new URLSearchParams({ ...(account === null ? {} : { account_id: String(account) }), ...range });
  return `/api/actandpos/statement.csv?${query.toString()}`;
}

export function getPlYtd(account: Account, signal: AbortSignal): Promise<WirePlYtd> {
  return pendingGet("/api/actandpos/pl_ytd/", ofAccount(account), signal);
}

export function getHistory(signal: AbortSignal): Promise<WireHistory[]> {
  return pendingGet("/api/schwab/history/", {}, signal);
}

export function askHistory(account: number, kind: WireHistory["kind"], from: string): Promise<WireHistory> {
  return pendingSend("POST", "/api/schwab/history/", { account_id: account, kind, from });
}
