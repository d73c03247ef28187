import { describe, expect, it } from "vitest";
import { activity, order, price, quantity } from "../testing/book";
import { fillShare, orderSections } from "./orders";
import { durationText, humanWord, isFrame, orderNames, orderPrice, sideText, spreadText, termLines, typeText } from "./orderWords";

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
    expect(section?.lines.map((line) => [line.order.id, ...line.rails])).toEqual([
      [5],
      [10],
      [11, "end"],
      [13, "gap", "tee"],
      [12, "gap", "end"],
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

describe("what a group is made of", () => {
  it("is said where its name does not", () => {
    const canceled = ["REJECTED", "CANCELED", "REPLACED", "REJECTED"].map((status, id) => order({ id, status, status_group: "canceled" }));
    const working = [order({ id: 8, filled_quantity: quantity("40") }), order({ id: 9 })];
    const sections = orderSections(activity({ canceled_orders: canceled, working_orders: working }));
    expect(sections.map((section) => section.parts)).toEqual(["1 partly filled", "", "2 rejected · 1 replaced"]);
  });

  it("names both ends of a replacement", () => {
    const old = order({ id: 1, status: "REPLACED", status_group: "canceled", limit_price: price("22"), replaced_by_id: 2 });
    const next = order({ id: 2, replaces_id: 1 });
    const [working, , canceled] = orderSections(activity({ working_orders: [next, order({ id: 3, replaces_id: 77 })], canceled_orders: [old] }));
    expect(working?.lines.map((line) => line.chain)).toEqual(["replaces Limit 22.0000", "replaces an earlier order"]);
    expect(canceled?.lines[0]?.chain).toBe("replaced by Limit 22.0500");
  });

  it("draws a share only between nothing and everything", () => {
    const filled = (text: string): number | null => fillShare(order({ filled_quantity: quantity(text) }));
    expect([filled("0"), filled("40"), filled("100")]).toEqual([null, 40, null]);
    expect(fillShare(order({ quantity: null }))).toBeNull();
  });
});

describe("words", () => {
  it("are those of a trader, also for what is new", () => {
    expect(sideText("BUY_TO_COVER")).toBe("Buy to cover");
    expect(sideText("NEW_THING")).toBe("New thing");
    expect(durationText("GOOD_TILL_CANCEL")).toBe("GTC");
    expect(typeText("NET_DEBIT")).toBe("Net debit");
    expect(humanWord("PENDING_ACTIVATION")).toBe("Pending activation");
    expect(spreadText(order())).toBe("Stock");
    expect(spreadText(order({ spread: "IRON_CONDOR" }))).toBe("Iron condor");
    expect(termLines({ stop_type: "MARK", trail_offset: "1.5", note: "" })).toEqual([
      { name: "Stop triggers on", value: "Mark" },
      { name: "Trail by", value: "1.5" },
    ]);
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
