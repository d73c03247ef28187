/** The table itself: sticky heading, first column and totals; only the rows in sight are drawn above 100. */
import { memo, useMemo, useRef, type ReactNode } from "react";
import type { Position } from "../../domain/book";
import type { Totals } from "../../domain/positionTable";
import { Spacer, useSlice } from "../../ui/useSlice";
import type { CellContext, Column } from "./columns";
import { PositionHead } from "./PositionHead";
import type { Holding } from "./useHeldOrder";
import type { Sorting } from "./useSortedRows";

const ROW_HEIGHT = 28;

type PositionTableProps = {
  columns: readonly Column[];
  rows: readonly Position[];
  sorting: Sorting;
  holding: Holding;
  context: CellContext;
  totals: Totals;
  totalLabel: ReactNode;
};

export function PositionTable(props: PositionTableProps): ReactNode {
  const { columns, rows, context, holding } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const slice = useSlice(rows.length, scroller, ROW_HEIGHT);
  const visible = useMemo(() => rows.slice(slice.from, slice.to), [rows, slice.from, slice.to]);
  return (
    <div className="table-scroll" ref={scroller} role="region" aria-label="Positions table" tabIndex={0}>
      <table className="positions" aria-rowcount={rows.length + 2}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} className={`col-${column.id}`} />
          ))}
        </colgroup>
        <PositionHead columns={columns} sorting={props.sorting} />
        <tbody {...holding.handlers}>
          <Spacer height={slice.before} columns={columns.length} />
          {visible.map((row, index) => (
            <PositionRow key={row.id} row={row} index={slice.from + index + 2} columns={columns} context={context} />
          ))}
          <Spacer height={slice.after} columns={columns.length} />
        </tbody>
        <tfoot>
          <tr aria-rowindex={rows.length + 2}>
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

type RowProps = { row: Position; index: number; columns: readonly Column[]; context: CellContext };

const PositionRow = memo(function PositionRow({ row, index, columns, context }: RowProps): ReactNode {
  return (
    <tr aria-rowindex={index} data-id={row.id}>
      {columns.map((column, at) =>
        at === 0 ? (
          <th key={column.id} scope="row" data-tip={column.full?.(row, context)}>
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
