import { describe, expect, it } from "vitest";
import { activity, order, price } from "../testing/book";
import { durationText, humanWord, isFrame, orderNames, orderPrice, orderSections, sideText, typeText } from "./orders";

describe("orderSections", () => {
  it("keeps children under their parent, in any order and depth", () => {
    const working = [
      order({ id: 13, parent_id: 11 }),
      order({ id: 11, parent_id: 10 }),
      order({ id: 5 }),
      order({ id: 10 }),
      order({ id: 12, parent_id: 11 }),
    ];
    const [section] = orderSections(activity({ working_orders: working }));
    expect(section?.count).toBe(5);
    expect(section?.lines.map((line) => [line.order.id, line.depth])).toEqual([
      [5, 0],
      [10, 0],
      [11, 1],
      [13, 2],
      [12, 2],
    ]);
  });

  it("shows a child whose parent stands in another group", () => {
    const sections = orderSections(
      activity({ working_orders: [order({ id: 2, parent_id: 1 })], filled_orders: [order({ id: 1, status_group: "filled" })] }),
    );
    expect(sections.map((section) => section.lines.map((line) => line.order.id))).toEqual([[2], [1], []]);
    expect(sections[0]?.lines[0]?.note).toBe("after fill of Buy INTC");
  });

  it.each([
    ["canceled_orders", "canceled", "belonged to Buy INTC"],
    ["working_orders", "working", "waits for Buy INTC"],
  ] as const)("names a parent among the %s", (list, group, note) => {
    const sections = orderSections(
      activity({ filled_orders: [order({ id: 2, parent_id: 1, status_group: "filled" })], [list]: [order({ id: 1, status_group: group })] }),
    );
    expect(sections[1]?.lines[0]?.note).toBe(note);
  });

  it("says nothing of a parent right above, and no more than it knows of one that is not there", () => {
    const [section] = orderSections(activity({ working_orders: [order({ id: 1 }), order({ id: 2, parent_id: 1 }), order({ id: 3, parent_id: 99 })] }));
    expect(section?.lines.map((line) => line.note)).toEqual(["", "", "after an earlier order"]);
  });

  it("always has the three groups", () => {
    expect(orderSections(activity()).map((section) => [section.title, section.count])).toEqual([
      ["Working", 0],
      ["Filled", 0],
      ["Canceled", 0],
    ]);
  });
});

describe("words", () => {
  it("are those of a trader, also for what is new", () => {
    expect(sideText("BUY_TO_COVER")).toBe("Buy to cover");
    expect(sideText("NEW_THING")).toBe("New thing");
    expect(durationText("GOOD_TILL_CANCEL")).toBe("GTC");
    expect(typeText("NET_DEBIT")).toBe("Net debit");
    expect(humanWord("PENDING_ACTIVATION")).toBe("Pending activation");
  });
});

describe("orderPrice", () => {
  it("is the fills' average once filled, else what was asked for", () => {
    const filled = order({ status_group: "filled", avg_fill_price: price("610.024"), order_type: "MARKET", limit_price: null });
    expect(orderPrice(filled)).toBe("610.0240");
    expect(orderPrice(order())).toBe("22.0500");
    expect(orderPrice(order({ limit_price: price("99"), stop_price: price("100") }))).toBe("100.0000 / 99.0000");
    expect(orderPrice(order({ order_type: "MARKET", limit_price: null }))).toBe("Market");
    expect(orderPrice(order({ order_type: "STOP", limit_price: null }))).toBe("\u2014");
  });
});

describe("names", () => {
  it("read every leg", () => {
    const leg = { side: "BUY_TO_OPEN", position_effect: "OPENING", asset_type: "OPT", quantity: null, put_call: "CALL" } as const;
    const spread = order({
      legs: [
        { ...leg, symbol: "AAPL  270115C00220000", strike: price("220"), expiration: "2027-01-15" },
        { ...leg, symbol: "AAPL  270115C00230000", strike: price("230"), expiration: "2027-01-15" },
      ],
    });
    expect(orderNames(spread)).toEqual(["AAPL 15 Jan 27 220 C", "AAPL 15 Jan 27 230 C"]);
    expect(orderNames(order())).toEqual(["INTC"]);
  });

  it("know a frame that holds two orders together", () => {
    expect(isFrame(order({ symbol: "" }))).toBe(true);
    expect(isFrame(order())).toBe(false);
  });
});
