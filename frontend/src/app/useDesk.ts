/** Everything the desk shows, in one place: the polled answers and what follows from them. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { isFailure } from "../api/errors";
import { banners, type Banner } from "../domain/banners";
import type { Activity, Connection, MarketSession, Positions, Summary } from "../domain/book";
import { freshness, streamedAt, type Freshness } from "../domain/freshness";
import { isLive, type LiveStatus } from "../live/status";
import {
  accountsQuery,
  activityQuery,
  connectionQuery,
  marketSessionQuery,
  summaryQuery,
  usePositions,
} from "../queries/book";
import { useLive, useLiveStatus, useWatchedAccounts } from "../queries/live";
import { every, PACE, type Pace } from "../queries/polling";
import { useRefresh, useRefreshOnOpen, type Refresh } from "../queries/refresh";
import { byOwnClock, setClockOffset, useNow } from "../ui/useNow";

export type DeskData = {
  accounts: readonly Summary[];
  accountsKnown: boolean;
  summary: Summary | undefined;
  positions: Positions | undefined;
  activity: Activity | undefined;
  connection: Connection | undefined;
  session: MarketSession | undefined;
  serverReachable: boolean;
  live: LiveStatus;
  bookFreshness: Freshness;
  positionsFreshness: Freshness;
  ordersFreshness: Freshness;
  banners: Banner[];
  refresh: Refresh;
};

const ORDERS_SLACK = 3;
const NO_ACCOUNTS: readonly Summary[] = [];
const idsOf = (accounts: readonly Summary[]): number[] => accounts.flatMap((one) => one.account_id ?? []);

function unpushedOf({ downSince, link }: LiveStatus, now: number): { ms: number; missing: "socket" | "bus" } | null {
  return downSince === null ? null : { ms: byOwnClock(now) - downSince, missing: link.state === "open" ? "bus" : "socket" };
}

/** A streamer that has stopped moves nothing any more: then Schwab's own last figures are the truth. */
function useEndOfMarks(connection: Connection | undefined): void {
  const { desk } = useLive();
  const state = connection?.stream.state;
  useEffect(() => {
    if (state === "down" || state === "off") desk.forgetMarks();
  }, [desk, connection, state]);
}

export function useDesk(account: number | null): DeskData {
  const now = useNow();
  const live = useLive();
  const status = useLiveStatus();
  const pushed = isLive(status);
  const accounts = useQuery(accountsQuery(live, pushed ? PACE.reconcile : PACE.accounts));
  const summary = useQuery(summaryQuery(account, live, pushed ? PACE.reconcile : PACE.book));
  const positions = usePositions(account, pushed ? PACE.reconcile : PACE.book);
  const activity = useQuery(activityQuery(account, pushed ? PACE.reconcile : PACE.orders));
  const session = useQuery(marketSessionQuery);
  const [connection, refresh] = useConnectionAndRefresh(summary.data, now, pushed ? PACE.watched : PACE.connection);
  useWatchedAccounts(account, idsOf(accounts.data ?? NO_ACCOUNTS));
  useEndOfMarks(connection.data);
  useServerClock(session.data?.offsetMs, session.data?.changes_at, now, session.refetch);

  const polled = [summary, positions, activity, connection];
  // One lost answer is no outage; two at a time are. A socket that delivers is an answer by itself.
  const serverReachable = pushed || polled.filter((query) => isFailure(query.error, "unreachable")).length < 2;
  const heard = Math.max(status.heardAt ?? 0, ...polled.map((query) => query.dataUpdatedAt));
  // Without a working link nothing follows, however young the last figures are.
  const unlinked = connection.data?.state === "none" || connection.data?.state === "reauth_required";
  const sessionName = session.data?.session ?? "regular";
  const facts = { serverReachable, session: sessionName, now, serverSaysStale: unlinked || (summary.data?.is_stale ?? false) };
  const streamFacts = { pushed, stream: connection.data?.stream, tickAt: status.tickAt, session: sessionName, now };
  const bookFacts = { ...facts, checkedAt: summary.data?.checked_at ?? null, streamedAt: streamedAt(streamFacts) };
  return {
    accounts: accounts.data ?? NO_ACCOUNTS,
    accountsKnown: accounts.data !== undefined,
    summary: summary.data,
    positions: positions.data,
    activity: activity.data,
    connection: connection.data,
    session: session.data,
    serverReachable,
    live: status,
    bookFreshness: freshness({ ...bookFacts, serverReachable: serverReachable && !summary.isError }),
    positionsFreshness: freshness({ ...bookFacts, serverReachable: serverReachable && !summary.isError && !positions.isError }),
    ordersFreshness: freshness({
      ...facts,
      serverReachable: serverReachable && !activity.isError,
      checkedAt: activity.data?.orders_checked_at ?? null,
      serverSaysStale: unlinked,
      slack: ORDERS_SLACK,
    }),
    banners: banners({
      connection: connection.data ?? null,
      serverReachable,
      lastHeardAt: heard === 0 ? null : heard,
      hasAccounts: (accounts.data ?? []).length > 0,
      unlinked: (accounts.data ?? []).filter((one) => one.link_state === "unlinked").map((one) => one.display_name),
      now,
      unpushed: unpushedOf(status, now),
    }),
    refresh,
  };
}

/** While a refresh runs, the connection is asked every second, so that its end is seen at once. */
function useConnectionAndRefresh(summary: Summary | undefined, now: number, pace: Pace) {
  const idle = connectionQuery(pace);
  const connection = useQuery({
    ...idle,
    refetchInterval: (query) => (query.state.data?.syncing === true ? PACE.waiting.seen : every(pace)(query)),
  });
  const linked = connection.data?.state === "connected" || connection.data?.state === "expiring";
  useRefreshOnOpen(linked);
  return [connection, useRefresh(summary, connection.data, now)] as const;
}

/** The server's clock rules; when a session ends by it, ask at once which one follows. */
function useServerClock(offsetMs: number | undefined, changesAt: string | undefined, now: number, ask: () => unknown): void {
  useEffect(() => {
    if (offsetMs !== undefined) setClockOffset(offsetMs);
  }, [offsetMs]);
  const over = changesAt !== undefined && now >= Date.parse(changesAt);
  useEffect(() => {
    if (over) ask();
  }, [over, ask]);
}
