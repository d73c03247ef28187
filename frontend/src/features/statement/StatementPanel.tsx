/** The account statement: what was booked and what was realized over chosen days. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { statementCsv } from "../../api/endpoints";
import type { Summary } from "../../domain/book";
import { daysOf, daysProblem, type Days, type RangeName, type Statement } from "../../domain/statement";
import { calendarDay, easternDate, fullDay } from "../../domain/time";
import type { View } from "../../domain/view";
import { statementQuery, useReading } from "../../queries/statement";
import { usePrivacy } from "../../ui/Amount";
import { Panel } from "../../ui/Panel";
import { PHONE, useMedia } from "../../ui/useMedia";
import { useNow } from "../../ui/useNow";
import type { SetView } from "../../ui/useView";
import { RangePicker } from "./RangePicker";
import { ReadBack } from "./ReadBack";
import { Realized } from "./Realized";
import { Totals } from "./Totals";
import { Transactions } from "./Transactions";

type StatementPanelProps = { accounts: readonly Summary[]; view: View; setView: SetView };

export function StatementPanel({ accounts, view, setView }: StatementPanelProps): ReactNode {
  const today = easternDate(useNow());
  const days = view.range === "custom" ? { from: view.from, to: view.to } : daysOf(view.range, today);
  const problem = daysProblem(days);
  const query = useQuery(statementQuery(view.account, days, problem === null));
  const reading = useReading(view.account);
  const onRange = (range: RangeName, next: Days): void => setView({ range, ...next });
  const ids = accounts.flatMap((one) => (view.account === null || one.account_id === view.account ? (one.account_id ?? []) : []));
  const { data } = query;
  return (
    <Panel
      id="statement"
      label="Statement"
      title={
        <>
          Statement <span className="faint">{problem === null && daysWords(days)}</span>
        </>
      }
      tools={
        <>
          <RangePicker range={view.range} days={days} today={today} onRange={onRange} />
          {data !== undefined && <ReadBack statement={data} reading={reading} accounts={ids} today={today} />}
        </>
      }
    >
      {problem !== null && <p className="empty">{problem}</p>}
      {problem === null && data === undefined && <Waiting failed={query.isError} again={() => void query.refetch()} />}
      {problem === null && data !== undefined && (
        <div className={query.isPlaceholderData || query.isError ? "statement is-dim" : "statement"}>
          {query.isError && <p className="statement-old">The statement could not be read anew. Shown is what was known.</p>}
          {data.transactions_checked_at === null && <NeverRead />}
          <Totals statement={data} />
          <Body data={data} accounts={accounts} view={view} days={days} setView={setView} />
        </div>
      )}
    </Panel>
  );
}

type BodyProps = StatementPanelProps & { data: Statement; days: Days };

function Body({ data, accounts, view, days, setView }: BodyProps): ReactNode {
  const phone = useMedia(PHONE);
  const names = useMemo(() => new Map(accounts.map((one) => [one.account_id, one.display_name])), [accounts]);
  const accountName = view.account === null ? (id: number): string => names.get(id) ?? `Account ${id}` : null;
  return (
    <div className="statement-body">
      <Realized statement={data} by={view.by} onBy={(by) => setView({ by })} />
      <Transactions rows={data.transactions} accountName={accountName} phone={phone} tools={<CsvLink address={statementCsv(view.account, days)} />} />
    </div>
  );
}

/** Privacy mode hides amounts in exports too; this one is made by the server, so it waits. */
function CsvLink({ address }: { address: string }): ReactNode {
  if (usePrivacy()) {
    return (
      <span className="tag" data-tip="The file would hold the amounts. Leave privacy mode (p) first.">
        CSV hidden
      </span>
    );
  }
  return (
    <a className="link csv" href={address} download>
      CSV
    </a>
  );
}

function NeverRead(): ReactNode {
  return <p className="statement-old">Schwab&apos;s transactions have not been read yet, so nothing here means &ldquo;nothing&rdquo;.</p>;
}

function Waiting({ failed, again }: { failed: boolean; again: () => void }): ReactNode {
  if (!failed) return <p className="empty">Loading the statement…</p>;
  return (
    <p className="empty" role="alert">
      The statement could not be read.{" "}
      <button type="button" className="link" onClick={again}>
        Ask again
      </button>
    </p>
  );
}

function daysWords({ from, to }: Days): string {
  return from === to ? calendarDay(from) : `${fullDay(from)} – ${fullDay(to)}`;
}
