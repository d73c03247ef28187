/** A table as a file for spreadsheets: raw numbers, ISO times, and the moment it is of in the first line. */

export type CsvColumn<Row> = {
  label: string;
  /** Numbers as they are, without separators; null when there is none. */
  raw: (row: Row) => string | null;
  /** Tells how much somebody owns: left out in privacy mode. */
  amount: boolean;
  text?: boolean;
};

export function csvOf<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[], about: string, privacy: boolean): string {
  const head = columns.map((column) => quoted(column.label, true));
  const body = rows.map((row) => columns.map((column) => (privacy && column.amount ? "hidden" : quoted(column.raw(row) ?? "", column.text === true))).join(","));
  return [`# ${about}${privacy ? " · amounts hidden" : ""}`, head.join(","), ...body, ""].join("\r\n");
}

/** A spreadsheet takes text that begins like a formula for one; a quote in front keeps it text. */
function quoted(value: string, text: boolean): string {
  const safe = text && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
