/** The totals row of the phone. */
import type { ReactNode } from "react";
import { MONEY, PL, PL_PERCENT } from "../../domain/format";
import type { Totals } from "../../domain/positionTable";
import { Amount } from "../../ui/Amount";
import { TotalCell } from "./TotalCell";

type TotalsCardProps = { label: string; totals: Totals };

export function TotalsCard({ label, totals }: TotalsCardProps): ReactNode {
  return (
    <dl className="totals-card" aria-label={label}>
      <div>
        <dt>{label}</dt>
        <dd>
          <TotalCell total={totals.market_value} shape={MONEY} />
        </dd>
      </div>
      <div>
        <dt>P/L Open</dt>
        <dd>
          <TotalCell total={totals.pl_open} shape={PL} />
          <Amount value={totals.pl_open_percent} shape={PL_PERCENT} tone reason="Nothing to divide by." />
        </dd>
      </div>
      <div>
        <dt>P/L Day</dt>
        <dd>
          <TotalCell total={totals.pl_day} shape={PL} />
          <Amount value={totals.pl_day_percent} shape={PL_PERCENT} tone reason="Nothing to divide by." />
        </dd>
      </div>
    </dl>
  );
}
