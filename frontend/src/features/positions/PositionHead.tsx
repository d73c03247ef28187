/** The headings: click sorts, a second click turns it round, a third lets go; Shift adds a second key. */
import type { ReactNode } from "react";
import type { Column } from "./columns";
import type { Sorting } from "./useSortedRows";

const ARIA = { asc: "ascending", desc: "descending" } as const;
const ARROW = { asc: "▲", desc: "▼" } as const;

type PositionHeadProps = { columns: readonly Column[]; sorting: Sorting };

export function PositionHead({ columns, sorting }: PositionHeadProps): ReactNode {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column) => {
          const direction = sorting.directionOf(column.id);
          return (
            <th
              key={column.id}
              scope="col"
              className={column.kind}
              aria-sort={direction === false ? "none" : ARIA[direction]}
            >
              <button
                type="button"
                className="sort"
                data-tip={`${column.source}\nClick to sort, Shift-click for a second key`}
                onClick={(event) => sorting.toggle(column.id, event.shiftKey)}
              >
                <span className="sort-label">{column.label}</span>
                {direction !== false && (
                  <span className="sort-mark" aria-hidden="true">
                    {ARROW[direction]}
                    {sorting.rankOf(column.id)}
                  </span>
                )}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
