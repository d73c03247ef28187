/** What the account was worth over time: the shape of the answer, and the line that is drawn of it. */
import type { WireNetLiq } from "../api/wire";
import type { Money, Percent } from "./decimal";
import { openTime } from "./openTime";

export type NetLiq = Omit<WireNetLiq, "previous_close" | "points" | "flows" | "change" | "return_percent"> & {
  previous_close: Money | null;
  points: readonly { at: string; net_liq: Money }[];
  flows: readonly { at: string; amount: Money; kind: WireNetLiq["flows"][number]["kind"] }[];
  change: Money | null;
  return_percent: Percent | null;
};
export const asNetLiq = (wire: WireNetLiq): NetLiq => wire as unknown as NetLiq;

export const SPANS = ["1d", "1w", "1m", "ytd", "all"] as const;
export type Span = (typeof SPANS)[number];
export const SPAN_NAMES: Record<Span, string> = { "1d": "1D", "1w": "1W", "1m": "1M", ytd: "YTD", all: "All" };

/** The box a curve is drawn in, in its own units. */
export type Box = { width: number; height: number; top: number; bottom: number };
export type Spot = { x: number; y: number; index: number };
export type Curve = {
  /** For `d` of a path. */
  path: string;
  /** The same, closed along the base line. */
  area: string;
  spots: readonly Spot[];
  baseY: number | null;
  flows: readonly { x: number; index: number }[];
  low: number;
  high: number;
};

/** Floats serve for drawing alone; what is read is the text of the points. */
export function curveOf({ points, previous_close, flows }: NetLiq, box: Box, isDay: boolean): Curve | null {
  const times = points.map((point) => Date.parse(point.at));
  const last = times.at(-1);
  if (last === undefined) return null;
  const base = isDay && previous_close !== null ? Number(previous_close) : null;
  const values = points.map((point) => Number(point.net_liq));
  const all = base === null ? values : [...values, base];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const place = openTime(times);
  const whole = place(last);
  const x = (at: number): number => (whole === 0 ? box.width : (place(at) / whole) * box.width);
  const span = box.height - box.top - box.bottom;
  const y = (value: number): number => (high === low ? box.top + span / 2 : box.top + (1 - (value - low) / (high - low)) * span);
  const spots = values.map((value, index) => ({ x: round(x(times[index] ?? last)), y: round(y(value)), index }));
  const path = `M${spots.map((spot) => `${spot.x} ${spot.y}`).join("L")}`;
  const floor = base === null ? box.height : round(y(base));
  return {
    path,
    area: `${path}L${spots.at(-1)?.x ?? 0} ${floor}L${spots[0]?.x ?? 0} ${floor}Z`,
    spots,
    baseY: base === null ? null : floor,
    flows: flows.map((flow, index) => ({ x: round(x(Date.parse(flow.at))), index })),
    low,
    high,
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** The point nearest to a place of the box. */
export function nearest({ spots }: Curve, x: number): number {
  let best = 0;
  for (const spot of spots) if (Math.abs(spot.x - x) < Math.abs((spots[best]?.x ?? 0) - x)) best = spot.index;
  return best;
}

/** Reading a point with the keyboard: one further, to the ends, by tenths. */
export function stepped(index: number, count: number, key: string): number {
  const page = Math.max(1, Math.round(count / 10));
  const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageDown: -page, PageUp: page, Home: -count, End: count };
  return Math.min(count - 1, Math.max(0, index + (moves[key] ?? 0)));
}

/** The curve goes on to the figure that is shown now, which the marks move between two minutes. */
export function withPresent(history: NetLiq, present: Money | null, now: string | null): NetLiq {
  const last = history.points.at(-1);
  if (last === undefined || present === null || now === null || Date.parse(now) <= Date.parse(last.at)) return history;
  return { ...history, points: [...history.points, { at: now, net_liq: present }] };
}

const FLOWS: Record<NetLiq["flows"][number]["kind"], string> = { deposit: "Deposit", withdrawal: "Withdrawal", transfer: "Transfer" };
export const flowName = (kind: NetLiq["flows"][number]["kind"]): string => FLOWS[kind];
