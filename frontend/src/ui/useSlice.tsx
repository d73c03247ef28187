/** Only the rows in sight are drawn, once there are more than a hundred. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, type ReactNode, type RefObject } from "react";

export const VIRTUAL_ABOVE = 100;

export type Slice = { from: number; to: number; before: number; after: number };

export function useSlice(count: number, scroller: RefObject<HTMLElement | null>, rowHeight: number): Slice {
  const enabled = count > VIRTUAL_ABOVE;
  const virtualizer = useVirtualizer({
    count,
    enabled,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const items = virtualizer.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  if (!enabled || first === undefined || last === undefined) {
    return { from: 0, to: enabled ? Math.min(count, 40) : count, before: 0, after: 0 };
  }
  return {
    from: first.index,
    to: last.index + 1,
    before: first.start,
    after: virtualizer.getTotalSize() - last.end,
  };
}

/** Stands for the rows that are not drawn. */
export function Spacer({ height, columns }: { height: number; columns: number }): ReactNode {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" className="spacer">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}
