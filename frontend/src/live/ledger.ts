/** The books of the accounts that are looked at, and what follows for one of them or for all together. */
import type { Positions, Summary } from "../domain/book";
import type { Quote } from "../domain/quotes";
import { emptyBook, summaryOf, withMessage, withoutMarks, withStanding, type Book } from "./book";
import { positionsOf, summariesOf, totalOf } from "./combine";
import type { AccountPulse, BookMessage, ChannelKind } from "./messages";

/** What one frame brought, by account. `settling`: a fresh look was among it, so nothing need light up. */
export type Brought = {
  positions: Set<number>;
  summaries: Set<number>;
  orders: Set<number>;
  quotes: Map<string, Quote>;
  settling: boolean;
};

export function nothing(): Brought {
  return { positions: new Set(), summaries: new Set(), orders: new Set(), quotes: new Map(), settling: false };
}

/** What somebody else says the account has come to. */
export type Mark = { version: number; orders_version?: number; seq?: number | null };

export class Ledger {
  private readonly books = new Map<number, Book>();
  private accounts: readonly number[] = [];
  private mixed = false;

  /** What is looked at: an account, all of them (null), or nothing yet. */
  get viewed(): number | null | undefined {
    return this.mixed ? null : this.accounts[0];
  }

  /** Keeps the books of these accounts alone; gives those that were kept before. */
  choose(accounts: readonly number[], mixed: boolean): number[] {
    this.accounts = accounts;
    this.mixed = mixed;
    const left = [...this.books.keys()].filter((id) => !accounts.includes(id));
    for (const id of left) this.books.delete(id);
    return left;
  }

  clear(): boolean {
    const had = this.books.size > 0;
    this.books.clear();
    return had;
  }

  drop(account: number): void {
    this.books.delete(account);
  }

  /** Takes a message and notes what it touched; gives the channel that has a gap. */
  take(message: BookMessage, brought: Brought): ChannelKind | null {
    const id = message.account_id;
    const before = this.books.get(id) ?? emptyBook(id);
    const { book, gap } = withMessage(before, message);
    this.books.set(id, book);
    if (book.positions !== before.positions) brought.positions.add(id);
    if (book.balances !== before.balances || book.marks !== before.marks) brought.summaries.add(id);
    if (book.ordersVersion !== before.ordersVersion) brought.orders.add(id);
    if (message.type === "positions" && message.snapshot === true) brought.settling = true;
    return gap;
  }

  feel(id: number, pulse: AccountPulse, brought: Brought): void {
    const before = this.books.get(id);
    if (before === undefined) return;
    const book = withStanding(before, pulse);
    this.books.set(id, book);
    if (book !== before) brought.summaries.add(id);
  }

  /** Which channels have not come as far as somebody else says. */
  behind(id: number, { version, orders_version = 0, seq = null }: Mark): ChannelKind[] {
    const book = this.books.get(id);
    if (book === undefined) return [];
    const { balances, positions, marks, ordersVersion } = book;
    const missed = seq !== null && marks !== null && marks.version === version && seq > marks.seq;
    return [
      ...(balances !== null && balances.version < version ? (["balances"] as const) : []),
      ...(positions !== null && (positions.version < version || missed) ? (["positions"] as const) : []),
      ...(ordersVersion !== null && ordersVersion < orders_version ? (["orders"] as const) : []),
    ];
  }

  /** Shows Schwab's own figures again; tells whose changed by it. */
  forgetMarks(brought: Brought): void {
    for (const [id, book] of this.books) {
      if (book.marks === null) continue;
      this.books.set(id, withoutMarks(book));
      brought.positions.add(id);
      brought.summaries.add(id);
      brought.settling = true;
    }
  }

  /** The rows of an account, or of all that are looked at together; null when not everything is known. */
  positions(account: number | null): Positions | null {
    const books = this.of(account);
    return books === null ? null : positionsOf(account, books);
  }

  summary(account: number): Summary | null {
    const book = this.books.get(account);
    return book === undefined ? null : summaryOf(book);
  }

  total(told: Summary): Summary | null {
    const books = this.of(null);
    const summaries = books === null ? null : summariesOf(books);
    return summaries === null ? null : totalOf(told, summaries);
  }

  /** Learns from an answer of the server when Schwab was last heard. */
  learn(account: number, standing: Summary): void {
    const book = this.books.get(account);
    if (book !== undefined) this.books.set(account, withStanding(book, standing));
  }

  private of(account: number | null): Book[] | null {
    if (account === null && !this.mixed) return null;
    const ids = account === null ? this.accounts : [account];
    const books = ids.flatMap((id) => this.books.get(id) ?? []);
    return books.length === ids.length && books.length > 0 ? books : null;
  }
}
