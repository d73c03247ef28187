import { describe, expect, it } from "vitest";
import { at, order, price, quantity } from "../testing/book";
import type { OrderDetail, OrderEvent } from "./book";
import { eventOwner, eventText, filledInAll, filledLeg, orderFacts } from "./orderStory";

function event(change: Partial<OrderEvent> = {}): OrderEvent {
  return { at: at(0), noticed: false, kind: "entered", status: "WORKING", text: "", quantity: null, price: null, order_id: 1, ...change };
}

function detail(change: Partial<OrderDetail> = {}): OrderDetail {
  return { order: order(), parent: null, children: [], fills: [], timeline: [], ...change };
}

describe("what happened", () => {
  it("is said once, in words", () => {
    expect(eventText(event())).toBe("Entered");
    expect(eventText(event({ kind: "status", status: "PENDING_ACTIVATION" }))).toBe("Pending activation");
    expect(eventText(event({ kind: "changed", text: "limit price 22 to 22.05" }))).toBe("Changed: limit price 22 to 22.05");
    expect(eventText(event({ kind: "fill", text: "BUY 40 INTC" }))).toBe("Filled");
    expect(eventText(event({ kind: "canceled", text: "Canceled by the trader" }))).toBe("Canceled by the trader");
  });

  it("names the leg that was filled where there are several", () => {
    const leg = { side: "BUY", position_effect: null, asset_type: "EQ", quantity: null, put_call: null, strike: null, expiration: null } as const;
    const fill = event({ kind: "fill", text: "BUY 40 INTC" });
    expect(filledLeg(fill, detail())).toBe("");
    expect(filledLeg(fill, detail({ order: order({ legs: [{ ...leg, symbol: "AAPL" }, { ...leg, symbol: "INTC" }] }) }))).toBe("INTC");
  });

  it("says whose it is when another order lived it", () => {
    const child = order({ id: 2, parent_id: 1, side: "SELL", symbol: "INTC", quantity: quantity("40") });
    const story = detail({ children: [child] });
    expect(eventOwner(event(), story)).toBe("");
    expect(eventOwner(event({ order_id: 2 }), story)).toBe("Sell 40 INTC");
    expect(eventOwner(event({ order_id: 9 }), story)).toBe("another order");
  });
});

describe("the fills in all", () => {
  it("add up exactly, and count a spread once", () => {
    const fill = (leg_id: number, text: string) => ({ leg_id, symbol: "X", side: "BUY", quantity: quantity(text), price: price("1"), filled_at: at(0) });
    expect(filledInAll(detail({ fills: [fill(1, "0.1"), fill(2, "0.1"), fill(1, "0.2"), fill(2, "0.2")] }))).toBe("0.3");
  });
});

describe("facts", () => {
  it("leave out what was not told", () => {
    expect(orderFacts(order({ session: "", terms: { special_instruction: "ALL_OR_NONE" } }))).toEqual([
      { name: "Order", value: "1005000100155" },
      { name: "Instruction", value: "All or none" },
    ]);
  });
});
