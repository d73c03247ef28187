/** The strategies of what is held; asked for anew when the holdings are others. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { getStrategies, putStrategies, type AccountId } from "../api/endpoints";
import { isFailure } from "../api/errors";
import type { WireRegroup } from "../api/wire";
import type { Position } from "../domain/book";
import { NO_STRATEGIES, type Strategies } from "../domain/strategies";
import { KEYS } from "./keys";
import { every, PACE } from "./polling";

export type Grouping = {
  strategies: Strategies;
  /** Keeps groups made by hand; the promise fails with the server's reason. */
  regroup: (wanted: WireRegroup) => Promise<void>;
};

export function useStrategies(account: AccountId, rows: readonly Position[], enabled: boolean): Grouping {
  const client = useQueryClient();
  const queryKey = KEYS.strategies(account);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => getStrategies(account, signal),
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: every(PACE.reconcile),
  });
  useWhenHoldingsChange(rows, () => client.invalidateQueries({ queryKey: KEYS.allStrategies }));
  const { mutateAsync } = useMutation({
    mutationFn: putStrategies,
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS.allStrategies }),
  });
  return {
    strategies: query.data ?? NO_STRATEGIES,
    regroup: async (wanted) => {
      await mutateAsync(wanted);
    },
  };
}

function useWhenHoldingsChange(rows: readonly Position[], then: () => unknown): void {
  const signature = useMemo(() => rows.map((row) => `${row.id}:${row.quantity}`).join(), [rows]);
  const before = useRef(signature);
  useEffect(() => {
    if (before.current === signature) return;
    before.current = signature;
    then();
  });
}

export function groupingProblem(error: unknown): string {
  return isFailure(error) ? error.message : "The group could not be kept.";
}
