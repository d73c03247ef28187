import { describe, expect, it } from "vitest";
import { at, money, percent, position, present, price, summary } from "../testing/book";
import { balancesMessage, marksMessage, positionsChange, positionsSnapshot } from "../testing/live";
import { emptyBook, summaryOf, withMessage, withoutMarks, withStanding, type Book } from "./book";
import { keepSameRows, positionsOf, totalOf } from "./combine";
import type { BookMessage } from "./messages";

const TWO = [position({ id: 1 }), position({ id: 2, symbol: "MSFT", mark_price: price("400") })];

function told(...messages: BookMessage[]): Book {
  return messages.reduce((book, message) => withMessage(book, message).book, emptyBook(1));
}
const gapAfter = (book: Book, message: BookMessage): string | null => withMessage(book, message).gap;
const shown = (book: Book): string[] => [...(book.positions?.shown.values() ?? [])].map((row) => `${row.symbol} ${row.mark_price ?? "-"}`);
const opened = told(balancesMessage(4), positionsSnapshot(4, TWO));

describe("a book", () => {
  it("is known once its snapshots came", () => {
    expect(positionsOf(1, [emptyBook(1)])).toBeNull();
    expect(positionsOf(1, [opened])).toMatchObject({ account_id: 1, version: 4, positions: TWO });
    expect(summaryOf(opened)?.net_liq).toBe("26177.03");
  });

  it("takes changed, new and removed rows, and leaves the others as they are", () => {
    const book = told(balancesMessage(4), positionsSnapshot(4, TWO), positionsChange(4, 5, [position({ id: 3, symbol: "XOM" })], [1]));
    expect(shown(book)).toEqual(["MSFT 400", "XOM 231.4"]);
    expect(book.positions?.shown.get(2)).toBe(TWO[1]);
    expect(book.positions?.version).toBe(5);
  });

  it("passes over what it knows already", () => {
    const book = told(positionsSnapshot(4, TWO), positionsChange(3, 4, [], [1]));
    expect(shown(book)).toHaveLength(2);
    expect(gapAfter(opened, positionsChange(3, 4, [], [1]))).toBeNull();
  });

  it("notices a gap, and shows nothing of what it cannot place", () => {
    const step = withMessage(opened, positionsChange(5, 6, [], [1]));
    expect(step.gap).toBe("positions");
    expect(step.book).toBe(opened);
  });

  it("starts over with a snapshot, also an older one", () => {
    expect(shown(told(positionsSnapshot(9, TWO), positionsSnapshot(2, TWO.slice(1))))).toEqual(["MSFT 400"]);
  });

  it("needs no base for a summary, which is always whole", () => {
    const book = told(balancesMessage(4), balancesMessage(9, { cash: money("7") }), balancesMessage(6, { cash: money("1") }));
    expect(summaryOf(book)).toMatchObject({ version: 9, cash: "7" });
  });
});

describe("marks", () => {
  const first = marksMessage(4, 17, [{ id: 1, mark_price: price("232") }], { net_liq: money("26237.03"), pl_day: money("-15.5") });
  const marked = told(balancesMessage(4), positionsSnapshot(4, TWO), first);

  it("move the keys they name, of the rows they name", () => {
    expect(shown(marked)).toEqual(["AAPL 232", "MSFT 400"]);
    expect(marked.positions?.shown.get(1)?.avg_price).toBe("182.3312");
    expect(marked.positions?.shown.get(2)).toBe(TWO[1]);
    expect(summaryOf(marked)).toMatchObject({ net_liq: "26237.03", pl_day: "-15.5", cash: "0" });
  });

  it("follow a snapshot with whatever number they have come to, then one by one", () => {
    expect(gapAfter(told(positionsSnapshot(4, TWO)), first)).toBeNull();
    expect(gapAfter(marked, marksMessage(4, 18))).toBeNull();
    expect(gapAfter(marked, marksMessage(4, 19))).toBe("positions");
  });

  it("are shown also after a gap: what they say is right by itself", () => {
    const { book } = withMessage(marked, marksMessage(4, 30, [{ id: 2, mark_price: price("401") }]));
    expect(shown(book)).toEqual(["AAPL 232", "MSFT 401"]);
  });

  it("are not told twice, and not of an older book", () => {
    expect(withMessage(marked, marksMessage(4, 17, [{ id: 1, mark_price: price("1") }])).book).toBe(marked);
    expect(withMessage(marked, marksMessage(3, 99, [{ id: 1, mark_price: price("1") }])).book).toBe(marked);
  });

  it("of a newer book wait for its rows", () => {
    const step = withMessage(marked, marksMessage(5, 1, [{ id: 1, mark_price: price("1") }]));
    expect(step).toEqual({ book: marked, gap: "positions" });
  });

  it("yield to Schwab's own figures, and begin again at 1", () => {
    const book = told(balancesMessage(4), positionsSnapshot(4, TWO), first, balancesMessage(5), positionsChange(4, 5, [], []));
    expect(shown(book)).toEqual(["AAPL 231.4", "MSFT 400"]);
    expect(summaryOf(book)?.net_liq).toBe("26177.03");
    expect(gapAfter(book, marksMessage(5, 1))).toBeNull();
    expect(gapAfter(book, marksMessage(5, 2))).toBe("positions");
  });

  it("do not move a summary of another version", () => {
    const book = told(balancesMessage(4), positionsSnapshot(4, TWO), balancesMessage(5), marksMessage(4, 1, [], { net_liq: money("1") }));
    expect(summaryOf(book)?.net_liq).toBe("26177.03");
  });

  it("can be forgotten; whatever comes then shows that something is missing", () => {
    const book = withoutMarks(marked);
    expect(shown(book)).toEqual(["AAPL 231.4", "MSFT 400"]);
    expect(gapAfter(book, marksMessage(4, 18))).toBe("positions");
  });
});

