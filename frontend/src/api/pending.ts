/** Shapes and calls that the server's schema does not know yet, written down by hand until it does. */
import { bodyOf, client } from "./client";
import type { WireOrder, WireOrderLeg } from "./wire";

type Text = string | null;
export type WireReasons = { missing: Record<string, string> };

export type WireOrderMore = WireReasons & {
  structure: string;
  spread: string;
  session: string;
  cancel_at: Text;
  terms: Record<string, string>;
  replaces_id: number | null;
  replaced_by_id: number | null;
  fees: Text;
};
export type WireOrderFill = {
  leg_id: number;
  symbol: string;
  side: string;
  quantity: string;
  price: string;
  filled_at: string;
};
export type WireOrderEvent = {
  at: string;
  noticed: boolean;
  kind: "entered" | "status" | "changed" | "fill" | "canceled" | "replaced" | "closed";
  status: string;
  text: string;
  quantity: Text;
  price: Text;
  order_id: number;
};
export type WireFullOrder = WireOrder & WireOrderMore;
export type WireOrderDetail = {
  order: WireFullOrder;
  parent: WireFullOrder | null;
  children: WireFullOrder[];
  fills: WireOrderFill[];
  timeline: WireOrderEvent[];
};
export type WireHistoryStart = { account_id: number; orders_from: Text };
export type { WireOrderLeg };

type Answer<T> = Promise<{ data?: T; error?: unknown; response: Response }>;
type Init = { params?: object; body?: object; signal?: AbortSignal };
type Loose = Record<"GET" | "PUT" | "POST", (path: string, init: Init) => Answer<never>>;
const loose = client as unknown as Loose;

export function pendingGet<T>(path: string, query: Record<string, string | number>, signal: AbortSignal): Promise<T> {
  return bodyOf<T>(loose.GET(path, { params: { query }, signal }));
}

export function pendingSend<T>(method: "PUT" | "POST", path: string, body: object): Promise<T> {
  return bodyOf<T>(loose[method](path, { body }));
}

export function getOrder(id: number, signal: AbortSignal): Promise<WireOrderDetail> {
  return pendingGet(`/api/actandpos/orders/${id}/`, {}, signal);
}
