/** Every call the page makes, by name. */
import { bodyOf, bodyUnlessUnchanged, client, rememberCsrfToken } from "./client";
import { isFailure } from "./errors";
import type {
  WireActivity,
  WireConnection,
  WireHistory,
  WireHistoryRequest,
  WireMarketSession,
  WireNetLiq,
  WireOrderDetail,
  WirePositions,
  WireQuote,
  WireRefresh,
  WireRegroup,
  WireSession,
  WireStatement,
  WireStrategies,
  WireSummary,
  WireYear,
} from "./wire";

/** null stands for all accounts. */
export type AccountId = number | null;

function forAccount(account: AccountId): { query?: { account_id: number } } {
  return account === null ? {} : { query: { account_id: account } };
}

function keepToken(session: WireSession): WireSession {
  rememberCsrfToken(session.csrf_token);
  return session;
}

export async function getSession(signal?: AbortSignal): Promise<WireSession> {
  return keepToken(await bodyOf(client.GET("/api/auth/session/", { signal: signal ?? null })));
}

/** A token may have been changed by another tab: ask for the present one and try once more. */
async function withFreshToken<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isFailure(error, "refused") || error.status !== 403) throw error;
    await getSession();
    return await call();
  }
}

export function login(username: string, password: string): Promise<WireSession> {
  const call = () => bodyOf(client.POST("/api/auth/login/", { body: { username, password } }));
  return withFreshToken(call).then(keepToken);
}

export async function logout(): Promise<void> {
  await withFreshToken(() => bodyOf(client.POST("/api/auth/logout/")));
}

export function getConnection(signal: AbortSignal): Promise<WireConnection> {
  return bodyOf(client.GET("/api/schwab/connection/", { signal }));
}

export async function disconnect(): Promise<void> {
  await withFreshToken(() => bodyOf(client.DELETE("/api/schwab/connection/")));
}

export function pasteAddress(address: string): Promise<WireConnection> {
  return withFreshToken(() => bodyOf(client.POST("/api/schwab/oauth/paste/", { body: { address } })));
}

export function askRefresh(trigger: "open" | "manual"): Promise<WireRefresh> {
  return withFreshToken(() => bodyOf(client.POST("/api/schwab/refresh/", { body: { trigger } })));
}

export function getAccounts(signal: AbortSignal): Promise<WireSummary[]> {
  return bodyOf(client.GET("/api/actandpos/accounts/", { signal }));
}

export function getSummary(account: AccountId, signal: AbortSignal): Promise<WireSummary> {
  return bodyOf(client.GET("/api/actandpos/account_summary/", { params: forAccount(account), signal }));
}

export type TaggedPositions = { etag: string | null; body: WirePositions };

/** With the copy known already, an unchanged table costs a 304 and no parsing. */
export async function getPositions(
  account: AccountId,
  known: TaggedPositions | undefined,
  signal: AbortSignal,
): Promise<TaggedPositions> {
  const headers = known?.etag ? { "If-None-Match": known.etag } : {};
  const pending = client.GET("/api/positions/", { params: forAccount(account), headers, signal });
  const fresh = await bodyUnlessUnchanged<WirePositions>(pending);
  return fresh ?? known ?? getPositions(account, undefined, signal);
}

export function getActivity(account: AccountId, signal: AbortSignal): Promise<WireActivity> {
  return bodyOf(client.GET("/api/actandpos/activity/today/", { params: forAccount(account), signal }));
}

export function getOrder(order: number, signal: AbortSignal): Promise<WireOrderDetail> {
  return bodyOf(client.GET("/api/actandpos/orders/{order_id}/", { params: { path: { order_id: String(order) } }, signal }));
}

export function getStrategies(account: AccountId, signal: AbortSignal): Promise<WireStrategies> {
  return bodyOf(client.GET("/api/actandpos/strategies/", { params: forAccount(account), signal }));
}

export function putStrategies(body: WireRegroup): Promise<WireStrategies> {
  return withFreshToken(() => bodyOf(client.PUT("/api/actandpos/strategies/", { body })));
}

export function getNetLiq(account: AccountId, range: WireNetLiq["range"], signal: AbortSignal): Promise<WireNetLiq> {
  const params = { query: { ...forAccount(account).query, range } };
  return bodyOf(client.GET("/api/actandpos/net_liq/", { params, signal }));
}

type Days = { from: string; to: string };

export function getStatement(account: AccountId, days: Days, signal: AbortSignal): Promise<WireStatement> {
  const params = { query: { ...forAccount(account).query, ...days } };
  return bodyOf(client.GET("/api/actandpos/statement/", { params, signal }));
}

/** The same as a file; a link of the page, not a call. */
export function statementCsv(account: AccountId, days: Days): string {
  const query = new URLSearchParams({ ...(account === null ? {} : { account_id: String(account) }), ...days });
  return `/api/actandpos/statement.csv?${query.toString()}`;
}

export function getPlYtd(account: AccountId, signal: AbortSignal): Promise<WireYear> {
  return bodyOf(client.GET("/api/actandpos/pl_ytd/", { params: forAccount(account), signal }));
}

export async function getHistory(signal: AbortSignal): Promise<readonly WireHistory[]> {
  return bodyOf(client.GET("/api/schwab/history/", { signal }));
}

export function askHistory(body: WireHistoryRequest): Promise<WireHistory> {
  return withFreshToken(() => bodyOf(client.POST("/api/schwab/history/", { body })));
}

export function getMarketSession(signal: AbortSignal): Promise<WireMarketSession> {
  return bodyOf(client.GET("/api/livedata/session/", { signal }));
}

export async function getQuotes(symbols: readonly string[], signal: AbortSignal): Promise<readonly WireQuote[]> {
  const params = { query: { symbols: symbols.join(",") } };
  return (await bodyOf(client.GET("/api/livedata/quotes/", { params, signal }))).quotes;
}

export async function getWatchlist(signal: AbortSignal): Promise<readonly string[]> {
  return (await bodyOf(client.GET("/api/livedata/watchlist/", { signal }))).symbols;
}

export async function putWatchlist(symbols: readonly string[]): Promise<readonly string[]> {
  const body = { symbols: [...symbols] };
  return (await withFreshToken(() => bodyOf(client.PUT("/api/livedata/watchlist/", { body })))).symbols;
}

export const OAUTH_START = "/api/schwab/oauth/start/";
