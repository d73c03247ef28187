/** The market's session in words. */
import type { MarketSession, SessionName } from "./book";
import { calendarDay, countdown, easternHour, msUntil } from "./time";

export const SESSION_NAMES: Record<SessionName, string> = {
  pre: "Pre-market",
  regular: "Market open",
  post: "After hours",
  closed: "Closed",
  holiday: "Holiday",
};

const NEXT: Record<SessionName, string> = {
  pre: "pre-market in",
  regular: "opens in",
  post: "closes in",
  closed: "ends in",
  holiday: "holiday in",
};

export function sessionName(session: MarketSession): string {
  return session.session === "holiday" && session.name !== null ? session.name : SESSION_NAMES[session.session];
}

/** "opens in 1h 5m": what comes next and when. */
export function untilNext(session: MarketSession, now: number): string {
  return `${NEXT[session.next_session]} ${countdown(msUntil(session.changes_at, now))}`;
}

export function sessionTip(session: MarketSession): string {
  const source = session.source === "schwab" ? "Schwab's market hours" : "the exchange calendar (Schwab's hours not known yet)";
  return [
    `Trading day ${calendarDay(session.trading_day)}`,
    `${SESSION_NAMES[session.next_session]} from ${easternHour(session.changes_at)} Eastern`,
    `From ${source}`,
  ].join("\n");
}
