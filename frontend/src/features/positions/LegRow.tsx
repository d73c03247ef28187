/** A holding, or the units of it that belong to one strategy. */
import { memo, type ReactNode } from "react";
import type { Position } from "../../domain/book";
import { readableName } from "../../domain/optionName";
import type { CellContext, Column } from "./columns";

type LegRowProps = {
  row: Position;
  /** False for the units of it that belong to one of several strategies. */
  whole: boolean;
  depth: number;
  index: number;
  columns: readonly Column[];
  context: CellContext;
  /** Whether it is chosen while legs are chosen; null while none are. */
  chosen: boolean | null;
  onChoose: (id: number) => void;
};

export const LegRow = memo(function LegRow({ row, whole, depth, index, columns, context, chosen, onChoose }: LegRowProps): ReactNode {
  return (
    <tr aria-rowindex={index} {...(whole ? { "data-id": row.id } : { "data-part": row.id })} data-row="" tabIndex={-1} className={`leg-row depth-${depth}`}>
      {columns.map((column, at) =>
        at === 0 ? (
          <th key={column.id} scope="row" data-tip={column.full?.(row, context)}>
            {chosen !== null && (
              <input type="checkbox" className="choose-leg" checked={chosen} aria-label={`Choose ${readableName(row)}`} onChange={() => onChoose(row.id)} />
            )}
            {column.cell(row, context)}
          </th>
        ) : (
          <td key={column.id} className={`${column.kind} cell-${column.id}`} data-tip={column.full?.(row, context) ?? column.source}>
            {column.cell(row, context)}
          </td>
        ),
      )}
    </tr>
  );
});
