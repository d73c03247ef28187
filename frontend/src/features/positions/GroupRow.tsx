/** The head of a group: its name, and the exact sums of the lines under it. */
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";
import type { GroupLine } from "../../domain/positionLines";
import type { Strategy } from "../../domain/strategies";
import { Disclosure } from "../../ui/Disclosure";
import type { Column } from "./columns";

type GroupRowProps = {
  line: GroupLine;
  index: number;
  columns: readonly Column[];
  onToggle: (key: string) => void;
  onForget: ((strategy: Strategy) => void) | null;
};

export function GroupRow({ line, index, columns, onToggle, onForget }: GroupRowProps): ReactNode {
  const { title, detail, size, open, depth, chosen } = line;
  const toggle = (): void => onToggle(line.key);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && event.target === event.currentTarget) toggle();
  };
  const onClick = (event: MouseEvent): void => {
    if ((event.target as Element).closest("button") === null) toggle();
  };
  const span = leadingText(columns);
  const totals = line.totals();
  return (
    <tr aria-rowindex={index} className={`group depth-${depth}`} data-row="" data-group={line.key} tabIndex={-1} onClick={onClick} onKeyDown={onKeyDown}>
      <th scope="row" colSpan={span}>
        <Disclosure open={open} label={`${title} ${detail}, ${size} lines`} onToggle={toggle} />
        <span className={depth === 0 ? "group-name" : "strategy-name"}>{title}</span>
        {detail !== "" && <span className="group-detail">{detail}</span>}
        {!open && <span className="num faint group-size">{size}</span>}
        {chosen !== null && onForget !== null && (
          <button type="button" className="link group-forget" onClick={() => onForget(chosen)} data-tip="Put together by hand. Forget this, and let the legs be recognised again.">
            forget
          </button>
        )}
      </th>
      {columns.slice(span).map((column) => (
        <td key={column.id} className={column.kind} data-tip={column.total && (column.totalSource ?? "Exact sum of the lines of the group")}>
          {column.id === "days_to_expiration" ? line.days !== null && <span className="num">{line.days}</span> : column.total?.(totals)}
        </td>
      ))}
    </tr>
  );
}

/** The name runs over the columns of words at the beginning, which a group has nothing for. */
function leadingText(columns: readonly Column[]): number {
  const number = columns.findIndex((column) => column.kind === "number");
  return Math.max(1, number < 0 ? columns.length : number);
}
