/** The figures one looks at first. */
import type { ReactNode } from "react";
import type { Summary, SummaryKey } from "../../domain/book";
import { MONEY, PL, PL_PERCENT } from "../../domain/format";
import { isDim, type Freshness } from "../../domain/freshness";
import { SummaryFigure } from "../../ui/SummaryFigure";
import { YtdFigure } from "./YtdFigure";

const REST: readonly { key: SummaryKey; label: string }[] = [
  { key: "cash", label: "Cash" },
  { key: "stock_buying_power", label: "Stock BP" },
  { key: "option_buying_power", label: "Option BP" },
  { key: "day_trading_buying_power", label: "Day-trade BP" },
];

type HeaderFiguresProps = { account: number | null; summary: Summary | undefined; freshness: Freshness };

export function HeaderFigures({ account, summary, freshness }: HeaderFiguresProps): ReactNode {
  return (
    <dl className={`figures${isDim(freshness.state) ? " is-dim" : ""}`}>
      <div className="figure figure-net">
        <dt>Net Liq</dt>
        <dd>
          <SummaryFigure summary={summary} field="net_liq" shape={MONEY} />
        </dd>
      </div>
      <div className="figure figure-day">
        <dt>P/L Day</dt>
        <dd>
          <SummaryFigure summary={summary} field="pl_day" shape={PL} tone />
          <SummaryFigure summary={summary} field="pl_day_percent" shape={PL_PERCENT} tone />
        </dd>
      </div>
      <div className="figure figure-open">
        <dt>P/L Open</dt>
        <dd>
          <SummaryFigure summary={summary} field="pl_open" shape={PL} tone />
        </dd>
      </div>
      <div className="figure figure-ytd">
        <dt>P/L YTD</dt>
        <dd>
          <YtdFigure account={account} />
        </dd>
      </div>
      {REST.map(({ key, label }) => (
        <div className="figure figure-rest" key={key}>
          <dt>{label}</dt>
          <dd>
            <SummaryFigure summary={summary} field={key} shape={MONEY} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
