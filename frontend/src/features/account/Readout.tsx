/** The figures of the curve: the change of the whole span, or the point one stands on. */
import type { ReactNode } from "react";
import { subtract } from "../../domain/decimal";
import { MONEY, PL, PL_PERCENT } from "../../domain/format";
import type { NetLiq } from "../../domain/netLiq";
import { reasonFor } from "../../domain/provenance";
import { clockTime, dayName, fullDay, easternDate, zoneLabel } from "../../domain/time";
import { Amount, FigureText } from "../../ui/Amount";

export function Readout({ history, at }: { history: NetLiq; at: number | null }): ReactNode {
  const point = at === null ? undefined : history.points[at];
  if (point === undefined) return <Whole history={history} />;
  const base = history.range === "1d" ? history.previous_close : (history.points[0]?.net_liq ?? null);
  return (
    <span className="readout">
      <span className="num soft">{pointTime(history, point.at)}</span>
      <FigureText value={point.net_liq} shape={MONEY} />
      {base !== null && <FigureText value={subtract(point.net_liq, base)} shape={PL} tone />}
    </span>
  );
}

function Whole({ history }: { history: NetLiq }): ReactNode {
  const since = history.range === "1d" ? "Since the close before" : `Since ${fullDay(easternDate(history.points[0]?.at ?? history.from))}`;
  return (
    <span className="readout" data-tip={`${since}; the percentage takes what was paid in or out into account.`}>
      <Amount value={history.change} shape={PL} tone reason={reasonFor(history.missing, "change")} />
      <Amount value={history.return_percent} shape={PL_PERCENT} tone reason={reasonFor(history.missing, "return_percent")} />
    </span>
  );
}

/** A point of a day by the clock, one of a longer span by its day too. */
export function pointTime({ range }: NetLiq, at: string): string {
  if (range === "1d") return `${clockTime(at).slice(0, 5)} ${zoneLabel()}`;
  return range === "1w" ? `${dayName(at)} ${clockTime(at).slice(0, 5)}` : fullDay(easternDate(at));
}
