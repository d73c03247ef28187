/** One order with its story; what changes the account's orders asks for it anew. */
import { queryOptions } from "@tanstack/react-query";
import { getOrder } from "../api/endpoints";
import { asOrderDetail, type Order, type OrderDetail } from "../domain/book";
import { KEYS } from "./keys";
import { every, PACE } from "./polling";

export function orderQuery(order: Pick<Order, "id" | "account_id">, pushed: boolean) {
  return queryOptions({
    queryKey: KEYS.order(order.account_id, order.id),
    queryFn: async ({ signal }): Promise<OrderDetail> => asOrderDetail(await getOrder(order.id, signal)),
    refetchInterval: every(pushed ? PACE.reconcile : PACE.orders),
  });
}
