/** The columns of the positions table: label, origin, sort value and how a cell is drawn. */
import type { ReactNode } from "react";
import type { Position } from "../../domain/book";
import { ASSET_NAMES } from "../../domain/assetTypes";
import { sortable, type Decimal } from "../../domain/decimal";
import { MONEY, PERCENT, PL, PL_PERCENT, PRICE, PRICE_CHANGE, quantityShape, type Shape } from "../../domain/format";
import { readableName } from "../../domain/optionName";
import { reasonFor } from "../../domain/provenance";
import type { Totals } from "../../domain/positionTable";
import { factNotes, type Fact } from "../../domain/strategies";
import { Amount, Missing } from "../../ui/Amount";
import { MarkCell } from "../../ui/MarkCell";
import { DayCell } from "./DayCell";
import { Notes } from "./Notes";
import { TotalCell } from "./TotalCell";

export type CellContext = {
  quantityDecimals: number;
  accountName: (id: number) => string;
  facts: Readonly<Record<string, Fact>>;
};

export type Column = {
  id: string;
  label: string;
  /** Where the figures come from; told on hover and focus of the heading and on hover of the cells. */
  source: string;
  kind: "text" | "number";
  sortValue: (row: Position) => number | string | undefined;
  cell: (row: Position, context: CellContext) => ReactNode;
  /** The whole text of a cell that may be cut short; other cells tell their source. */
  full?: (row: Position, context: CellContext) => string;
  total?: (totals: Totals) => ReactNode;
  totalSource?: string;
  /** For files: the bare value; the position's own when left out. */
  raw?: (row: Position, context: CellContext) => string | null;
  /** Tells how much somebody owns. */
  amount?: boolean;
};

type NumberKey = {
  [K in keyof Position]: Position[K] extends Decimal | null ? K : never;
}[keyof Position];

type NumberOptions = Pick<Column, "label" | "source" | "total" | "totalSource"> & { shape: Shape; tone?: boolean };

function numberColumn(key: NumberKey, { shape, tone = false, ...words }: NumberOptions): Column {
  return {
    id: key,
    ...words,
    amount: shape.amount === true,
    kind: "number",
    sortValue: (row) => sortable(row[key]),
    cell: (row) => <Amount value={row[key]} shape={shape} tone={tone} reason={reasonFor(row.missing, key)} />,
  };
}

const symbol: Column = {
  id: "symbol",
  label: "Symbol",
  source: "Schwab: instrument.symbol; options are named by root, expiry, strike and side",
  kind: "text",
  sortValue: (row) => row.symbol,
  cell: (row) => <span className="symbol">{readableName(row)}</span>,
  full: (row) => [`${readableName(row)} · ${ASSET_NAMES[row.asset_type].one}`, row.description ?? "", `Schwab's symbol ${row.symbol}`].filter((line) => line !== "").join("\n"),
};

const account: Column = {
  id: "account",
  label: "Account",
  source: "The account that holds the position",
  kind: "text",
  sortValue: (row) => row.account_id,
  cell: (row, { accountName }) => <span className="faint">{accountName(row.account_id)}</span>,
  raw: (row, { accountName }) => accountName(row.account_id),
  full: (row, { accountName }) => accountName(row.account_id),
};

const description: Column = {
  id: "description",
  label: "Description",
  source: "Schwab: instrument.description; for stocks the description from the quotes",
  kind: "text",
  sortValue: (row) => row.description?.toLowerCase() ?? undefined,
  cell: (row) =>
    row.description === null ? (
      <Missing reason={reasonFor(row.missing, "description")} />
    ) : (
      <span className="faint">{row.description}</span>
    ),
  full: (row) => row.description ?? "",
};

const quantity: Column = {
  id: "quantity",
  amount: true,
  label: "Qty",
  source: "Schwab: longQuantity − shortQuantity; a short is negative",
  kind: "number",
  sortValue: (row) => sortable(row.quantity),
  cell: (row, { quantityDecimals }) => (
    <Amount value={row.quantity} shape={quantityShape(quantityDecimals)} reason={reasonFor(row.missing, "quantity")} />
  ),
};

