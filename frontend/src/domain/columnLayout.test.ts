import { describe, expect, it } from "vitest";
import { csvOf } from "./csv";
import { ordered, presetLayout, presetOf, readLayout, shownIds, USUAL, withMoved, withShown, withWidth } from "./columnLayout";

const IDS = ["symbol", "quantity", "mark_price", "market_value", "pl_day"];

describe("columns", () => {
  it("keep their order, and let new ones follow", () => {
    const layout = withMoved(IDS, USUAL, "pl_day", -1);
    expect(ordered(IDS, layout)).toEqual(["symbol", "quantity", "mark_price", "pl_day", "market_value"]);
    expect(ordered([...IDS, "notes"], layout).at(-1)).toBe("notes");
  });

  it("never lose the first, nor move it", () => {
    expect(shownIds(IDS, withShown(USUAL, "symbol", false))[0]).toBe("symbol");
    expect(withMoved(IDS, USUAL, "quantity", -1)).toBe(USUAL);
    expect(shownIds(IDS, withShown(withShown(USUAL, "pl_day", false), "pl_day", true))).toEqual(IDS);
  });

  it("know a preset by what it shows", () => {
    expect(presetOf(USUAL, IDS)).toBe("all");
    expect(presetOf(presetLayout("profit", IDS), IDS)).toBe("profit");
    expect(presetOf(withShown(presetLayout("profit", IDS), "pl_day", false), IDS)).toBeNull();
  });

  it("survive whatever was kept", () => {
    const layout = withWidth(withShown(USUAL, "pl_day", false), "symbol", 9999);
    expect(readLayout(JSON.stringify(layout))).toEqual({ order: [], hidden: ["pl_day"], widths: { symbol: 420 } });
    for (const text of [null, "", "7", "{\"order\":5,\"widths\":[true]}"]) expect(readLayout(text)).toEqual(USUAL);
  });
});

describe("a file", () => {
  const columns = [
    { label: "Symbol", raw: (row: readonly string[]) => row[0] ?? null, amount: false, text: true },
    { label: "P/L, day", raw: (row: readonly string[]) => row[1] ?? null, amount: true },
  ];

  it("has raw numbers, an as-of line, and no formulas", () => {
    expect(csvOf(columns, [["=cmd()", "-1200.5"], ["A \"B\""]], "as of now", false)).toBe(
      "# as of now\r\nSymbol,\"P/L, day\"\r\n'=cmd(),-1200.5\r\n\"A \"\"B\"\"\",\r\n",
    );
  });

  it("leaves amounts out in privacy mode, and says so", () => {
    const text = csvOf(columns, [["F", "7"]], "as of now", true);
    expect(text).toContain("# as of now · amounts hidden");
    expect(text).toContain("F,hidden");
    expect(text).not.toContain("7");
  });
});
