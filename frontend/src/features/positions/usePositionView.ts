/** From the rows that are held to the lines that are shown: filter, sort, hold still, group. */
import { useCallback, useMemo, useState } from "react";
import type { Position, Positions, Summary } from "../../domain/book";
import { shownIds, type Layout } from "../../domain/columnLayout";
import { inGroupOrder, linesOf, type Line } from "../../domain/positionLines";
import { filterPositions, quantityDecimals, totalsOf, type Totals } from "../../domain/positionTable";
import type { Strategies } from "../../domain/strategies";
import type { SortKey, View } from "../../domain/view";
import type { SetView } from "../../ui/useView";
import { columnsFor, type CellContext, type Column } from "./columns";
import { useHeldOrder, type Holding } from "./useHeldOrder";
import { useSortedRows, type Sorting } from "./useSortedRows";

export type PositionView = {
  all: readonly Column[];
  columns: readonly Column[];
  lines: readonly Line[];
  shown: number;
  closedShown: number;
  totals: Totals;
  sorting: Sorting;
  holding: Holding;
  context: CellContext;
  toggle: (key: string) => void;
};

type Facts = { positions: Positions; strategies: Strategies; accounts: readonly Summary[]; layout: Layout; view: View; setView: SetView };

export function usePositionView({ positions, strategies, accounts, layout, view, setView }: Facts): PositionView {
  const { positions: all, closed_today: closedAll } = positions;
  const mixed = view.account === null;
  const { query, types, group, sort } = view;
  const usual = useMemo(() => columnsFor(mixed), [mixed]);
  const columns = useMemo(() => chosenColumns(usual, layout), [usual, layout]);
  const filtered = useMemo(() => filterPositions(all, { query, types }), [all, query, types]);
  const closed = useMemo(() => filterPositions(closedAll, { query, types }), [closedAll, query, types]);
  const onSort = useCallback((next: readonly SortKey[]) => setView({ sort: next }), [setView]);
  const sorting = useSortedRows(filtered, usual, sort, onSort);
  const inOrder = useMemo(() => inGroupOrder(sorting.rows, group, sort), [sorting.rows, group, sort]);
  const holding = useHeldOrder(useMemo(() => inOrder.map((row) => row.id), [inOrder]), JSON.stringify([query, types, group, sort, view.account]));
  const rows = useInOrder(filtered, holding.ids);
  const context = useCellContext(useMemo(() => quantityDecimals(all), [all]), accounts, strategies.facts);
  const [shut, toggle] = useShut();
  const { accountName } = context;
  const lines = useMemo(() => linesOf({ rows, closed, strategies, groupBy: group, shut, accountName }), [rows, closed, strategies, group, shut, accountName]);
  return {
    all: usual,
    columns,
    lines,
    shown: filtered.length,
    closedShown: closed.length,
    totals: useMemo(() => totalsOf(filtered, closed), [filtered, closed]),
    sorting,
    holding,
    context,
    toggle,
  };
}

function chosenColumns(usual: readonly Column[], layout: Layout): readonly Column[] {
  const byId = new Map(usual.map((column) => [column.id, column]));
  return shownIds(usual.map((column) => column.id), layout).flatMap((id) => byId.get(id) ?? []);
}

function useInOrder(rows: readonly Position[], ids: readonly number[]): readonly Position[] {
  return useMemo(() => {
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }, [rows, ids]);
}

/** The accounts change with every tick, their names do not: the rows must not be drawn anew for it. */
function useCellContext(decimals: number, accounts: readonly Summary[], facts: CellContext["facts"]): CellContext {
  const text = JSON.stringify(accounts.map((one) => [one.account_id, one.display_name]));
  return useMemo(() => {
    const names = new Map(JSON.parse(text) as [number, string][]);
    return { quantityDecimals: decimals, accountName: (id) => names.get(id) ?? `Account ${id}`, facts };
  }, [decimals, text, facts]);
}

/** The groups that were closed by hand; all others are open. */
function useShut(): [ReadonlySet<string>, (key: string) => void] {
  const [shut, setShut] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((key: string) => {
    setShut((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);
  return [shut, toggle];
}
