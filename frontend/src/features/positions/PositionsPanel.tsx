/** The position statement: tools, table or cards, totals and the reconciliation mark. */
import { useCallback, useMemo, type ReactNode, type RefObject } from "react";
import type { Positions, Summary } from "../../domain/book";
import { count } from "../../domain/format";
import type { Freshness } from "../../domain/freshness";
import { filterPositions, quantityDecimals, totalsOf } from "../../domain/positionTable";
import { fetchedLine } from "../../domain/provenance";
import { reconcile } from "../../domain/reconcile";
import { stamp } from "../../domain/time";
import type { SortKey, View } from "../../domain/view";
import { SettlingMarks } from "../../ui/MarkCell";
import { Panel } from "../../ui/Panel";
import { PHONE, useMedia } from "../../ui/useMedia";
import type { SetView } from "../../ui/useView";
import { columnsFor, type CellContext } from "./columns";
import { PositionCards } from "./PositionCards";
import { PositionTable } from "./PositionTable";
import { PositionTools } from "./PositionTools";
import { ReconcileMark } from "./ReconcileMark";
import { TotalsCard } from "./TotalsCard";
import { useHeldOrder } from "./useHeldOrder";
import { useSortedRows } from "./useSortedRows";

type PositionsPanelProps = {
  positions: Positions;
  summary: Summary | undefined;
  accounts: readonly Summary[];
  freshness: Freshness;
  view: View;
  setView: SetView;
  search: RefObject<HTMLInputElement | null>;
};

export function PositionsPanel(props: PositionsPanelProps): ReactNode {
  const { positions, summary, view, setView } = props;
  const phone = useMedia(PHONE);
  const mixed = view.account === null;
  const all = positions.positions;
  const columns = useMemo(() => columnsFor(mixed), [mixed]);
  const filtered = useMemo(
    () => filterPositions(all, { query: view.query, types: view.types }),
    [all, view.query, view.types],
  );
  const onSort = useCallback((sort: readonly SortKey[]) => setView({ sort }), [setView]);
  const sorting = useSortedRows(filtered, columns, view.sort, onSort);
  const holding = useHeldOrder(
    useMemo(() => sorting.rows.map((row) => row.id), [sorting.rows]),
    JSON.stringify(view),
  );
  const rows = useInOrder(sorting.rows, holding.ids);
  const context = useCellContext(useMemo(() => quantityDecimals(all), [all]), props.accounts);
  const totals = useMemo(() => totalsOf(filtered), [filtered]);
  const result = useMemo(
    () => (summary === undefined ? null : reconcile(all, positions.version, summary)),
    [all, positions.version, summary],
  );
  const label = filtered.length === all.length ? `Total of ${all.length}` : `Total of ${filtered.length} shown`;
  return (
    <SettlingMarks settling={positions.settling === true}>
    <Panel
      id="positions"
      label="Positions"
      title={
        <>
          Positions <span className="num faint">{all.length}</span>
        </>
      }
      tools={
        <>
          <PositionTools rows={all} shown={filtered.length} view={view} setView={setView} search={props.search} />
          {holding.waiting && <span className="held">order held</span>}
          {result !== null && all.length > 0 && <ReconcileMark result={result} />}
        </>
      }
      freshness={props.freshness}
      freshnessTip={fetched(positions, summary)}
    >
      {rows.length === 0 ? (
        <p className="empty">{all.length === 0 ? "No positions in this account." : `None of ${count(all.length, "position")} fits the filter.`}</p>
      ) : phone ? (
        <>
          <TotalsCard label={label} totals={totals} />
          <PositionCards rows={rows} context={context} mixed={mixed} />
        </>
      ) : (
        <PositionTable
          columns={columns}
          rows={rows}
          sorting={sorting}
          holding={holding}
          context={context}
          totals={totals}
          totalLabel={label}
        />
      )}
    </Panel>
    </SettlingMarks>
  );
}

function fetched(positions: Positions, summary: Summary | undefined): string {
  const changed = positions.as_of === null ? "" : `\nFigures last changed ${stamp(positions.as_of)}`;
  return fetchedLine(summary?.checked_at ?? null) + changed;
}

type Row = Positions["positions"][number];

function useInOrder(rows: readonly Row[], ids: readonly number[]): readonly Row[] {
  return useMemo(() => {
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }, [rows, ids]);
}

/** The accounts change with every tick, their names do not: the rows must not be drawn anew for it. */
function useCellContext(decimals: number, accounts: readonly Summary[]): CellContext {
  const text = JSON.stringify(accounts.map((one) => [one.account_id, one.display_name]));
  return useMemo(() => {
    const names = new Map(JSON.parse(text) as [number, string][]);
    return { quantityDecimals: decimals, accountName: (id) => names.get(id) ?? `Account ${id}` };
  }, [decimals, text]);
}
