/** The table itself: sticky heading, first column and totals; only the lines in sight are drawn above 100. */
import { useRef, type ReactNode } from "react";
import type { Totals } from "../../domain/positionTable";
import type { Line } from "../../domain/positionLines";
import { usePreference, type Preference } from "../../ui/usePreference";
import { Spacer, useSlice } from "../../ui/useSlice";
import { ClosedRow } from "./ClosedRow";
import type { CellContext, Column } from "./columns";
import { GroupRow } from "./GroupRow";
import { LegRow } from "./LegRow";
import { PositionHead } from "./PositionHead";
import type { Regrouping } from "./useRegrouping";
import type { Holding } from "./useHeldOrder";
import type { Sorting } from "./useSortedRows";

/** As the style sheet has them. */
const ROW_HEIGHTS: Record<Preference<"density">, number> = { compact: 23, normal: 28, roomy: 36 };

type PositionTableProps = {
  columns: readonly Column[];
  widths: Readonly<Record<string, number>>;
  lines: readonly Line[];
  sorting: Sorting;
  holding: Holding;
  context: CellContext;
  totals: Totals;
  totalLabel: ReactNode;
  onToggle: (key: string) => void;
  regrouping: Regrouping;
};

export function PositionTable(props: PositionTableProps): ReactNode {
  const { columns, widths, lines, holding } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [density] = usePreference("density");
  const slice = useSlice(lines.length, scroller, ROW_HEIGHTS[density]);
  return (
    <div className="table-scroll" ref={scroller} role="region" aria-label="Positions table" tabIndex={0}>
      <table className={columns.length > 9 ? "positions" : "positions few"} aria-rowcount={lines.length + 2}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} className={`col-${column.id}`} style={widths[column.id] === undefined ? undefined : { width: widths[column.id] }} />
          ))}
        </colgroup>
        <PositionHead columns={columns} sorting={props.sorting} />
        <tbody {...holding.handlers}>
          <Spacer height={slice.before} columns={columns.length} />
          {lines.slice(slice.from, slice.to).map((line, index) => (
            <LineRow key={line.key} line={line} index={slice.from + index + 2} {...props} />
          ))}
          <Spacer height={slice.after} columns={columns.length} />
        </tbody>
        <tfoot>
          <tr aria-rowindex={lines.length + 2}>
            {columns.map((column, index) =>
              index === 0 ? (
                <th key={column.id} scope="row">
                  {props.totalLabel}
                </th>
              ) : (
                <td key={column.id} className={column.kind} data-tip={column.total && (column.totalSource ?? "Exact sum of the rows shown")}>
                  {column.total?.(props.totals)}
                </td>
              ),
            )}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

type LineRowProps = Pick<PositionTableProps, "columns" | "context" | "onToggle" | "regrouping"> & { line: Line; index: number };

function LineRow({ line, index, columns, context, onToggle, regrouping }: LineRowProps): ReactNode {
  if (line.kind === "group") return <GroupRow line={line} index={index} columns={columns} onToggle={onToggle} onForget={regrouping.forget} />;
  if (line.kind === "closed") return <ClosedRow line={line} index={index} columns={columns} context={context} />;
  const { active, chosen, choose } = regrouping;
  return (
    <LegRow
      row={line.row}
      whole={line.whole}
      depth={line.depth}
      index={index}
      columns={columns}
      context={context}
      chosen={active ? chosen.has(line.row.id) : null}
      onChoose={choose}
    />
  );
}
