/** Names of holdings as people say them: "AAPL 18 Sep 26 220 C" instead of "AAPL  260918C00220000". */
import type { Position } from "./book";

type Named = Pick<Position, "symbol" | "put_call" | "strike" | "expiration"> & { underlying?: string };

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function readableName(row: Named): string {
  if (row.put_call === null || row.strike === null || row.expiration === null) return row.symbol;
  const root = row.symbol.slice(0, 6).trim();
  const side = row.put_call === "CALL" ? "C" : "P";
  return `${root === "" ? (row.underlying ?? "") : root} ${shortDay(row.expiration)} ${row.strike} ${side}`;
}

/** "2026-09-18" → "18 Sep 26" */
function shortDay(day: string): string {
  const [year = "", month = "", date = ""] = day.split("-");
  return `${Number(date)} ${MONTHS[Number(month) - 1] ?? month} ${year.slice(2)}`;
}
