/** The position statement: tools, table or cards, totals and the reconciliation mark. */
import { useMemo, useState, type ReactNode, type RefObject } from "react";
import type { Positions, Summary } from "../../domain/book";
import { count } from "../../domain/format";
import type { Freshness } from "../../domain/freshness";
import { fetchedLine } from "../../domain/provenance";
import { reconcile } from "../../domain/reconcile";
import { stamp } from "../../domain/time";
import type { View } from "../../domain/view";
import { useStrategies } from "../../queries/strategies";
import { usePrivacy } from "../../ui/Amount";
import { SettlingMarks } from "../../ui/MarkCell";
import { Panel } from "../../ui/Panel";
import { PHONE, useMedia } from "../../ui/useMedia";
import type { SetView } from "../../ui/useView";
import { ColumnsDialog } from "./ColumnsDialog";
import { exportCsv } from "./exportCsv";
import { PositionCards } from "./PositionCards";
import { PositionTable } from "./PositionTable";
import { PositionTools } from "./PositionTools";
import { ReconcileMark } from "./ReconcileMark";
import { RegroupBar } from "./RegroupBar";
import { TableTools } from "./TableTools";
import { TotalsCard } from "./TotalsCard";
import { useLayout } from "./useLayout";
import { usePositionView } from "./usePositionView";
import { useRegrouping } from "./useRegrouping";

type PositionsPanelProps = {
  positions: Positions;
  summary: Summary | undefined;
  accounts: readonly Summary[];
  freshness: Freshness;
  view: View;
  setView: SetView;
  search: RefObject<HTMLInputElement | null>;
  /** Whose columns they are. */
  person: string;
};

export function PositionsPanel(props: PositionsPanelProps): ReactNode {
  const { positions, summary, view, setView, accounts } = props;
  const phone = useMedia(PHONE);
  const privacy = usePrivacy();
  const [layout, setLayout] = useLayout(props.person);
  const [choosing, setChoosing] = useState(false);
  const mixed = view.account === null;
  const { positions: all, closed_today: closed } = positions;
  const grouping = useStrategies(view.account, all, view.group === "underlying" && all.length > 0);
  const regrouping = useRegrouping(all, grouping);
  const shown = usePositionView({ positions, strategies: grouping.strategies, accounts, layout, view, setView });
  const { columns, lines, totals, context } = shown;
  const result = useMemo(() => (summary === undefined ? null : reconcile(all, positions.version, summary)), [all, positions.version, summary]);
  const label = totalLabel(shown.shown, all.length, shown.closedShown);
  const title = summary?.display_name ?? "Positions";
  const onCsv = (): void => exportCsv({ columns, lines, context, title, asOf: positions.as_of, privacy });
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
            <PositionTools rows={all} shown={shown.shown} view={view} setView={setView} search={props.search}>
              {all.length > 0 && (
                <TableTools
                  group={view.group}
                  onGroup={(group) => setView({ group })}
                  mixed={mixed}
                  regrouping={regrouping}
                  onColumns={phone ? null : () => setChoosing(true)}
                  onCsv={onCsv}
                />
              )}
            </PositionTools>
            {shown.holding.waiting && <span className="held">order held</span>}
            {result !== null && all.length > 0 && <ReconcileMark result={result} />}
          </>
        }
        freshness={props.freshness}
        freshnessTip={fetched(positions, summary)}
      >
        <RegroupBar regrouping={regrouping} />
        {lines.length === 0 ? (
          <p className="empty">{all.length + closed.length === 0 ? "No positions in this account." : `None of ${count(all.length, "position")} fits the filter.`}</p>
        ) : phone ? (
          <>
            <TotalsCard label={label} totals={totals} />
            <PositionCards lines={lines} context={context} mixed={mixed} onToggle={shown.toggle} />
          </>
        ) : (
          <PositionTable
            columns={columns}
            widths={layout.widths}
            lines={lines}
            sorting={shown.sorting}
            holding={shown.holding}
            context={context}
            totals={totals}
            totalLabel={label}
            onToggle={shown.toggle}
            regrouping={regrouping}
          />
        )}
        {choosing && <ColumnsDialog columns={shown.all} layout={layout} onLayout={setLayout} onClose={() => setChoosing(false)} />}
      </Panel>
    </SettlingMarks>
  );
}

function totalLabel(shown: number, all: number, closed: number): string {
  const open = shown === all ? `Total of ${all}` : `Total of ${shown} shown`;
  return closed === 0 ? open : `${open}, ${closed} closed`;
}

function fetched(positions: Positions, summary: Summary | undefined): string {
  const changed = positions.as_of === null ? "" : `\nFigures last changed ${stamp(positions.as_of)}`;
  return fetchedLine(summary?.checked_at ?? null) + changed;
}