/** What must be known of an option or before a dividend, in a few words. */
const notes: Column = {
  id: "notes",
  label: "Notes",
  source: "In or out of the money, risk of assignment, day without dividend; from the quotes of the underlying",
  kind: "text",
  sortValue: (row) => row.expiration ?? undefined,
  cell: (row, { facts }) => <Notes fact={facts[row.symbol]} row={row} />,
  raw: (row, { facts }) => factNotes(facts[row.symbol], row).map((note) => note.text).join(" "),
};

const days: Column = {
  id: "days_to_expiration",
  label: "Days",
  source: "Days to expiration, from the option's symbol",
  kind: "number",
  sortValue: (row) => row.days_to_expiration ?? undefined,
  cell: (row) => (row.days_to_expiration === null ? null : <span className="num">{row.days_to_expiration}</span>),
};

const mark: Column = {
  id: "mark_price",
  label: "Mark",
  source: "Formula: |market value| ÷ (|quantity| × multiplier)",
  kind: "number",
  sortValue: (row) => sortable(row.mark_price),
  cell: (row) =>
    row.mark_price === null ? (
      <Missing reason={reasonFor(row.missing, "mark_price")} />
    ) : (
      <MarkCell value={row.mark_price} />
    ),
};

const ALL: readonly Column[] = [
  symbol,
  account,
  description,
  quantity,
  days,
  notes,
  numberColumn("avg_price", { label: "Avg Price", source: "Schwab: averagePrice, net of fees", shape: PRICE }),
  mark,
  numberColumn("mark_change", {
    label: "Mark Chg",
    source: "Schwab: instrument.netChange, per unit since the last close",
    shape: PRICE_CHANGE,
    tone: true,
  }),
  numberColumn("market_value", {
    label: "Market Value",
    source: "Schwab: marketValue, with the sign of the quantity",
    shape: MONEY,
    total: (totals) => <TotalCell total={totals.market_value} shape={MONEY} />,
  }),
  numberColumn("cost_basis", {
    label: "Cost",
    source: "Formula: average price × quantity × multiplier",
    shape: MONEY,
    total: (totals) => <TotalCell total={totals.cost_basis} shape={MONEY} />,
  }),
  numberColumn("pl_open", {
    label: "P/L Open",
    source: "Schwab: longOpenProfitLoss or shortOpenProfitLoss, else market value − cost",
    shape: PL,
    tone: true,
    total: (totals) => <TotalCell total={totals.pl_open} shape={PL} />,
  }),
  numberColumn("pl_open_percent", {
    label: "P/L Open %",
    source: "Formula: P/L open ÷ |cost|",
    shape: PL_PERCENT,
    tone: true,
    totalSource: "Formula: sum of P/L open ÷ sum of |cost|",
    total: (totals) => <Amount value={totals.pl_open_percent} shape={PL_PERCENT} tone reason="Nothing to divide by." />,
  }),
  {
    ...numberColumn("pl_day", {
      label: "P/L Day",
      source: "Schwab: currentDayProfitLoss",
      shape: PL,
      total: (totals) => <TotalCell total={totals.pl_day} shape={PL} />,
    }),
    cell: (row) => <DayCell row={row} />,
  },
  numberColumn("pl_day_percent", {
    label: "P/L Day %",
    source: "Schwab: currentDayProfitLossPercentage",
    shape: PL_PERCENT,
    tone: true,
    totalSource: "Formula: sum of P/L day ÷ sum of |market value − P/L day|",
    total: (totals) => <Amount value={totals.pl_day_percent} shape={PL_PERCENT} tone reason="Nothing to divide by." />,
  }),
  numberColumn("net_liq_percent", {
    label: "% Net Liq",
    source: "Formula: market value ÷ net liq of the account",
    shape: PERCENT,
    total: (totals) => <TotalCell total={totals.net_liq_percent} shape={PERCENT} />,
  }),
];

/** Several accounts mixed need a column to tell them apart, and percentages of different wholes have no sum. */
export function columnsFor(mixed: boolean): readonly Column[] {
  if (!mixed) return ALL.filter((column) => column.id !== "account");
  return ALL.map((column) => (column.id === "net_liq_percent" ? { ...column, total: () => null } : column));
}
