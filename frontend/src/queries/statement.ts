/** The statement of some days, P/L since New Year, and reading the past from Schwab. */
import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { askHistory, getHistory, getPlYtd, getStatement, type AccountId } from "../api/endpoints";
import { asPlYtd, asStatement, isReadBackTo, progressOf, type Days, type PlYtd, type Progress, type Statement } from "../domain/statement";
import { KEYS } from "./keys";
import { every, PACE } from "./polling";

export function statementQuery(account: AccountId, days: Days, enabled: boolean) {
  return queryOptions({
    queryKey: KEYS.statement(account, days.from, days.to),
    queryFn: async ({ signal }): Promise<Statement> => asStatement(await getStatement(account, days, signal)),
    enabled,
    // Another range is shown when it is there; until then the former one stays, dimmed.
    placeholderData: keepPreviousData,
    refetchInterval: every(PACE.reconcile),
  });
}

export function plYtdQuery(account: AccountId) {
  return queryOptions({
    queryKey: KEYS.plYtd(account),
    queryFn: async ({ signal }): Promise<PlYtd> => asPlYtd(await getPlYtd(account, signal)),
    refetchInterval: every(PACE.reconcile),
  });
}

export type Reading = { progress: Progress; isBackTo: (day: string) => boolean; asking: boolean; problem: string; readBack: (accounts: readonly number[], from: string) => void };

/** Reading a year back: asked for once, watched while it runs; what it brings is then shown. */
export function useReading(account: AccountId): Reading {
  const client = useQueryClient();
  const history = useQuery({
    queryKey: KEYS.history,
    queryFn: ({ signal }) => getHistory(signal),
    refetchInterval: (query) => every(query.state.data?.some((one) => one.state === "running") === true ? PACE.waiting : PACE.reconcile)(query),
  });
  const ask = useMutation({
    mutationFn: ({ accounts, from }: { accounts: readonly number[]; from: string }) =>
      Promise.all(accounts.map((id) => askHistory({ account_id: id, kind: "transactions", from }))),
    onSettled: () => client.invalidateQueries({ queryKey: KEYS.history }),
  });
  const progress = progressOf(history.data ?? [], account);
  const pages = progress.state === "running" ? progress.done : -1;
  const before = useRef(pages);
  useEffect(() => {
    if (before.current !== pages) for (const queryKey of [KEYS.statements, KEYS.plYtds]) void client.invalidateQueries({ queryKey });
    before.current = pages;
  }, [client, pages]);
  return {
    progress,
    isBackTo: (day) => isReadBackTo(history.data ?? [], account, day),
    asking: ask.isPending,
    problem: ask.error === null ? "" : ask.error.message,
    readBack: (accounts, from) => ask.mutate({ accounts, from }),
  };
}