describe("the standing", () => {
  const standing = { checked_at: at(9000), is_stale: true, link_state: "expiring" } as const;

  it("is the later one, whoever told it", () => {
    expect(summaryOf(withStanding(opened, standing))).toMatchObject(standing);
    expect(withStanding(opened, { ...standing, checked_at: at(-60_000) })).toBe(opened);
    expect(withStanding(opened, { ...standing, checked_at: null })).toBe(opened);
  });

  it("keeps the book as it is when nothing changed", () => {
    expect(withStanding(opened, summary())).toBe(opened);
  });

  it("yields to a newer summary", () => {
    const book = withMessage(withStanding(opened, standing), balancesMessage(5, { checked_at: at(20_000) })).book;
    expect(summaryOf(book)).toMatchObject({ checked_at: at(20_000), is_stale: false });
  });
});

describe("all accounts together", () => {
  const other = { ...emptyBook(2), positions: present(told(positionsSnapshot(6, [position({ id: 9, account_id: 2 })])).positions) };

  it("stand side by side, with the versions added up as the server does", () => {
    expect(positionsOf(null, [opened, other])).toMatchObject({ account_id: null, version: 10 });
    expect(positionsOf(null, [opened, emptyBook(3)])).toBeNull();
  });

  const total = summary({ account_id: null, net_liq: money("300.3"), pl_day: money("3"), pl_day_percent: percent("1.009"), version: 3 });
  const one = summary({ net_liq: money("100.1"), pl_day: money("1"), day_trading_buying_power: null, version: 4, checked_at: at(-9000) });
  const two = summary({ account_id: 2, net_liq: money("200.2"), pl_day: money("2"), day_trading_buying_power: null, version: 6 });

  it("are added up exactly; what no account has stays unknown, and the oldest answer counts", () => {
    expect(totalOf(total, [one, two])).toMatchObject({ net_liq: "300.3", pl_day: "3", day_trading_buying_power: null, version: 10, checked_at: at(-9000) });
    expect(totalOf(total, [one, { ...two, checked_at: null }]).checked_at).toBeNull();
    expect(totalOf(total, [one, { ...two, is_stale: true }]).is_stale).toBe(true);
  });

  it("have the server's percentage while its sums stand, then its formula over the new ones", () => {
    expect(totalOf(total, [one, two]).pl_day_percent).toBe("1.009");
    const moved = [one, { ...two, pl_day: money("2.5") }];
    expect(totalOf(total, moved).pl_day_percent).toBe("1.1792");
    const partial = totalOf({ ...total, missing: { pl_day_percent: "Without IRA …118." } }, moved);
    expect(partial.pl_day_percent).toBeNull();
    expect(partial.missing.pl_day_percent).toMatch(/added the accounts up/);
  });
});

describe("rows that say the same", () => {
  it("stay the same, also when they come anew", () => {
    const copies = TWO.map((row) => ({ ...row, missing: { ...row.missing } }));
    expect(keepSameRows(TWO, copies)).toBe(TWO);
    const [a, b] = keepSameRows(TWO, [{ ...present(TWO[0]), mark_price: price("1") }, present(copies[1])]);
    expect(a).not.toBe(TWO[0]);
    expect(b).toBe(TWO[1]);
  });

  it("differ in a reason too", () => {
    const rows = [position({ missing: { pl_day: "No close yet." } })];
    expect(keepSameRows([position()], rows)).toEqual(rows);
  });
});
