/** Quotes as the watchlist shows them: which of two is newer, and what is to be said of one. */
import type { WireQuote } from "../api/wire";
import type { Percent, Price, Quantity } from "./decimal";
import { readableName } from "./optionName";

type PriceKey = "bid" | "ask" | "last" | "mark" | "mark_change" | "net_change" | "open" | "high" | "low" | "close";
type PercentKey = "mark_percent_change" | "net_percent_change";
type SizeKey = "bid_size" | "ask_size" | "volume";

export type Quote = Omit<WireQuote, PriceKey | PercentKey | SizeKey> &
  Record<PriceKey, Price | null> &
  Record<PercentKey, Percent | null> &
  Record<SizeKey, Quantity | null>;
export type Quotes = ReadonlyMap<string, Quote>;

export const asQuotes = (wire: readonly WireQuote[]): Quote[] => wire as unknown as Quote[];

/** Of two quotes of a symbol the one that the server received later; a tie goes to the second. */
export function newerQuote(known: Quote | undefined, other: Quote): Quote {
  return known !== undefined && Date.parse(known.received_at) > Date.parse(other.received_at) ? known : other;
}

export function withQuotes(quotes: Quotes, more: readonly Quote[]): Quotes {
  const next = new Map(quotes);
  for (const quote of more) next.set(quote.symbol, newerQuote(next.get(quote.symbol), quote));
  return next;
}

const OPTION = /^(.{6})(\d{2})(\d{2})(\d{2})([CP])(\d{5})(\d{3})$/;

/** "AAPL  260918C00220000" → "AAPL 18 Sep 26 220 C"; other symbols stay as they are. */
export function symbolName(symbol: string): string {
  const found = OPTION.exec(symbol);
  if (found === null) return symbol;
  const [, , year = "", month = "", day = "", side, whole = "", part = ""] = found;
  const strike = `${Number(whole)}${Number(part) === 0 ? "" : `.${part.replace(/0+$/, "")}`}`;
  return readableName({ symbol, put_call: side === "C" ? "CALL" : "PUT", strike: strike as Price, expiration: `20${year}-${month}-${day}` });
}

export type QuoteNote = { text: string; tone: "red" | "amber" | "faint"; tip: string };

/** What must be known beside the figures; null when there is nothing to say. */
export function quoteNote(quote: Quote | undefined): QuoteNote | null {
  if (quote === undefined) return { text: "No quote", tone: "faint", tip: "Nobody has sent a quote of this symbol so far." };
  if (quote.halted) return { text: "Halted", tone: "red", tip: "The exchange has stopped trading in it. The mark stands still." };
  if (quote.stale) return { text: "Stale", tone: "amber", tip: "The quote is older than this session allows. It may have moved since." };
  if (quote.status === "Closed") return { text: "Closed", tone: "faint", tip: "It is not traded at this time." };
  if (quote.source === "poll") return { text: "Polled", tone: "faint", tip: "Asked for every few seconds; the streamer does not carry it." };
  return null;
}

/** What was moved, and why not: the list with a symbol one place up or down. */
export function movedSymbol(symbols: readonly string[], symbol: string, by: 1 | -1): readonly string[] {
  const from = symbols.indexOf(symbol);
  const to = from + by;
  if (from < 0 || to < 0 || to >= symbols.length) return symbols;
  const next = [...symbols];
  next.splice(from, 1);
  next.splice(to, 0, symbol);
  return next;
}
