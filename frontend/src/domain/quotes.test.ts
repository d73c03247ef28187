import { describe, expect, it } from "vitest";
import { at, price, quote } from "../testing/book";
import { movedSymbol, newerQuote, quoteNote, symbolName, withQuotes } from "./quotes";

describe("of two quotes", () => {
  it("the one received later stays, whichever way it came", () => {
    const early = quote({ received_at: at(-5000), mark: price("1") });
    const late = quote({ received_at: at(-1000), mark: price("2") });
    expect(newerQuote(late, early)).toBe(late);
    expect(newerQuote(early, late)).toBe(late);
    expect(newerQuote(undefined, early)).toBe(early);
    expect(withQuotes(new Map([["SPY", late]]), [early, quote({ symbol: "QQQ" })]).get("SPY")).toBe(late);
  });
});

describe("names", () => {
  it("of options are read from their symbol", () => {
    expect(symbolName("AAPL  260918C00220000")).toBe("AAPL 18 Sep 26 220 C");
    expect(symbolName("SPXW  261231P00612500")).toBe("SPXW 31 Dec 26 612.5 P");
    expect(symbolName("BRK.B")).toBe("BRK.B");
  });
});

describe("what is to be said", () => {
  it("is the worst of it, in a word", () => {
    expect(quoteNote(quote())).toBeNull();
    expect(quoteNote(undefined)?.text).toBe("No quote");
    expect(quoteNote(quote({ source: "poll" }))?.text).toBe("Polled");
    expect(quoteNote(quote({ source: "poll", stale: true }))?.text).toBe("Stale");
    expect(quoteNote(quote({ halted: true, stale: true }))?.text).toBe("Halted");
  });
});

describe("moving", () => {
  it("goes one place, and nowhere from the ends", () => {
    const list = ["A", "B", "C"];
    expect(movedSymbol(list, "B", -1)).toEqual(["B", "A", "C"]);
    expect(movedSymbol(list, "B", 1)).toEqual(["A", "C", "B"]);
    expect(movedSymbol(list, "A", -1)).toBe(list);
    expect(movedSymbol(list, "C", 1)).toBe(list);
    expect(movedSymbol(list, "X", 1)).toBe(list);
  });
});
