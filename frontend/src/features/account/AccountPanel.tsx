/** Every balance of the account, in groups; a cash account has no margin and no day trading. */
import type { ReactNode } from "react";
import type { Summary, SummaryKey } from "../../domain/book";
import { MONEY, PL, PL_PERCENT, type Shape } from "../../domain/format";
import type { Freshness } from "../../domain/freshness";
import { fetchedLine, leftOutOf } from "../../domain/provenance";
import { Panel } from "../../ui/Panel";
import { SummaryFigure } from "../../ui/SummaryFigure";
import { NetLiqCurve } from "./NetLiqCurve";

type Line = { key: SummaryKey; label: string; shape: Shape };
type Group = { title: string; marginOnly: boolean; lines: readonly Line[] };

const money = (key: SummaryKey, label: string): Line => ({ key, label, shape: MONEY });

const GROUPS: readonly Group[] = [
  {
    title: "Value",
    marginOnly: false,
    lines: [money("net_liq", "Net liq"), money("equity", "Equity"), money("cash", "Cash")],
  },
  {
    title: "Holdings",
    marginOnly: false,
    lines: [
      money("long_market_value", "Long value"),
      money("short_market_value", "Short value"),
      { key: "pl_open", label: "P/L open", shape: PL },
    ],
  },
  {
    title: "Today",
    marginOnly: false,
    lines: [
      { key: "pl_day", label: "P/L day", shape: PL },
      { key: "pl_day_percent", label: "P/L day %", shape: PL_PERCENT },
    ],
  },
  {
    title: "Buying power",
    marginOnly: false,
    lines: [money("stock_buying_power", "Stock"), money("option_buying_power", "Option")],
  },
  {
    title: "Margin",
    marginOnly: true,
    lines: [
      money("margin_balance", "Balance"),
      money("short_balance", "Short balance"),
      money("maintenance_requirement", "Maintenance"),
    ],
  },
  {
    title: "Day trading",
    marginOnly: true,
    lines: [money("day_trading_buying_power", "Buying power")],
  },
];

type AccountPanelProps = { account: number | null; summary: Summary | undefined; freshness: Freshness };

export function AccountPanel({ account, summary, freshness }: AccountPanelProps): ReactNode {
  const groups = GROUPS.filter((group) => !(group.marginOnly && summary?.account_type === "CASH"));
  const leftOut = summary === undefined ? [] : leftOutOf(summary);
  return (
    <Panel
      id="account"
      label="Account summary"
      title={summary?.display_name ?? "Account"}
      tools={summary === undefined ? null : <Kind summary={summary} />}
      freshness={freshness}
      freshnessTip={fetchedLine(summary?.checked_at ?? null)}
    >
      <div className="account-body">
      <div className="balances">
        {groups.map((group) => (
          <div className="balance-group" key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.lines.map(({ key, label, shape }) => (
                <div className="balance" key={key}>
                  <dt>{label}</dt>
                  <dd>
                    <SummaryFigure summary={summary} field={key} shape={shape} tone={shape !== MONEY} />
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
      <NetLiqCurve account={account} summary={summary} />
      </div>
      {leftOut.length > 0 && (
        <p className="left-out">
          <span className="partial" aria-hidden="true">
            ◔
          </span>
          {leftOut.join(" ")}
        </p>
      )}
    </Panel>
  );
}

function Kind({ summary }: { summary: Summary }): ReactNode {
  if (summary.link_state === "unlinked") return <span className="tag tag-amber">Not linked any more</span>;
  if (summary.account_type === null) return null;
  return <span className="tag">{summary.account_type === "CASH" ? "Cash account" : "Margin account"}</span>;
}
