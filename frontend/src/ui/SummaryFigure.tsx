/** One balance with its origin on hover, focus and tap; a sum that leaves accounts out says so. */
import type { ReactNode } from "react";
import type { Summary, SummaryKey } from "../domain/book";
import { DASH, type Shape } from "../domain/format";
import { summaryTip } from "../domain/provenance";
import { FigureText } from "./Amount";
import { Reveal } from "./Tip";

type SummaryFigureProps = { summary: Summary | undefined; field: SummaryKey; shape: Shape; tone?: boolean };

export function SummaryFigure({ summary, field, shape, tone = false }: SummaryFigureProps): ReactNode {
  if (summary === undefined) return <span className="waiting" aria-label="loading" role="img" />;
  const value = summary[field];
  const partial = value !== null && summary.missing[field] !== undefined;
  return (
    <Reveal tip={summaryTip(summary, field)} className={value === null ? "missing" : "provenance"}>
      {partial && (
        <span className="partial" role="img" aria-label="not all accounts">
          ◔
        </span>
      )}
      {value === null ? (
        <>
          <span aria-hidden="true">{DASH}</span>
          <span className="sr-only">not available</span>
        </>
      ) : (
        <FigureText value={value} shape={shape} tone={tone} />
      )}
    </Reveal>
  );
}
