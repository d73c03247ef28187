/** Today's orders as the panel shows them: groups with counts, children under their parent. */
import type { Activity, Order } from "./book";
import { readableName } from "./optionName";
import { formatted, PRICE } from "./format";

export type OrderGroup = Order["status_group"];
/** `note`: what came before an order that does not stand under its parent; else empty. */
export type OrderLine = { order: Order; depth: number; note: string };
export type OrderSection = { group: OrderGroup; title: string; lines: readonly OrderLine[]; count: number };

const TITLES: Record<OrderGroup, string> = { working: "Working", filled: "Filled", canceled: "Canceled" };

/** A bracket stays together where its orders share a group; elsewhere a child names its parent. */
export function orderSections(activity: Activity): OrderSection[] {
  const lists: Record<OrderGroup, readonly Order[]> = {
    working: activity.working_orders,
    filled: activity.filled_orders,
    canceled: activity.canceled_orders,
  };
  const all = new Map(Object.values(lists).flatMap((orders) => orders.map((order) => [order.id, order])));
  return (["working", "filled", "canceled"] as const).map((group) => ({
    group,
    title: TITLES[group],
    lines: withChildren(lists[group], all),
    count: lists[group].length,
  }));
}

function withChildren(orders: readonly Order[], all: ReadonlyMap<number, Order>): OrderLine[] {
  const ids = new Set(orders.map((order) => order.id));
  const children = new Map<number, Order[]>();
  const roots: Order[] = [];
  for (const order of orders) {
    if (order.parent_id === null || !ids.has(order.parent_id)) roots.push(order);
    else children.set(order.parent_id, [...(children.get(order.parent_id) ?? []), order]);
  }
  const walk = (order: Order, depth: number): OrderLine[] => [
    { order, depth, note: depth > 0 ? "" : parentNote(order, all) },
    ...(children.get(order.id) ?? []).flatMap((child) => walk(child, depth + 1)),
  ];
  return roots.flatMap((root) => walk(root, 0));
}

const PARENT_NOTES: Record<OrderGroup, string> = { working: "waits for", filled: "after fill of", canceled: "belonged to" };

/** "after fill of Buy AAPL": the parent of an order that stands in another group. */
function parentNote(order: Order, all: ReadonlyMap<number, Order>): string {
  if (order.parent_id === null) return "";
  const parent = all.get(order.parent_id);
  if (parent === undefined) return "after an earlier order";
  const name = isFrame(parent) ? "one-cancels-other" : [sideText(parent.side), ...orderNames(parent)].filter((word) => word !== "").join(" ");
  return `${PARENT_NOTES[parent.status_group]} ${name}`;
}

const SIDES: Record<string, string> = {
  BUY: "Buy",
  SELL: "Sell",
  BUY_TO_COVER: "Buy to cover",
  SELL_SHORT: "Sell short",
  SELL_SHORT_EXEMPT: "Sell short (exempt)",
  BUY_TO_OPEN: "Buy to open",
  BUY_TO_CLOSE: "Buy to close",
  SELL_TO_OPEN: "Sell to open",
  SELL_TO_CLOSE: "Sell to close",
};

const DURATIONS: Record<string, string> = {
  DAY: "Day",
  GOOD_TILL_CANCEL: "GTC",
  FILL_OR_KILL: "FOK",
  IMMEDIATE_OR_CANCEL: "IOC",
  END_OF_WEEK: "EOW",
  END_OF_MONTH: "EOM",
  NEXT_END_OF_MONTH: "Next EOM",
};

/** Unknown words of the broker become readable words: "NEW_THING" → "New thing". */
export function humanWord(word: string): string {
  const text = word.toLowerCase().replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const ORDER_TYPES: Record<string, string> = {
  OCO: "",
  MARKET_ON_CLOSE: "MOC",
  LIMIT_ON_CLOSE: "LOC",
};

/** The frame of two orders of which one cancels the other: it has no symbol, price or size of its own. */
export function isFrame(order: Order): boolean {
  return order.legs.length === 0 && order.symbol === "";
}

export const typeText = (type: string): string => ORDER_TYPES[type] ?? humanWord(type);
export const sideText = (side: string): string => SIDES[side] ?? humanWord(side);
export const durationText = (duration: string): string => (duration === "" ? "" : (DURATIONS[duration] ?? humanWord(duration)));

export function orderPrice(order: Order): string {
  if (order.status_group === "filled" && order.avg_fill_price !== null) return formatted(order.avg_fill_price, PRICE);
  if (order.limit_price !== null && order.stop_price !== null) {
    return `${formatted(order.stop_price, PRICE)} / ${formatted(order.limit_price, PRICE)}`;
  }
  const price = order.limit_price ?? order.stop_price;
  if (price !== null) return formatted(price, PRICE);
  return order.order_type === "MARKET" ? "Market" : formatted(null, PRICE);
}

export function orderNames(order: Order): string[] {
  if (order.legs.length === 0) return [order.symbol];
  return order.legs.map((leg) => readableName(leg));
}
