/** P/L of the day, with a mark where Thor shows another figure than Schwab. */
import type { ReactNode } from "react";
import type { Position } from "../../domain/book";
import { formatted, PL } from "../../domain/format";
import { reasonFor } from "../../domain/provenance";
import { Amount, usePrivacy } from "../../ui/Amount";
import { Reveal } from "../../ui/Tip";

const WHY = "Formula: worked out from the day's fills and the close before, since Schwab's own figure contradicts them.";

export function DayCell({ row }: { row: Position }): ReactNode {
  const privacy = usePrivacy();
  return (
    <>
      {row.pl_day_source === "computed" && (
        <Reveal className="own-figure" tip={`${WHY}\nSchwab says ${privacy ? "another amount" : formatted(row.pl_day_broker, PL)}.`}>
          <span aria-hidden="true">†</span>
          <span className="sr-only">worked out</span>
        </Reveal>
      )}
      <Amount value={row.pl_day} shape={PL} tone reason={reasonFor(row.missing, "pl_day")} />
    </>
  );
}
