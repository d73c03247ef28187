/** The table's order, held still while someone points at a row or has the focus in one. */
import { useState } from "react";
import { holdOrder, sameIds, type HeldOrder } from "../../domain/positionTable";

export type Holding = {
  ids: readonly number[];
  /** True when the rows would stand elsewhere if they were let go. */
  waiting: boolean;
  handlers: {
    onPointerEnter: () => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: () => void;
  };
};

export function useHeldOrder(sorted: readonly number[], rule: string): Holding {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [order, setOrder] = useState<HeldOrder>({ ids: sorted, rule });
  const next = holdOrder(order, sorted, rule, pointed || focused);
  if (next !== order) setOrder(next);
  return {
    ids: next.ids,
    waiting: !sameIds(next.ids, sorted),
    handlers: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
    },
  };
}
