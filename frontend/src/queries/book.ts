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
import { KEYS } from "./keys";
import { tagged, useLive, type Live } from "./live";
import { every, PACE, type Pace } from "./polling";

export function accountsQuery({ desk }: Live, pace: Pace) {
  return queryOptions({
    queryKey: KEYS.accounts,
    queryFn: async ({ signal }) => (await getAccounts(signal)).map(asSummary).map((one) => desk.summaryOver(one)),
    refetchInterval: every(pace),
  });
}

export function summaryQuery(account: AccountId, { desk, told }: Live, pace: Pace) {
  return queryOptions({
    queryKey: KEYS.summary(account),
    queryFn: async ({ signal }): Promise<Summary> => {
      const fetched = asSummary(await getSummary(account, signal));
      if (account === null) told.total = fetched;
      return desk.summaryOver(fetched);
    },
    refetchInterval: every(pace),
  });
}

/** Keeps the ETag beside the table it belongs to, so a forgotten table forgets its tag too. */
export function usePositions(account: AccountId, pace: Pace): UseQueryResult<Positions> {
  const client = useQueryClient();
  const { desk } = useLive();
  const queryKey = KEYS.positions(account);
  const known = (): TaggedPositions | undefined => client.getQueryData<TaggedPositions>(queryKey);
  return useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const before = known();
      const fetched = await getPositions(account, before, signal);
      if (fetched === before) return known() ?? before;
      const rows = positionsIn(known() ?? fetched).positions;
      return tagged(desk.positionsOver(account, asPositions(fetched.body), rows), fetched.etag);
    },
    select: positionsIn,
    // Rows keep their identity by their own rule, which costs less than a comparison of everything.
    structuralSharing: false,
    refetchInterval: every(pace),
  });
}

const positionsIn = (tagged: TaggedPositions): Positions => asPositions(tagged.body);

export function activityQuery(account: AccountId, pace: Pace) {
  return queryOptions({
    queryKey: KEYS.activity(account),
    queryFn: async ({ signal }): Promise<Activity> => asActivity(await getActivity(account, signal)),
    refetchInterval: every(pace),
  });
}

export function connectionQuery(pace: Pace) {
  return queryOptions({
    queryKey: KEYS.connection,
    queryFn: ({ signal }) => getConnection(signal),
    refetchInterval: every(pace),
  });
}

export const marketSessionQuery = queryOptions({
  queryKey: KEYS.marketSession,
  queryFn: async ({ signal }) => {
    const session = await getMarketSession(signal);
    return { ...session, offsetMs: Date.parse(session.now) - Date.now() };
  },
  refetchInterval: every(PACE.session),
});
