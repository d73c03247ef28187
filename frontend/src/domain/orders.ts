/** Today's orders as the panel shows them: groups with counts, children under their parent. */
import type { Activity, Order } from "./book";
import { count } from "./format";
import { isFrame, orderNames, orderPrice, sideText, typeText } from "./orderWords";

export type OrderGroup = Order["status_group"];
/** How the hairlines of the tree run beside a line: on to the next sibling, round the corner, past it, or not at all. */
export type Rail = "tee" | "end" | "line" | "gap";
/**
 * `note`: what came before an order that does not stand under its parent; `chain`: what it took the place of or what
 * took its place. Both are empty when there is nothing to say.
 */
export type OrderLine = { order: Order; rails: readonly Rail[]; note: string; chain: string };
export type OrderSection = {
  group: OrderGroup;
  title: string;
  lines: readonly OrderLine[];
  count: number;
  /** What the group is made of, where its name alone does not tell. */
  parts: string;
};

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
    parts: partsOf(group, lists[group]),
  }));
}

const PARTS: Record<OrderGroup, readonly { status: string; word: string }[]> = {
  working: [],
  filled: [],
  canceled: [
    { status: "REJECTED", word: "rejected" },
    { status: "EXPIRED", word: "expired" },
    { status: "REPLACED", word: "replaced" },
  ],
};

/** "2 rejected · 1 expired": those of a group that ended in another way than its name says. */
function partsOf(group: OrderGroup, orders: readonly Order[]): string {
  if (group === "working") {
    const partly = orders.filter((order) => fillShare(order) !== null).length;
    return partly === 0 ? "" : `${partly} partly filled`;
  }
  const found = PARTS[group].flatMap(({ status, word }) => {
    const n = orders.filter((order) => order.status === status).length;
    return n === 0 ? [] : [count(n, word, word)];
  });
  return found.join(" · ");
}

function withChildren(orders: readonly Order[], all: ReadonlyMap<number, Order>): OrderLine[] {
  const ids = new Set(orders.map((order) => order.id));
  const children = new Map<number, Order[]>();
  const roots: Order[] = [];
  for (const order of orders) {
    if (order.parent_id === null || !ids.has(order.parent_id)) roots.push(order);
    else children.set(order.parent_id, [...(children.get(order.parent_id) ?? []), order]);
  }
  const walk = (order: Order, rails: readonly Rail[]): OrderLine[] => {
    const own = children.get(order.id) ?? [];
    const passed = rails.map((rail): Rail => (rail === "tee" || rail === "line" ? "line" : "gap"));
    return [
      { order, rails, note: rails.length > 0 ? "" : parentNote(order, all), chain: chainNote(order, all) },
      ...own.flatMap((child, index) => walk(child, [...passed, index < own.length - 1 ? "tee" : "end"])),
    ];
  };
  return roots.flatMap((root) => walk(root, []));
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

/** "replaced by Limit 22.10", "replaces Limit 22.00": the links of a chain of changes, as far as they are of today. */
function chainNote(order: Order, all: ReadonlyMap<number, Order>): string {
  const name = (id: number): string => {
    const other = all.get(id);
    return other === undefined ? "an earlier order" : `${typeText(other.order_type)} ${orderPrice(other)}`;
  };
  const { replaced_by_id: after, replaces_id: before } = order;
  if (after !== null) return all.has(after) ? `replaced by ${name(after)}` : "replaced by another order";
  return before === null ? "" : `replaces ${name(before)}`;
}

/** How much of an order is filled, in percent, as long as it is neither nothing nor everything; only for drawing. */
export function fillShare(order: Order): number | null {
  const whole = Number(order.quantity ?? 0);
  const filled = Number(order.filled_quantity ?? 0);
  return whole > 0 && filled > 0 && filled < whole ? (100 * filled) / whole : null;
}
