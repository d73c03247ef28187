/** One account as the socket tells it: pure steps from message to message, with gaps noticed. */
import type { ClosedPosition, Position, Summary } from "../domain/book";
import type {
  BalancesMessage,
  BookMessage,
  ChannelKind,
  MarksMessage,
  OrdersMessage,
  PositionsChange,
  PositionsSnapshot,
} from "./messages";

export type Rows = ReadonlyMap<number, Position>;
/** What may change while the figures stay: when Schwab last answered, and how the link stands. */
export type Standing = Pick<Summary, "checked_at" | "is_stale" | "link_state">;

export type Book = {
  account: number;
  balances: { version: number; summary: Summary } | null;
  /** `base` is what Schwab said, `shown` the same moved on by the marks. */
  positions: { version: number; asOf: string | null; base: Rows; shown: Rows; closed: readonly ClosedPosition[] } | null;
  marks: { version: number; seq: number; asOf: string | null; balances: Partial<Summary> } | null;
  /** The `seq` that comes next; null after a snapshot, which is followed by whatever is known then. */
  nextSeq: number | null;
  ordersVersion: number | null;
  standing: Standing | null;
};

/** `gap`: the channel that must be subscribed anew, because something between was not heard. */
export type Step = { book: Book; gap: ChannelKind | null };

export function emptyBook(account: number): Book {
  return { account, balances: null, positions: null, marks: null, nextSeq: null, ordersVersion: null, standing: null };
}

export function withMessage(book: Book, message: BookMessage): Step {
  switch (message.type) {
    case "balances":
      return step(withBalances(book, message));
    case "positions":
      return message.snapshot === true ? step(withSnapshot(book, message)) : withChange(book, message);
    case "marks":
      return withMarks(book, message);
    case "orders":
      return step(withOrders(book, message));
  }
}

const step = (book: Book, gap: ChannelKind | null = null): Step => ({ book, gap });

/** A summary is always whole, so nothing can be missed between two of them. */
function withBalances(book: Book, { snapshot, version, balances }: BalancesMessage): Book {
  if (snapshot !== true && book.balances !== null && version <= book.balances.version) return book;
  return { ...book, balances: { version, summary: balances }, standing: null };
}

function withSnapshot(book: Book, { version, as_of, rows, closed_today: closed = [] }: PositionsSnapshot): Book {
  const base = new Map(rows.map((row) => [row.id, row]));
  return { ...book, positions: { version, asOf: as_of, base, shown: base, closed }, marks: null, nextSeq: null };
}

/** Schwab's newer figures win: what the marks had moved is forgotten, and new marks begin at 1. */
function withChange(book: Book, message: PositionsChange): Step {
  const known = book.positions;
  if (known === null || message.version <= known.version) return step(book);
  if (message.base_version !== known.version) return step(book, "positions");
  const base = new Map(known.base);
  for (const { id } of message.removed) base.delete(id);
  for (const row of message.changed) base.set(row.id, row);
  const closed = message.closed_today ?? known.closed;
  return step({ ...book, positions: { version: message.version, asOf: message.as_of, base, shown: base, closed }, marks: null, nextSeq: 1 });
}

/** What a message says is right by itself, so it is shown also when one before it was missed. */
function withMarks(book: Book, message: MarksMessage): Step {
  const { positions, marks, nextSeq } = book;
  if (positions === null || message.version < positions.version) return step(book);
  if (message.version > positions.version) return step(book, "positions");
  if (marks !== null && message.seq <= marks.seq) return step(book);
  const shown = new Map(positions.shown);
  for (const { id, ...moved } of message.rows) {
    const before = shown.get(id);
    if (before !== undefined) shown.set(id, { ...before, ...moved });
  }
  const next: Book = {
    ...book,
    positions: { ...positions, shown },
    marks: { version: message.version, seq: message.seq, asOf: message.as_of, balances: { ...marks?.balances, ...message.balances } },
    nextSeq: message.seq + 1,
  };
  return step(next, nextSeq === null || nextSeq === message.seq ? null : "positions");
}

function withOrders(book: Book, { snapshot, version }: OrdersMessage): Book {
  if (snapshot !== true && book.ordersVersion !== null && version <= book.ordersVersion) return book;
  return { ...book, ordersVersion: version };
}

/** The later of two answers counts; without a time nothing is known to be later. */
export function withStanding(book: Book, standing: Standing): Book {
  const known = book.standing ?? book.balances?.summary;
  if (known === undefined || isLater(known.checked_at, standing.checked_at)) return book;
  const { checked_at, is_stale, link_state } = standing;
  if (known.checked_at === checked_at && known.is_stale === is_stale && known.link_state === link_state) return book;
  return { ...book, standing: { checked_at, is_stale, link_state } };
}

function isLater(a: string | null, b: string | null): boolean {
  return a !== null && (b === null || Date.parse(a) > Date.parse(b));
}

/** Schwab's summary moved on by the marks of the same version; null before the first. */
export function summaryOf({ balances, marks, standing }: Book): Summary | null {
  if (balances === null) return null;
  const moved = marks !== null && marks.version === balances.version ? marks.balances : {};
  return { ...balances.summary, ...moved, ...standing };
}

/** Without marks a row shows Schwab's own last figures again. */
export function withoutMarks(book: Book): Book {
  if (book.marks === null || book.positions === null) return book;
  return { ...book, positions: { ...book.positions, shown: book.positions.base }, marks: null, nextSeq: 0 };
}
