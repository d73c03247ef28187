import { describe, expect, it } from "vitest";
import { at, money } from "../testing/book";
import { netLiq } from "../testing/history";
import { curveOf, nearest, stepped, withPresent, type Box, type NetLiq } from "./netLiq";

const BOX: Box = { width: 1000, height: 100, top: 0, bottom: 0 };

describe("the curve", () => {
  it("spreads points by their time, and has the close before as its base", () => {
    const curve = curveOf(netLiq(), BOX, true);
    expect(curve?.spots.map((spot) => spot.x)).toEqual([0, 500, 1000]);
    expect([curve?.low, curve?.high]).toEqual([25990, 26177.03]);
    expect(curve?.spots[1]?.y).toBe(100);
    expect(curve?.baseY).toBeCloseTo(94.65, 2);
  });

  it("gives nights next to no room, and sets closes evenly", () => {
    const hours = (...all: number[]): NetLiq => netLiq({ points: all.map((hour) => ({ at: at(hour * 3_600_000), net_liq: money("1") })) });
    const xOf = (history: NetLiq): number[] | undefined => curveOf(history, BOX, false)?.spots.map((spot) => spot.x);
    expect(xOf(hours(0, 1, 18, 19.75))).toEqual([0, 333.33, 416.67, 1000]);
    expect(xOf(hours(0, 24, 96, 120))).toEqual([0, 333.33, 666.67, 1000]);
  });

  it("marks what was paid in where it lies between the points", () => {
    const flow = (hour: number) => ({ at: at(hour * 3_600_000), amount: money("1"), kind: "deposit" }) as const;
    const history = netLiq({ flows: [flow(-9), flow(-0.75), flow(-0.25), flow(9)] });
    expect(curveOf(history, BOX, true)?.flows.map((one) => one.x)).toEqual([0, 250, 750, 1000]);
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
