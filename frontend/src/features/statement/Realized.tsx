/** Realized P/L by symbol, day, month or year, with fees apart and what could not be matched in words. */
import { useRef, type ReactNode } from "react";
import { decimalsIn } from "../../domain/decimal";
import { MONEY, PL, quantityShape } from "../../domain/format";
import { symbolName } from "../../domain/quotes";
import { GROUPINGS, realizedLines, realizedTotals, type Grouping, type RealizedLine, type Statement } from "../../domain/statement";
import { fullDay, easternDate } from "../../domain/time";
import { Amount, FigureText } from "../../ui/Amount";
import { Segmented } from "../../ui/Segmented";
import { Spacer, useSlice } from "../../ui/useSlice";

const NAMES: Record<Grouping, string> = { symbol: "Symbol", day: "Day", month: "Month", year: "Year" };
const UNMATCHED = "Not all of it could be matched with an opening; see below.";

type RealizedProps = { statement: Statement; by: Grouping; onBy: (by: Grouping) => void };

export function Realized({ statement, by, onBy }: RealizedProps): ReactNode {
  const lines = realizedLines(statement, by);
  return (
    <section className="realized" aria-label="Realized P/L">
      <header className="part-head">
        <h3>Realized</h3>
        <Segmented label="Realized by" choices={GROUPINGS} names={NAMES} value={by} onChoose={onBy} />
        <span className="tag" data-tip="Which opening a closing is matched with where Schwab names none">
          {statement.method}
        </span>
      </header>
      {lines.length === 0 ? <p className="empty">Nothing was closed in these days.</p> : <Lines lines={lines} by={by} />}
      <Unmatched statement={statement} />
    </section>
  );
}

function Lines({ lines, by }: { lines: readonly RealizedLine[]; by: Grouping }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const slice = useSlice(lines.length, scroller, 28);
  const totals = realizedTotals(lines);
  return (
    <div className="table-scroll" ref={scroller} role="region" aria-label="Realized table" tabIndex={0}>
      <table className="statement-table" aria-rowcount={lines.length + 2}>
        <thead>
          <tr>
            <th scope="col">{NAMES[by]}</th>
            {by === "symbol" && (
              <>
                <th scope="col" className="number">Closed</th>
                <th scope="col" className="number aside">Proceeds</th>
                <th scope="col" className="number aside">Cost</th>
              </>
            )}
            <th scope="col" className="number">Fees</th>
            <th scope="col" className="number">P/L</th>
          </tr>
        </thead>
        <tbody>
          <Spacer height={slice.before} columns={6} />
          {lines.slice(slice.from, slice.to).map((line) => (
            <Line key={line.key} line={line} />
          ))}
          <Spacer height={slice.after} columns={6} />
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total of {lines.length}</th>
            {by === "symbol" && (
              <>
                <td />
                <td className="aside" />
                <td className="aside" />
              </>
            )}
            <td className="number">
              <FigureText value={totals.fees.value} shape={MONEY} />
            </td>
            <td className="number">
              <FigureText value={totals.pl.value} shape={PL} tone />
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Line({ line: { name, detail, symbol, fees, pl } }: { line: RealizedLine }): ReactNode {
  const partly = symbol !== undefined && Number(symbol.unmatched_quantity) !== 0;
  return (
    <tr>
      <th scope="row" data-tip={detail === "" ? undefined : `${name} · ${detail}`}>
        <span className="symbol">{name}</span>
      </th>
      {symbol !== undefined && (
        <>
          <td className="number">
            <FigureText value={symbol.quantity} shape={quantityShape(decimalsIn(symbol.quantity))} />
          </td>
          <td className="number aside">
            <Amount value={pl === null ? null : symbol.proceeds} shape={MONEY} reason={UNMATCHED} />
          </td>
          <td className="number aside">
            <Amount value={pl === null ? null : symbol.cost} shape={MONEY} reason={UNMATCHED} />
          </td>
        </>
      )}
      <td className="number">
        <Amount value={pl === null ? null : fees} shape={MONEY} reason={pl === null ? UNMATCHED : "Schwab told no fees."} />
      </td>
      <td className="number">
        {partly && pl !== null && (
          <span className="partial" role="img" aria-label="not all of it" data-tip={UNMATCHED}>
            ◔
          </span>
        )}
        <Amount value={pl} shape={PL} tone reason={UNMATCHED} />
      </td>
    </tr>
  );
}

/** Closings without a P/L, each with its reason. */
function Unmatched({ statement: { unmatched, rejected } }: { statement: Statement }): ReactNode {
  if (unmatched.length === 0 && rejected.length === 0) return null;
  return (
    <details className="unmatched" open={unmatched.length <= 3}>
      <summary>
        {unmatched.length > 0 && `${unmatched.length} not matched, so not in the P/L`}
        {unmatched.length > 0 && rejected.length > 0 && " · "}
        {rejected.length > 0 && `${rejected.length} of Schwab's rows not readable`}
      </summary>
      <ul>
        {unmatched.map((one, index) => (
          <li key={index}>
            <span className="symbol">{symbolName(one.symbol)}</span> <FigureText value={one.quantity} shape={quantityShape(decimalsIn(one.quantity))} />{" "}
            <span className="faint num">{fullDay(easternDate(one.closed_at))}</span> <span className="soft">{one.reason}</span>
          </li>
        ))}
        {rejected.map((one, index) => (
          <li key={`r${index}`}>{one.reason}</li>
        ))}
      </ul>
    </details>
  );
}
