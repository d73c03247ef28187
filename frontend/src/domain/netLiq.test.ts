import { describe, expect, it } from "vitest";
import { at, money } from "../testing/book";
import { netLiq } from "../testing/history";
import { curveOf, nearest, stepped, withPresent, type Box } from "./netLiq";

const BOX: Box = { width: 1000, height: 100, top: 0, bottom: 0 };

describe("the curve", () => {
  it("spreads points by their time, and has the close before as its base", () => {
    const curve = curveOf(netLiq(), BOX, true);
    expect(curve?.spots.map((spot) => spot.x)).toEqual([0, 500, 1000]);
    expect([curve?.low, curve?.high]).toEqual([25990, 26177.03]);
    expect(curve?.spots[1]?.y).toBe(100);
    expect(curve?.baseY).toBeCloseTo(94.65, 2);
  });

  it("makes room for a base outside of the day's values, and has none over longer spans", () => {
    const low = netLiq({ previous_close: money("20000") });
    expect(curveOf(low, BOX, true)?.baseY).toBe(100);
    expect(curveOf(low, BOX, false)).toMatchObject({ baseY: null, low: 25990 });
  });

  it("is a level line when nothing moves, and nothing without a point", () => {
    const still = netLiq({ previous_close: null, points: [{ at: at(0), net_liq: money("5") }] });
    expect(curveOf(still, BOX, true)?.spots).toEqual([{ x: 1000, y: 50, index: 0 }]);
    expect(curveOf(netLiq({ points: [] }), BOX, true)).toBeNull();
  });

  it("goes on to the figure that is shown now, never backwards", () => {
    expect(withPresent(netLiq(), money("7"), at(1000)).points.at(-1)).toEqual({ at: at(1000), net_liq: "7" });
    expect(withPresent(netLiq(), money("7"), at(-1000)).points).toHaveLength(3);
    expect(withPresent(netLiq(), null, at(1000)).points).toHaveLength(3);
  });
});

describe("reading it", () => {
  it("finds the point that is nearest", () => {
    const curve = curveOf(netLiq(), BOX, true);
    if (curve === null) throw new Error("no curve");
    expect([0, 249, 251, 990].map((x) => nearest(curve, x))).toEqual([0, 0, 1, 2]);
  });

  it("walks by keys, and stops at the ends", () => {
    expect(stepped(5, 100, "ArrowLeft")).toBe(4);
    expect(stepped(99, 100, "ArrowRight")).toBe(99);
    expect(stepped(50, 100, "PageUp")).toBe(60);
    expect([stepped(50, 100, "Home"), stepped(50, 100, "End"), stepped(50, 100, "x")]).toEqual([0, 99, 50]);
  });
});
