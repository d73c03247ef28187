/** Where each answer lies in the cache. */
import type { AccountId } from "../api/endpoints";

export const KEYS = {
  accounts: ["accounts"],
  summary: (account: AccountId) => ["summary", account] as const,
  allPositions: ["positions"],
  positions: (account: AccountId) => ["positions", account] as const,
  activity: (account: AccountId) => ["activity", account] as const,
  /** Under its account's activity, so that whatever makes that old makes this old too. */
  order: (account: number, order: number) => ["activity", account, "order", order] as const,
  statements: ["statement"],
  statement: (account: AccountId, from: string, to: string) => ["statement", account, from, to] as const,
  plYtds: ["pl-ytd"],
  plYtd: (account: AccountId) => ["pl-ytd", account] as const,
  netLiq: (account: AccountId, span: string) => ["net-liq", account, span] as const,
  allStrategies: ["strategies"],
  strategies: (account: AccountId) => ["strategies", account] as const,
  history: ["history"],
  connection: ["connection"],
  marketSession: ["market-session"],
  watchlist: ["watchlist"],
  quotes: ["quotes"],
} as const;
