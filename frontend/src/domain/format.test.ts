import { describe, expect, it } from "vitest";
import { money, percent, price, quantity } from "../testing/book";
import { count, figure, formatted, MONEY, PL, PL_PERCENT, PRICE, PRICE_CHANGE, quantityShape } from "./format";

describe("formatted", () => {
  it("separates thousands and fixes the decimals", () => {
    expect(formatted(money("12845.67"), MONEY)).toBe("12,845.67");
    expect(formatted(money("1234567"), MONEY)).toBe("1,234,567.00");
    expect(formatted(money("100"), MONEY)).toBe("100.00");
    expect(formatted(money("999.5"), MONEY)).toBe("999.50");
  });

  it("writes one true minus, and a plus for P/L only", () => {
    expect(formatted(money("-286"), MONEY)).toBe("\u2212286.00");
    expect(formatted(money("-286"), PL)).toBe("\u2212286.00");
    expect(formatted(money("286"), PL)).toBe("+286.00");
    expect(formatted(money("286"), MONEY)).toBe("286.00");
    expect(formatted(percent("1.5"), PL_PERCENT)).toBe("+1.50%");
  });

  it("gives zero no sign, also when rounding makes it", () => {
    expect(formatted(money("0"), PL)).toBe("0.00");
    expect(formatted(money("-0.001"), PL)).toBe("0.00");
    expect(figure(money("-0.001"), PL).sign).toBe(0);
  });

  it("rounds halves to even", () => {
    expect(formatted(money("0.125"), MONEY)).toBe("0.12");
    expect(formatted(money("0.135"), MONEY)).toBe("0.14");
  });

  it("shows an em dash for what is not there, never 0", () => {
    expect(formatted(null, MONEY)).toBe("\u2014");
  });
});

describe("figure", () => {
  it("marks the zeros of a price that say nothing", () => {
    expect(figure(price("231.4"), PRICE)).toMatchObject({ head: "231.40", tail: "00" });
    expect(figure(price("1.7466"), PRICE)).toMatchObject({ head: "1.7466", tail: "" });
    expect(figure(price("1.745"), PRICE)).toMatchObject({ head: "1.745", tail: "0" });
    expect(figure(price("-1.2"), PRICE_CHANGE)).toMatchObject({ head: "\u22121.20", tail: "00" });
  });

  it("puts head and tail together to the whole text", () => {
    for (const text of ["0", "1.5", "-1234.5678", "1000000"]) {
      const { head, tail, text: whole } = figure(price(text), PRICE);
      expect(head + tail).toBe(whole);
    }
  });

  it("aligns quantities to the finest row", () => {
    const shape = quantityShape(4);
    expect(figure(quantity("100"), shape)).toMatchObject({ head: "100", tail: ".0000" });
    expect(figure(quantity("33.1245"), shape)).toMatchObject({ head: "33.1245", tail: "" });
    expect(figure(quantity("12.5"), shape)).toMatchObject({ head: "12.5", tail: "000" });
    expect(figure(quantity("24310"), quantityShape(0))).toMatchObject({ head: "24,310", tail: "" });
  });
});

it("counts in words", () => {
  expect(count(1, "row")).toBe("1 row");
  expect(count(2, "row")).toBe("2 rows");
});
