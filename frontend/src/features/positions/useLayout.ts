/** The columns as one person left them in this browser. */
import { useState } from "react";
import { readLayout, type Layout } from "../../domain/columnLayout";
import { keep, kept } from "../../ui/storage";

export function useLayout(person: string): [Layout, (layout: Layout) => void] {
  const key = `thor.columns.${person}`;
  const [layout, setLayout] = useState(() => readLayout(kept(key)));
  const change = (next: Layout): void => {
    keep(key, JSON.stringify(next));
    setLayout(next);
  };
  return [layout, change];
}
