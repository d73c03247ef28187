/** The drawing: stretched to its place by the browser, so that nothing has to be measured. */
import { useMemo, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { formatted, MONEY } from "../../domain/format";
import { curveOf, flowName, nearest, stepped, type Box, type Curve, type NetLiq } from "../../domain/netLiq";
import { stamp } from "../../domain/time";
import { FigureText, usePrivacy } from "../../ui/Amount";
import { pointTime } from "./Readout";

const BOX: Box = { width: 1000, height: 100, top: 4, bottom: 6 };

type PlotProps = { history: NetLiq; at: number | null; onAt: (at: number | null) => void };

export function Plot({ history, at, onAt }: PlotProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const privacy = usePrivacy();
  const curve = useMemo(() => curveOf(history, BOX, history.range === "1d"), [history]);
  if (curve === null) return null;
  const { points } = history;
  const spot = at === null ? undefined : curve.spots[at];
  const point = points[at ?? points.length - 1];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onAt(null);
    const next = stepped(at ?? points.length - 1, points.length, event.key);
    if (!/^(Arrow(Left|Right)|Page(Up|Down)|Home|End)$/.test(event.key)) return;
    event.preventDefault();
    onAt(next);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const box = place.current?.getBoundingClientRect();
    if (box !== undefined && box.width > 0) onAt(nearest(curve, ((event.clientX - box.left) / box.width) * BOX.width));
  };
  return (
    <div className="plot">
      <div
        ref={place}
        className="plot-area"
        role="slider"
        tabIndex={0}
        aria-label="Point of the curve"
        aria-valuemin={0}
        aria-valuemax={points.length - 1}
        aria-valuenow={at ?? points.length - 1}
        aria-valuetext={point === undefined ? "" : `${pointTime(history, point.at)}: ${privacy ? "hidden" : formatted(point.net_liq, MONEY)}`}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => onAt(null)}
        onBlur={() => onAt(null)}
      >
        <Drawing curve={curve} />
        {spot !== undefined && (
          <>
            <span className="plot-cursor" style={{ left: `${spot.x / 10}%` }} />
            <span className="plot-dot" style={{ left: `${spot.x / 10}%`, top: `${spot.y}%` }} />
          </>
        )}
        {curve.flows.map(({ x, index }) => (
          <FlowMark key={index} history={history} index={index} x={x} />
        ))}
      </div>
      <Scale history={history} curve={curve} />
      <div className="plot-times num faint">
        <span>{pointTime(history, points[0]?.at ?? history.from)}</span>
        <span>{pointTime(history, points.at(-1)?.at ?? history.to)}</span>
      </div>
    </div>
  );
}

function Drawing({ curve }: { curve: Curve }): ReactNode {
  return (
    <svg viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="plot-fill" d={curve.area} />
      {curve.baseY !== null && <path className="plot-base" d={`M0 ${curve.baseY}H${BOX.width}`} />}
      <path className="plot-line" d={curve.path} />
    </svg>
  );
}

/** The highest and lowest value and the base, each at its height; a base too near to one of them gives way. */
function Scale({ history, curve }: { history: NetLiq; curve: Curve }): ReactNode {
  const values = history.points.map((point) => point.net_liq);
  const high = values.find((value) => Number(value) === curve.high);
  const low = values.find((value) => Number(value) === curve.low);
  const base = history.previous_close;
  return (
    <div className="plot-scale faint">
      {high !== undefined && (
        <span style={{ top: "4%" }}>
          <FigureText value={high} shape={MONEY} />
        </span>
      )}
      {base !== null && curve.baseY !== null && (
        <span className="scale-base" style={{ top: `${Math.min(94, Math.max(4, curve.baseY))}%` }} data-tip="The close before: the base line of the day">
          {isApart(curve.baseY, high !== undefined, low !== undefined) && <FigureText value={base} shape={MONEY} />}
        </span>
      )}
      {low !== undefined && low !== high && (
        <span style={{ top: "94%" }}>
          <FigureText value={low} shape={MONEY} />
        </span>
      )}
    </div>
  );
}

/** Whether the base's label has room: at an end only where no value's label stands. */
function isApart(y: number, atTop: boolean, atBottom: boolean): boolean {
  if (y < 18) return !atTop;
  return y > 80 ? !atBottom : true;
}

function FlowMark({ history, index, x }: { history: NetLiq; index: number; x: number }): ReactNode {
  const privacy = usePrivacy();
  const flow = history.flows[index];
  if (flow === undefined) return null;
  const amount = privacy ? "" : ` ${formatted(flow.amount, MONEY)}`;
  return <span className={`flow flow-${flow.kind}`} style={{ left: `${x / 10}%` }} data-tip={`${flowName(flow.kind)}${amount}\n${stamp(flow.at)}`} />;
}
