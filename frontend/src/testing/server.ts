/** The server's answers in tests of the whole page; a test overrides what it is about. */
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { activity, connection, marketSession, position, positions, summary } from "./book";
import { netLiq, plYtd } from "./history";

export const url = (path: string): string => new URL(path, window.location.origin).href;
export const signedIn = { authenticated: true, username: "demo", csrf_token: "token-1" };
export const signedOut = { authenticated: false, username: null, csrf_token: "token-0" };

export const answers = {
  session: (body = signedIn as object) => http.get(url("/api/auth/session/"), () => HttpResponse.json(body)),
  connection: (change = {}) =>
    http.get(url("/api/schwab/connection/"), () => HttpResponse.json(connection(change))),
  accounts: (list = [summary()]) => http.get(url("/api/actandpos/accounts/"), () => HttpResponse.json(list)),
};

export const server = setupServer(
  answers.session(),
  answers.connection(),
  answers.accounts(),
  http.get(url("/api/actandpos/account_summary/"), () => HttpResponse.json(summary())),
  http.get(url("/api/positions/"), () => HttpResponse.json(positions([position()]), { headers: { ETag: '"a4"' } })),
  http.get(url("/api/actandpos/activity/today/"), () => HttpResponse.json(activity())),
  http.get(url("/api/livedata/session/"), () => HttpResponse.json(marketSession({ now: new Date().toISOString() }))),
  http.get(url("/api/livedata/watchlist/"), () => HttpResponse.json({ symbols: [] })),
  http.get(url("/api/livedata/quotes/"), () => HttpResponse.json({ quotes: [], unknown: [] })),
  http.get(url("/api/actandpos/pl_ytd/"), () => HttpResponse.json(plYtd())),
  http.get(url("/api/actandpos/net_liq/"), () => HttpResponse.json(netLiq())),
  http.get(url("/api/actandpos/strategies/"), () => HttpResponse.json({ account_id: null, version: 4, strategies: [], facts: {} })),
  http.get(url("/api/schwab/history/"), () => HttpResponse.json([])),
  http.post(url("/api/schwab/refresh/"), () => HttpResponse.json({ queued: false, detail: "Fresh enough." }, { status: 202 })),
);
