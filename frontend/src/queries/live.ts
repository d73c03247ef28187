/** Between the live socket and the cache: what is pushed is written where the answers of the server lie. */
import { notifyManager, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { loginIsLost } from "../api/client";
import type { TaggedPositions } from "../api/endpoints";
import type { Connection, Positions, Summary } from "../domain/book";
import { linkTrouble } from "../domain/freshness";
import { withQuotes, type Quotes } from "../domain/quotes";
import { LiveDesk } from "../live/desk";
import type { Brought } from "../live/ledger";
import { Lookout, type LinkFacts } from "../live/lookout";
import { liveAddress } from "../live/socket";
import type { LiveStatus } from "../live/status";
import { KEYS } from "./keys";

export type Live = {
  desk: LiveDesk;
  /** The server's own total, from which percentages come. */
  told: { total: Summary | undefined };
};

const LiveContext = createContext<Live | null>(null);
export const LiveProvider = LiveContext.Provider;

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error("There is no live desk around this.");
  return live;
}

export function useLiveStatus(): LiveStatus {
  const { board } = useLive().desk;
  return useSyncExternalStore(board.subscribe, board.status);
}

/** A socket that lives as long as the desk. */
export function useLiveDesk(): Live {
  const client = useQueryClient();
  const [live] = useState(() => newLive(client));
  useEffect(() => {
    const lookout = lookoutFor(client, live.desk);
    live.desk.start();
    lookout.start();
    return () => {
      lookout.stop();
      live.desk.stop();
    };
  }, [live, client]);
  return live;
}

/** The link is not pushed, so that its end and its return are asked for. */
function lookoutFor(client: QueryClient, desk: LiveDesk): Lookout {
  const link = (): LinkFacts | null => {
    if (document.visibilityState === "hidden") return null;
    const state = client.getQueryState<Connection>(KEYS.connection);
    if (state?.status !== "success" || state.data === undefined || state.data.state === "none") return null;
    return { troubled: linkTrouble(state.data, Date.now()) !== null, streaming: state.data.stream.state === "streaming" };
  };
  const ask = (): void => void client.invalidateQueries({ queryKey: KEYS.connection }, { cancelRefetch: false });
  return new Lookout({ link, tickAt: () => desk.board.status().tickAt }, ask);
}

function newLive(client: QueryClient): Live {
  const told: Live["told"] = { total: undefined };
  const desk = new LiveDesk(liveAddress(window.location), {
    onBrought: (brought) => notifyManager.batch(() => write(client, { desk, told }, brought)),
    onDetached: () => {
      untag(client);
      void client.invalidateQueries();
    },
    onForgotten: () => untag(client),
    onUnsettled: () => void client.invalidateQueries(),
    onSignedOut: loginIsLost,
  });
  return { desk, told };
}

/** Hears the accounts that are looked at. */
export function useWatchedAccounts(account: number | null, accounts: readonly number[]): void {
  const { desk } = useLive();
  const wanted = (account === null ? accounts : [account]).join();
  useEffect(() => {
    desk.watchAccounts(wanted === "" ? [] : wanted.split(",").map(Number), account === null);
  }, [desk, wanted, account]);
}

function write(client: QueryClient, live: Live, brought: Brought): void {
  if (brought.positions.size > 0) writePositions(client, live, brought.settling);
  if (brought.summaries.size > 0) writeSummaries(client, live, brought.summaries);
  for (const account of brought.orders) void client.invalidateQueries({ queryKey: KEYS.activity(account) });
  if (brought.orders.size > 0) void client.invalidateQueries({ queryKey: KEYS.activity(null) });
  if (brought.quotes.size > 0) {
    client.setQueryData<Quotes>(KEYS.quotes, (known) => withQuotes(known ?? new Map(), [...brought.quotes.values()]));
  }
}

function writePositions(client: QueryClient, { desk }: Live, settling: boolean): void {
  const account = desk.viewed;
  const positions = account === undefined ? null : desk.positions(account);
  if (account === undefined || positions === null) return;
  client.setQueryData<TaggedPositions>(KEYS.positions(account), (known) => tagged({ ...positions, settling }, known?.etag ?? null));
}

/** The page's own words go into the cache in the place of the wire's: they differ in brands alone. */
export function tagged(positions: Positions, etag: string | null): TaggedPositions {
  return { etag, body: positions as unknown as TaggedPositions["body"] };
}

function writeSummaries(client: QueryClient, { desk, told }: Live, accounts: ReadonlySet<number>): void {
  const viewed = typeof desk.viewed === "number" ? desk.summary(desk.viewed) : null;
  if (viewed !== null) client.setQueryData<Summary>(KEYS.summary(viewed.account_id), viewed);
  client.setQueryData<Summary[]>(KEYS.accounts, (known) =>
    known?.map((one) => (one.account_id !== null && accounts.has(one.account_id) ? (desk.summary(one.account_id) ?? one) : one)),
  );
  const total = told.total === undefined ? null : desk.total(told.total);
  if (total !== null) client.setQueryData<Summary>(KEYS.summary(null), total);
}

/** A tag vouches for Schwab's own figures; on a table that marks have moved it would keep them for ever. */
function untag(client: QueryClient): void {
  client.setQueriesData<TaggedPositions>({ queryKey: KEYS.allPositions }, (known) => known && { ...known, etag: null });
}
