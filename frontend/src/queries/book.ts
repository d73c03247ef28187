/** The book's queries: accounts, summary, positions, activity, market session, connection. */
import { queryOptions, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import {
  getAccounts,
  getActivity,
  getConnection,
  getMarketSession,
  getPositions,
  getSummary,
  type AccountId,
  type TaggedPositions,
} from "../api/endpoints";
import { asActivity, asPositions, asSummary, type Activity, type Positions, type Summary } from "../domain/book";
import { every, PACE, type Pace } from "./polling";

export const accountsQuery = queryOptions({
  queryKey: ["accounts"],
  queryFn: async ({ signal }) => (await getAccounts(signal)).map(asSummary),
  refetchInterval: every(PACE.accounts),
});

export function summaryQuery(account: AccountId) {
  return queryOptions({
    queryKey: ["summary", account],
    queryFn: async ({ signal }): Promise<Summary> => asSummary(await getSummary(account, signal)),
    refetchInterval: every(PACE.book),
  });
}

/** Keeps the ETag beside the table it belongs to, so a forgotten table forgets its tag too. */
export function usePositions(account: AccountId): UseQueryResult<Positions> {
  const client = useQueryClient();
  const queryKey = ["positions", account] as const;
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => getPositions(account, client.getQueryData<TaggedPositions>(queryKey), signal),
    select: positionsIn,
    refetchInterval: every(PACE.book),
  });
}

const positionsIn = (tagged: TaggedPositions): Positions => asPositions(tagged.body);

export function activityQuery(account: AccountId) {
  return queryOptions({
    queryKey: ["activity", account],
    queryFn: async ({ signal }): Promise<Activity> => asActivity(await getActivity(account, signal)),
    refetchInterval: every(PACE.orders),
  });
}

export function connectionQuery(pace: Pace = PACE.connection) {
  return queryOptions({
    queryKey: ["connection"],
    queryFn: ({ signal }) => getConnection(signal),
    refetchInterval: every(pace),
  });
}

export const marketSessionQuery = queryOptions({
  queryKey: ["market-session"],
  queryFn: async ({ signal }) => {
    const session = await getMarketSession(signal);
    return { ...session, offsetMs: Date.parse(session.now) - Date.now() };
  },
  refetchInterval: every(PACE.session),
});
