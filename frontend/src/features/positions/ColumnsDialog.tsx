/** Which columns, in which order, how wide. */
import type { ReactNode } from "react";
import { ordered, PRESET_NAMES, presetLayout, presetOf, PRESETS, withMoved, withShown, withWidth, type Layout, type Preset } from "../../domain/columnLayout";
import { CloseButton, Dialog } from "../../ui/Dialog";
import { Segmented } from "../../ui/Segmented";
import type { Column } from "./columns";

const STEP = 12;

type ColumnsDialogProps = { columns: readonly Column[]; layout: Layout; onLayout: (layout: Layout) => void; onClose: () => void };

export function ColumnsDialog({ columns, layout, onLayout, onClose }: ColumnsDialogProps): ReactNode {
  const ids = columns.map((column) => column.id);
  const byId = new Map(columns.map((column) => [column.id, column]));
  const list = ordered(ids, layout).flatMap((id) => byId.get(id) ?? []);
  const preset = presetOf(layout, ids);
  return (
    <Dialog title="Columns" onClose={onClose}>
      <Segmented<Preset | ""> label="Ready-made" choices={PRESETS} names={{ ...PRESET_NAMES, "": "" }} value={preset ?? ""} onChoose={(name) => name !== "" && onLayout(presetLayout(name, ids))} />
      <ul className="column-list">
        {list.map((column, index) => (
          <Choice key={column.id} column={column} ids={ids} index={index} layout={layout} onLayout={onLayout} />
        ))}
      </ul>
      <div className="actions">
        <CloseButton>Close</CloseButton>
      </div>
    </Dialog>
  );
}

type ChoiceProps = { column: Column; ids: readonly string[]; index: number; layout: Layout; onLayout: (layout: Layout) => void };

/** The first column names the row: it stays where it is. */
function Choice({ column: { id, label }, ids, index, layout, onLayout }: ChoiceProps): ReactNode {
  const first = index === 0;
  const resize = (by: number): void => onLayout(withWidth(layout, id, (layout.widths[id] ?? drawnWidth(id)) + by));
  const move = (by: 1 | -1): void => onLayout(withMoved(ids, layout, id, by));
  return (
    <li>
      <label>
        <input type="checkbox" checked={first || !layout.hidden.includes(id)} disabled={first} onChange={(event) => onLayout(withShown(layout, id, event.target.checked))} />
        {label}
      </label>
      <span className="column-steps">
        <button type="button" className="icon-button" aria-label={`${label}: narrower`} onClick={() => resize(-STEP)}>
          −
        </button>
        <button type="button" className="icon-button" aria-label={`${label}: wider`} onClick={() => resize(STEP)}>
          +
        </button>
        <button type="button" className="icon-button" aria-label={`${label}: further left`} disabled={index < 2} onClick={() => move(-1)}>
          ↑
        </button>
        <button type="button" className="icon-button" aria-label={`${label}: further right`} disabled={first || index === ids.length - 1} onClick={() => move(1)}>
          ↓
        </button>
      </span>
    </li>
  );
}

/** What the style sheet and the browser made of it so far. */
function drawnWidth(id: string): number {
  return document.querySelector<HTMLElement>(`.positions .col-${CSS.escape(id)}`)?.getBoundingClientRect().width ?? 90;
}
