/** Where each figure comes from: Schwab's field or the formula, by kind of account. */
import type { Summary, SummaryKey } from "./book";
import { fullDay, stamp } from "./time";

type Source = { margin: string; cash: string };
const same = (text: string): Source => ({ margin: text, cash: text });

export const SUMMARY_SOURCES: Record<SummaryKey, Source> = {
  net_liq: same("Schwab: liquidationValue"),
  cash: same("Schwab: cashBalance"),
  margin_balance: { margin: "Schwab: marginBalance (negative is a loan)", cash: "Margin accounts only" },
  short_balance: { margin: "Schwab: shortBalance", cash: "Margin accounts only" },
  equity: { margin: "Schwab: equity", cash: "Schwab: liquidationValue (a cash account has no equity field)" },
  stock_buying_power: { margin: "Schwab: buyingPower", cash: "Schwab: cashAvailableForTrading" },
  option_buying_power: {
    margin: "Schwab: buyingPowerNonMarginableTrade, else availableFundsNonMarginableTrade",
    cash: "Schwab: cashAvailableForTrading",
  },
  day_trading_buying_power: { margin: "Schwab: dayTradingBuyingPower", cash: "Margin accounts only" },
  maintenance_requirement: { margin: "Schwab: maintenanceRequirement", cash: "Margin accounts only" },
  long_market_value: same("Schwab: longMarketValue"),
  short_market_value: same("Schwab: shortMarketValue (negative)"),
  pl_open: same("Formula: sum of P/L open over the positions"),
  pl_day: same("Formula: sum of P/L day over the positions, those closed today included"),
  pl_day_percent: same("Formula: P/L day ÷ (net liq − P/L day)"),
};

/** The lines of a figure's tip: source, what is left out or missing, and when it was fetched. */
export function summaryTip(summary: Summary, key: SummaryKey): string {
  const note = summary.missing[key];
  const lines = [sourceLine(summary, key)];
  if (key.startsWith("pl_day") && summary.pl_day_since !== null) lines.push(`Since the close of ${fullDay(summary.pl_day_since)}`);
  if (note !== undefined) lines.push(note);
  else if (summary[key] === null) lines.push("Schwab did not send this.");
  lines.push(fetchedLine(summary.checked_at));
  return lines.join("\n");
}

function sourceLine(summary: Summary, key: SummaryKey): string {
  const source = SUMMARY_SOURCES[key];
  if (summary.account_id === null) return `Sum of all accounts · ${source.margin}`;
  return summary.account_type === "CASH" ? source.cash : source.margin;
}

export function fetchedLine(checkedAt: string | null): string {
  return checkedAt === null ? "Not fetched yet" : `Fetched ${stamp(checkedAt)}`;
}

/** Why a value is not there; always a sentence. */
export function reasonFor(missing: Readonly<Record<string, string>>, key: string): string {
  return missing[key] ?? "Schwab did not send this.";
}

/** What the shown sums leave out, each sentence once. */
export function leftOutOf(summary: Summary): string[] {
  const keys = Object.keys(SUMMARY_SOURCES) as SummaryKey[];
  return [...new Set(keys.filter((key) => summary[key] !== null).flatMap((key) => summary.missing[key] ?? []))];
}
