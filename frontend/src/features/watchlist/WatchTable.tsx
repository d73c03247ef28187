/** The watched symbols as a table. */
import type { ReactNode, RefObject } from "react";
import type { Quotes } from "../../domain/quotes";
import { WatchRow, type WatchRowProps } from "./WatchRow";

const HEADINGS = [
  { name: "last", label: "Last" },
  { name: "mark", label: "Mark" },
  { name: "chg", label: "Chg" },
  { name: "percent", label: "Chg %" },
  { name: "bid", label: "Bid × Ask" },
] as const;

type WatchTableProps = Pick<WatchRowProps, "onMove" | "onRemove"> & {
  symbols: readonly string[];
  quotes: Quotes;
  body: RefObject<HTMLTableSectionElement | null>;
};

export function WatchTable({ symbols, quotes, body, onMove, onRemove }: WatchTableProps): ReactNode {
  return (
    <div className="table-scroll" role="region" aria-label="Watchlist table" tabIndex={0}>
      <table className="watchlist">
        <thead>
          <tr>
            <th scope="col">Symbol</th>
            {HEADINGS.map(({ name, label }) => (
              <th scope="col" className={`number watch-${name}`} key={name}>
                {label}
              </th>
            ))}
            <th scope="col">
              <span className="sr-only">Order and remove</span>
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {symbols.map((symbol, index) => (
            <WatchRow
              key={symbol}
              symbol={symbol}
              quote={quotes.get(symbol)}
              isFirst={index === 0}
              isLast={index === symbols.length - 1}
              onMove={onMove}
              onRemove={onRemove}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
