/** A holding that was closed today: it stays in sight, and in the day's P/L, until the day is over in New York. */
import { memo, type ReactNode } from "react";
import type { ClosedPosition } from "../../domain/book";
import { PL, PRICE } from "../../domain/format";
import { readableName } from "../../domain/optionName";
import type { ClosedLine } from "../../domain/positionLines";
import { reasonFor } from "../../domain/provenance";
import { clockTime, stamp } from "../../domain/time";
import { Amount } from "../../ui/Amount";
import type { CellContext, Column } from "./columns";

type Cell = (row: ClosedPosition, context: CellContext) => ReactNode;

const amount =
  (key: "avg_price" | "close_price" | "pl_day" | "realized", pl: boolean): Cell =>
  (row) => <Amount value={row[key]} shape={pl ? PL : PRICE} tone={pl} reason={reasonFor(row.missing, key)} />;

const CELLS: Readonly<Record<string, Cell>> = {
  symbol: (row) => <span className="symbol">{readableName(row)}</span>,
  account: (row, { accountName }) => <span className="faint">{accountName(row.account_id)}</span>,
  description: (row) => <Realized row={row} />,
  quantity: () => <span className="faint">closed</span>,
  avg_price: amount("avg_price", false),
  mark_price: amount("close_price", false),
  pl_day: amount("pl_day", true),
};

const SOURCES: Readonly<Record<string, string>> = {
  quantity: "Nothing is held any more.",
  mark_price: "Average price of the closing fills",
  pl_day: "Formula: closing fills against the close before",
};

export function Realized({ row }: { row: ClosedPosition }): ReactNode {
  return (
    <span className="closed-words">
      realized {amount("realized", true)(row, { quantityDecimals: 0, accountName: () => "", facts: {} })} <span className="num">{clockTime(row.closed_at)}</span>
    </span>
  );
}

type ClosedRowProps = { line: ClosedLine; index: number; columns: readonly Column[]; context: CellContext };

export const ClosedRow = memo(function ClosedRow({ line: { row, depth }, index, columns, context }: ClosedRowProps): ReactNode {
  const about = `${row.description ?? readableName(row)}\nClosed ${stamp(row.closed_at)}; held before: ${row.quantity_before}`;
  return (
    <tr aria-rowindex={index} className={`closed depth-${depth}`} data-row="" tabIndex={-1} data-closed={row.id}>
      {columns.map((column, at) =>
        at === 0 ? (
          <th key={column.id} scope="row" data-tip={about}>
            {CELLS[column.id]?.(row, context)}
          </th>
        ) : (
          <td key={column.id} className={`${column.kind} cell-${column.id}`} data-tip={SOURCES[column.id]}>
            {CELLS[column.id]?.(row, context)}
          </td>
        ),
      )}
    </tr>
  );
});
