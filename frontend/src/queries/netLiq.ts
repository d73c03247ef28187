/** The net liq over time. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getNetLiq, type AccountId } from "../api/endpoints";
import { asNetLiq, type NetLiq, type Span } from "../domain/netLiq";
import { KEYS } from "./keys";
import { every, PACE } from "./polling";

export function netLiqQuery(account: AccountId, span: Span) {
  return queryOptions({
    queryKey: KEYS.netLiq(account, span),
    queryFn: async ({ signal }): Promise<NetLiq> => asNetLiq(await getNetLiq(account, span, signal)),
    placeholderData: (before: NetLiq | undefined) => (before?.account_id === account ? keepPreviousData(before) : undefined),
    refetchInterval: every(PACE.reconcile),
  });
}
