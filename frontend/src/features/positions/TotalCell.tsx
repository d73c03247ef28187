/** A sum at the foot of a column; it says when rows without a value are not in it. */
import type { ReactNode } from "react";
import type { Decimal, Sum } from "../../domain/decimal";
import { count, PL, type Shape } from "../../domain/format";
import { FigureText, Missing } from "../../ui/Amount";
import { Reveal } from "../../ui/Tip";

type TotalCellProps<D extends Decimal> = { total: Sum<D>; shape: Shape };

export function TotalCell<D extends Decimal>({ total, shape }: TotalCellProps<D>): ReactNode {
  if (total.known === 0) return <Missing reason="No row has a value here." />;
  const text = <FigureText value={total.value} shape={shape} tone={shape === PL} />;
  if (total.missing === 0) return text;
  return (
    <Reveal tip={`Without ${count(total.missing, "row")} that ${total.missing === 1 ? "has" : "have"} no value here.`}>
      <span className="partial" role="img" aria-label="not all rows">
        ◔
      </span>
      {text}
    </Reveal>
  );
}
