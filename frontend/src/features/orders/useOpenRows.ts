/** Which orders are opened, by Thor's id. */
import { useCallback, useMemo, useState } from "react";

export type OpenRows = { has: (id: number) => boolean; toggle: (id: number) => void };

export function useOpenRows(): OpenRows {
  const [ids, setIds] = useState<ReadonlySet<number>>(new Set());
  const toggle = useCallback((id: number) => {
    setIds((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  return useMemo(() => ({ has: (id) => ids.has(id), toggle }), [ids, toggle]);
}
