/** What the days brought: realized P/L, and apart from it fees, income and what was paid in or out. */
import type { ReactNode } from "react";
import { MONEY, PL, type Shape } from "../../domain/format";
import { reasonFor } from "../../domain/provenance";
import type { Statement, TotalKey } from "../../domain/statement";
import { Amount } from "../../ui/Amount";

type Line = { key: TotalKey; label: string; shape: Shape; tip: string };

const LINES: readonly Line[] = [
  { key: "realized_pl", label: "Realized P/L", shape: PL, tip: "Formula: proceeds − cost − fees of what was closed, first in first out" },
  { key: "fees", label: "Fees", shape: MONEY, tip: "Schwab: the fee rows of the transactions" },
  { key: "dividends", label: "Dividends", shape: MONEY, tip: "Schwab: transactions of type DIVIDEND_OR_INTEREST that are dividends" },
  { key: "interest", label: "Interest", shape: MONEY, tip: "Schwab: transactions of type DIVIDEND_OR_INTEREST that are interest" },
  { key: "deposits", label: "Deposits", shape: MONEY, tip: "Paid or moved into the account" },
  { key: "withdrawals", label: "Withdrawals", shape: MONEY, tip: "Paid or moved out of the account" },
  { key: "net_amount", label: "Change of cash", shape: PL, tip: "Schwab: sum of netAmount over the transactions" },
];

export function Totals({ statement }: { statement: Statement }): ReactNode {
  return (
    <dl className="statement-totals">
      {LINES.map(({ key, label, shape, tip }) => (
        <div key={key} data-tip={[tip, statement.missing[key] ?? ""].join("\n").trim()}>
          <dt>{label}</dt>
          <dd>
            {statement.totals[key] !== null && statement.missing[key] !== undefined && (
              <span className="partial" role="img" aria-label="not all of it">
                ◔
              </span>
            )}
            <Amount value={statement.totals[key]} shape={shape} tone={shape === PL} reason={reasonFor(statement.missing, key)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
