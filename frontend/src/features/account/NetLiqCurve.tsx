/** The net liq over a day or longer: one line, its base, and what pointer or arrow keys stand on. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import type { Summary } from "../../domain/book";
import { SPAN_NAMES, SPANS, withPresent, type NetLiq, type Span } from "../../domain/netLiq";
import { netLiqQuery } from "../../queries/netLiq";
import { Segmented } from "../../ui/Segmented";
import { keep, kept } from "../../ui/storage";
import { Plot } from "./Plot";
import { Readout } from "./Readout";

const KEPT = "thor.span";

type NetLiqCurveProps = { account: number | null; summary: Summary | undefined };

export function NetLiqCurve({ account, summary }: NetLiqCurveProps): ReactNode {
  const [span, setSpan] = useState<Span>(() => SPANS.find((one) => one === kept(KEPT)) ?? "1d");
  const [at, setAt] = useState<number | null>(null);
  const query = useQuery(netLiqQuery(account, span));
  const present = summary?.account_id === account ? summary.net_liq : null;
  const now = summary?.as_of ?? null;
  const { data } = query;
  const shown = useMemo(() => (data?.range !== "1d" ? data : withPresent(data, present, now)), [data, present, now]);
  const choose = (next: Span): void => {
    keep(KEPT, next);
    setAt(null);
    setSpan(next);
  };
  return (
    <figure className={query.isPlaceholderData || query.isError ? "curve is-old" : "curve"} aria-label="Net liq over time">
      <figcaption>
        <Segmented label="Span of the curve" choices={SPANS} names={SPAN_NAMES} value={span} onChoose={choose} />
        {shown !== undefined && shown.points.length > 0 && <Readout history={shown} at={at} />}
      </figcaption>
      <CurveBody history={shown} failed={query.isError} at={at} onAt={setAt} />
    </figure>
  );
}

type CurveBodyProps = { history: NetLiq | undefined; failed: boolean; at: number | null; onAt: (at: number | null) => void };

function CurveBody({ history, failed, at, onAt }: CurveBodyProps): ReactNode {
  if (history === undefined) return <p className="curve-note">{failed ? "The curve could not be read. Trying again by itself." : "Reading the curve…"}</p>;
  if (history.points.length === 0) return <p className="curve-note">{history.missing.points ?? "No value of this span is in the book yet. One a minute is kept while the market is open."}</p>;
  return <Plot history={history} at={at} onAt={onAt} />;
}
