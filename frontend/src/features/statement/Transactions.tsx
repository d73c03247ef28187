/** What was booked, newest first. */
import { useRef, type ReactNode } from "react";
import { decimalsIn } from "../../domain/decimal";
import { MONEY, PL, PRICE, quantityShape } from "../../domain/format";
import { reasonFor } from "../../domain/provenance";
import { hasUnits, kindText, transactionName, type Transaction } from "../../domain/statement";
import { fullDay, stamp } from "../../domain/time";
import { Amount } from "../../ui/Amount";
import { Spacer, useSlice } from "../../ui/useSlice";

type TransactionsProps = {
  rows: readonly Transaction[];
  accountName: ((id: number) => string) | null;
  tools: ReactNode;
  phone: boolean;
};

export function Transactions({ rows, accountName, tools, phone }: TransactionsProps): ReactNode {
  return (
    <section className="transactions" aria-label="Transactions">
      <header className="part-head">
        <h3>
          Transactions <span className="num faint">{rows.length}</span>
        </h3>
        {tools}
      </header>
      {rows.length === 0 && <p className="empty">Nothing was booked in these days.</p>}
      {rows.length > 0 && (phone ? <Cards rows={rows} /> : <Table rows={rows} accountName={accountName} />)}
    </section>
  );
}

function Table({ rows, accountName }: Pick<TransactionsProps, "rows" | "accountName">): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const slice = useSlice(rows.length, scroller, 28);
  return (
    <div className="table-scroll" ref={scroller} role="region" aria-label="Transactions table" tabIndex={0}>
      <table className="statement-table transactions-table" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th scope="col">Date</th>
            {accountName !== null && <th scope="col">Account</th>}
            <th scope="col">Kind</th>
            <th scope="col">Symbol</th>
            <th scope="col" className="wide">Description</th>
            <th scope="col" className="number">Qty</th>
            <th scope="col" className="number">Price</th>
            <th scope="col" className="number">Amount</th>
            <th scope="col" className="number">Fees</th>
            <th scope="col" className="number">Net</th>
          </tr>
        </thead>
        <tbody>
          <Spacer height={slice.before} columns={10} />
          {rows.slice(slice.from, slice.to).map((row, index) => (
            <Row key={row.id} row={row} index={slice.from + index + 2} accountName={accountName} />
          ))}
          <Spacer height={slice.after} columns={10} />
        </tbody>
      </table>
    </div>
  );
}

type RowProps = { row: Transaction; index: number; accountName: TransactionsProps["accountName"] };

function Row({ row, index, accountName }: RowProps): ReactNode {
  return (
    <tr aria-rowindex={index} data-row="" tabIndex={-1} data-id={row.id}>
      <td className="num" data-tip={dates(row)}>
        {fullDay(row.trade_date)}
      </td>
      {accountName !== null && <td className="faint">{accountName(row.account_id)}</td>}
      <td data-tip={`Schwab: ${row.broker_type}`}>
        {kindText(row.kind)}
        {row.status === "UNLISTED" && (
          <span className="booking-note" data-tip="Schwab lists it no more; perhaps it was corrected. It does not count.">
            not listed
          </span>
        )}
      </td>
      <th scope="row">
        <span className="symbol">{transactionName(row)}</span>
      </th>
      <td className="wide faint" data-tip={row.description}>
        {row.description}
      </td>
      <Figures row={row} />
    </tr>
  );
}

function Figures({ row }: { row: Transaction }): ReactNode {
  const unit = hasUnits(row);
  return (
    <>
      <td className="number">{unit && <Units row={row} />}</td>
      <td className="number">{unit && <Amount value={row.price} shape={PRICE} reason={reasonFor(row.missing, "price")} />}</td>
      <td className="number">
        <Amount value={row.amount} shape={MONEY} reason={reasonFor(row.missing, "amount")} />
      </td>
      <td className="number">
        <Amount value={row.fees} shape={MONEY} reason={reasonFor(row.missing, "fees")} />
      </td>
      <td className="number">
        <Amount value={row.net_amount} shape={PL} reason={reasonFor(row.missing, "net_amount")} />
      </td>
    </>
  );
}

function Units({ row: { quantity, missing } }: { row: Transaction }): ReactNode {
  return <Amount value={quantity} shape={quantityShape(quantity === null ? 0 : decimalsIn(quantity))} reason={reasonFor(missing, "quantity")} />;
}

function dates(row: Transaction): string {
  const settled = row.settlement_date === null ? "" : `\nSettles ${fullDay(row.settlement_date)}`;
  return `Booked ${stamp(row.at)}${settled}`;
}

const CARDS = 60;

/** A phone shows the newest; the rest is a matter of a shorter range, and that is said. */
function Cards({ rows }: { rows: readonly Transaction[] }): ReactNode {
  return (
    <ul className="cards">
      {rows.slice(0, CARDS).map((row) => (
        <li key={row.id} className="order-card booking" data-id={row.id}>
          <span className="symbol">{transactionName(row) === "" ? kindText(row.kind) : transactionName(row)}</span>
          <span className="card-value">
            <Amount value={row.net_amount} shape={PL} reason={reasonFor(row.missing, "net_amount")} />
          </span>
          <span className="faint">{row.description}</span>
          <span className="num faint card-value">{fullDay(row.trade_date)}</span>
        </li>
      ))}
      {rows.length > CARDS && (
        <li className="empty">
          The newest {CARDS} of {rows.length}. Choose a shorter range for the others.
        </li>
      )}
    </ul>
  );
}
