/** The life of one order in words: what was told of it, what was only noticed, and what became of it. */
import type { Order, OrderDetail, OrderEvent } from "./book";
import { sum, type Quantity } from "./decimal";
import { readableName } from "./optionName";
import { humanWord, orderInWords, sessionText, termLines } from "./orderWords";

const KINDS: Record<OrderEvent["kind"], string> = {
  entered: "Entered",
  status: "",
  changed: "Changed",
  fill: "Filled",
  canceled: "Canceled",
  replaced: "Replaced",
  closed: "Closed",
};

/** What happened; a fill's size and price are shown as figures beside it, its text only names the leg once more. */
export function eventText(event: OrderEvent): string {
  const word = KINDS[event.kind];
  if (event.kind === "fill") return word;
  if (word === "") return event.text === "" ? humanWord(event.status) : event.text;
  if (event.text === "" || event.text.toLowerCase() === word.toLowerCase()) return word;
  return event.text.toLowerCase().startsWith(word.toLowerCase()) ? event.text : `${word}: ${event.text}`;
}

/** The leg that was filled, where the order has several. */
export function filledLeg(event: OrderEvent, { order }: OrderDetail): string {
  if (event.kind !== "fill") return "";
  const leg = order.legs.length < 2 ? undefined : order.legs.find((one) => event.text.endsWith(one.symbol));
  return leg === undefined ? "" : readableName(leg);
}

/** An event of another order of the same story says whose it is. */
export function eventOwner(event: OrderEvent, detail: OrderDetail): string {
  if (event.order_id === detail.order.id) return "";
  const other = [detail.parent, ...detail.children].find((one) => one?.id === event.order_id);
  return other == null ? "another order" : orderInWords(other);
}

export type Fact = { name: string; value: string };

/** What the row itself has no room for. */
export function orderFacts(order: Order): Fact[] {
  const facts = [
    { name: "Order", value: order.broker_order_id },
    { name: "Session", value: sessionText(order.session) },
    ...termLines(order.terms),
  ];
  return facts.filter((fact) => fact.value !== "");
}

export function filledInAll(detail: OrderDetail): Quantity {
  const ownLegs = new Set(detail.fills.map((fill) => fill.leg_id));
  const first = Math.min(...ownLegs);
  // Each leg of a spread is filled as often as the spread: one leg counts.
  return sum(detail.fills.filter((fill) => fill.leg_id === first).map((fill) => fill.quantity)).value;
}
