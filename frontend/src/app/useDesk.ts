/** Everything the desk shows, in one place: the polled answers and what follows from them. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { isFailure } from "../api/errors";
import { banners, type Banner } from "../domain/banners";
import type { Activity, Connection, MarketSession, Positions, Summary } from "../domain/book";
import { freshness, type Freshness } from "../domain/freshness";
import {
  accountsQuery,
  activityQuery,
  connectionQuery,
  marketSessionQuery,
  summaryQuery,
  usePositions,
} from "../queries/book";
import { PACE } from "../queries/polling";
import { useRefresh, useRefreshOnOpen, type Refresh } from "../queries/refresh";
import { setClockOffset, useNow } from "../ui/useNow";

export type DeskData = {
  accounts: readonly Summary[];
  accountsKnown: boolean;
  summary: Summary | undefined;
  positions: Positions | undefined;
  activity: Activity | undefined;
  connection: Connection | undefined;
  session: MarketSession | undefined;
  serverReachable: boolean;
  bookFreshness: Freshness;
  positionsFreshness: Freshness;
  ordersFreshness: Freshness;
  banners: Banner[];
  refresh: Refresh;
};

const ORDERS_SLACK = 3;

export function useDesk(account: number | null): DeskData {
  const now = useNow();
  const accounts = useQuery(accountsQuery);
  const summary = useQuery(summaryQuery(account));
  const positions = usePositions(account);
  const activity = useQuery(activityQuery(account));
  const session = useQuery(marketSessionQuery);
  const [connection, refresh] = useConnectionAndRefresh(summary.data, now);
  useServerClock(session.data?.offsetMs, session.data?.changes_at, now, session.refetch);

  const polled = [summary, positions, activity, connection];
  // One lost answer is no outage; two at a time are.
  const serverReachable = polled.filter((query) => isFailure(query.error, "unreachable")).length < 2;
  const heard = Math.max(...polled.map((query) => query.dataUpdatedAt));
  // Without a working link nothing follows, however young the last figures are.
  const unlinked = connection.data?.state === "none" || connection.data?.state === "reauth_required";
  const sessionName = session.data?.session ?? "regular";
  const facts = { serverReachable, session: sessionName, now, serverSaysStale: unlinked || (summary.data?.is_stale ?? false) };
  const bookFacts = { ...facts, checkedAt: summary.data?.checked_at ?? null };
  return {
    accounts: accounts.data ?? [],
    accountsKnown: accounts.data !== undefined,
    summary: summary.data,
    positions: positions.data,
    activity: activity.data,
    connection: connection.data,
    session: session.data,
    serverReachable,
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
    }),
    refresh,
  };
}

/** While a refresh runs, the connection is asked every second, so that its end is seen at once. */
function useConnectionAndRefresh(summary: Summary | undefined, now: number) {
  const connection = useQuery({
    ...connectionQuery(),
    refetchInterval: (query) =>
      query.state.data?.syncing === true ? PACE.waiting.seen : document.visibilityState === "hidden" ? PACE.connection.hidden : PACE.connection.seen,
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
