/** The table as it stands, as a file. */
import type { Position } from "../../domain/book";
import { csvOf, type CsvColumn } from "../../domain/csv";
import type { Line } from "../../domain/positionLines";
import { saveFile } from "../../ui/saveFile";
import type { CellContext, Column } from "./columns";

type Exported = Extract<Line, { kind: "leg" | "closed" }>;

export type ExportFacts = {
  columns: readonly Column[];
  lines: readonly Line[];
  context: CellContext;
  title: string;
  asOf: string | null;
  privacy: boolean;
};

export function exportCsv(facts: ExportFacts): void {
  saveFile(`thor-positions-${(facts.asOf ?? new Date().toISOString()).slice(0, 10)}.csv`, positionsCsv(facts));
}

/** Legs and what was closed today in the order of the table; sub-totals are left to the spreadsheet. */
export function positionsCsv({ columns, lines, context, title, asOf, privacy }: ExportFacts): string {
  const rows = lines.filter((line): line is Exported => line.kind !== "group");
  const about = `${title} · figures as of ${asOf ?? "unknown"} · written ${new Date().toISOString()}`;
  const state: CsvColumn<Exported> = { label: "State", raw: (line) => (line.kind === "closed" ? "closed today" : "open"), amount: false };
  return csvOf([...columns.map((column) => csvColumn(column, context)), state], rows, about, privacy);
}

function csvColumn(column: Column, context: CellContext): CsvColumn<Exported> {
  return {
    label: column.label,
    amount: column.amount === true,
    text: column.kind === "text",
    raw: (line) => (line.kind === "closed" ? closedValue(column, line, context) : openValue(column, line.row, context)),
  };
}

function openValue(column: Column, row: Position, context: CellContext): string | null {
  return column.raw === undefined ? plainValue(row, column.id) : column.raw(row, context);
}

function closedValue({ id }: Column, { row }: Extract<Line, { kind: "closed" }>, { accountName }: CellContext): string | null {
  if (id === "account") return accountName(row.account_id);
  if (id === "quantity") return "0";
  return plainValue(row, id === "mark_price" ? "close_price" : id);
}

function plainValue(row: object, key: string): string | null {
  const value: unknown = Reflect.get(row, key);
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}
