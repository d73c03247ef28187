/** Sorting by one or more columns, kept in the address. */
import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type SortingState,
} from "@tanstack/react-table";
import { useMemo } from "react";
import type { Position } from "../../domain/book";
import { compareNames } from "../../domain/positionTable";
import type { SortKey } from "../../domain/view";
import type { Column } from "./columns";

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

export type Sorting = {
  rows: readonly Position[];
  directionOf: (column: string) => "asc" | "desc" | false;
  /** 1, 2, … when several columns sort. */
  rankOf: (column: string) => number | null;
  toggle: (column: string, extra: boolean) => void;
};

export function useSortedRows(
  rows: readonly Position[],
  columns: readonly Column[],
  sort: readonly SortKey[],
  onSort: (sort: readonly SortKey[]) => void,
): Sorting {
  const known = useMemo(() => new Set(columns.map((column) => column.id)), [columns]);
  const sorting = useMemo<SortingState>(() => sort.filter((key) => known.has(key.id)).map((key) => ({ ...key })), [sort, known]);
  const data = useMemo(() => [...rows].sort(compareNames), [rows]);
  const definitions = useMemo(() => columns.map(definitionOf), [columns]);
  const table = useTable({
    features,
    data,
    columns: definitions,
    getRowId: (row) => String(row.id),
    state: { sorting },
    onSortingChange: (change) => onSort(typeof change === "function" ? change(sorting) : change),
    enableMultiSort: true,
  });
  const sorted = table.getSortedRowModel().rows;
  return {
    rows: useMemo(() => sorted.map((row) => row.original), [sorted]),
    directionOf: (id) => table.getColumn(id)?.getIsSorted() ?? false,
    rankOf: (id) => (sorting.length < 2 ? null : sorting.findIndex((key) => key.id === id) + 1 || null),
    toggle: (id, extra) => table.getColumn(id)?.toggleSorting(undefined, extra),
  };
}

function definitionOf(column: Column): ColumnDef<Features, Position> {
  return {
    id: column.id,
    accessorFn: column.sortValue,
    sortDescFirst: column.kind === "number",
    sortUndefined: "last",
    sortFn: (a, b) =>
      column.id === "symbol"
        ? compareNames(a.original, b.original)
        : compareValues(a.getValue(column.id), b.getValue(column.id)),
  };
}

function compareValues(a: number | string | undefined, b: number | string | undefined): number {
  if (a === undefined || b === undefined || a === b) return 0;
  return a < b ? -1 : 1;
}
