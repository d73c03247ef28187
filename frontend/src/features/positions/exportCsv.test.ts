import { describe, expect, it } from "vitest";
import { linesOf } from "../../domain/positionLines";
import { closed, money, position } from "../../testing/book";
import { strategies } from "../../testing/strategies";
import { columnsFor } from "./columns";
import { positionsCsv } from "./exportCsv";

const accountName = (): string => "Trading …926";
const columns = columnsFor(true).filter((column) => ["symbol", "account", "quantity", "mark_price", "pl_day"].includes(column.id));
const rows = [position({ id: 1, pl_day: money("-1234.5") }), position({ id: 2, symbol: "AAPL  261218C00230000", underlying: "AAPL", asset_type: "OPT", pl_day: null })];
const lines = linesOf({ rows, closed: [closed()], strategies: strategies([]), groupBy: "underlying", shut: new Set(), accountName });
const facts = { columns, lines, context: { quantityDecimals: 0, accountName, facts: {} }, title: "Trading …926", asOf: "2026-11-23T15:00:00Z", privacy: false };

describe("the table as a file", () => {
  it("has raw values in the order of the table, what was closed too, and no sub-totals", () => {
    const [about, ...body] = positionsCsv(facts).split("\r\n");
    expect(about).toMatch(/^# Trading …926 · figures as of 2026-11-23T15:00:00Z · written \d{4}-.*Z$/);
    expect(body).toEqual([
      "Symbol,Account,Qty,Mark,P/L Day,State",
      "AAPL,Trading …926,100,231.4,-1234.5,open",
      "AAPL  261218C00230000,Trading …926,100,231.4,,open",
      "TSLA,Trading …926,0,410.5,-20.25,closed today",
      "",
    ]);
  });

  it("holds no amount in privacy mode", () => {
    const text = positionsCsv({ ...facts, privacy: true });
    expect(text).toContain("AAPL,Trading …926,hidden,231.4,hidden,open");
    expect(text).not.toContain("1234.5");
  });
});
