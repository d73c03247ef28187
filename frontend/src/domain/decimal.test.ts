import { describe, expect, it } from "vitest";
import { money, percent, quantity } from "../testing/book";
import { absolute, decimalsIn, percentOf, signOf, sortable, subtract, sum, sumOfAbsolutes } from "./decimal";

describe("sum", () => {
  it("adds exactly where floats would not", () => {
    expect(sum([money("0.1"), money("0.2")]).value).toBe("0.3");
    const cents = Array.from({ length: 1000 }, () => money("0.01"));
    expect(sum(cents).value).toBe("10");
  });

  it("keeps fifteen digits and four decimals apart", () => {
    expect(sum([money("99999999999.9999"), money("0.0001")]).value).toBe("100000000000");
    expect(sum([money("-12345678901.2345"), money("0.0001")]).value).toBe("-12345678901.2344");
  });

  it("goes on exactly where a double's whole numbers end", () => {
    expect(sum([money("900719925474.0991"), money("0.0001")]).value).toBe("900719925474.0992");
    expect(sum([money("900719925474.0991"), money("0.0002"), money("-0.0001")]).value).toBe("900719925474.0992");
    expect(sum([money("-12345678901234567.8"), money("0.0003")]).value).toBe("-12345678901234567.7997");
    expect(sum([money("0.00000001"), money("-0.5"), money("2")]).value).toBe("1.50000001");
  });

  it("agrees with BigInt over figures of every size", () => {
    const figures = Array.from({ length: 2000 }, (_, at) => `${at % 3 === 0 ? "-" : ""}${(at * 7919) % 10 ** (at % 13)}.${String((at * 104729) % 10 ** (1 + (at % 6))).padStart(1 + (at % 6), "0")}`);
    const units = figures.reduce((all, text) => all + BigInt(text.replace(/\.(\d*)$/, (_, part: string) => part.padEnd(6, "0"))), 0n);
    const digits = String(units < 0n ? -units : units).padStart(7, "0");
    const expected = `${units < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, "");
    expect(sum(figures.map((text) => money(text))).value).toBe(expected);
  });

  it("leaves out what is not known, and counts it", () => {
    expect(sum([money("5"), null, money("-2"), null])).toEqual({ value: "3", known: 2, missing: 2 });
    expect(sum([])).toEqual({ value: "0", known: 0, missing: 0 });
  });
});

describe("sums of sizes", () => {
  it("take each difference without its sign, and leave out what is not known", () => {
    expect(sumOfAbsolutes([[money("1.5"), money("2")], [money("-3.25")], [null], [money("9"), null]])).toBe("3.75");
    expect(sumOfAbsolutes([[money("-0.0001"), money("0.0002")]])).toBe("0.0003");
    expect(sumOfAbsolutes([[money("-0.00001"), money("0.00002")], [money("1")]])).toBe("1.00003");
  });
});

describe("signs", () => {
  it("calls neutral what rounds to zero", () => {
    expect(signOf(money("-0.004"), 2)).toBe(0);
    expect(signOf(money("-0.006"), 2)).toBe(-1);
    expect(signOf(money("0.006"), 2)).toBe(1);
    expect(signOf(money("-0"), 2)).toBe(0);
  });
});

describe("the rest of the arithmetic", () => {
  it("subtracts with null parts as 0", () => {
    expect(subtract(money("26177.03"), money("0"), money("-1346.8"), null)).toBe("27523.83");
  });

  it("divides to four decimals, and over nothing gives nothing", () => {
    expect(percentOf(money("1"), money("3"))).toBe("33.3333");
    expect(percentOf(money("1"), money("0"))).toBeNull();
  });

  it("drops a sign, counts decimals, gives numbers to sort by", () => {
    expect(absolute(money("-5.5"))).toBe("5.5");
    expect(decimalsIn(quantity("15.2445"))).toBe(4);
    expect(decimalsIn(quantity("100"))).toBe(0);
    expect(sortable(percent("-0.52"))).toBe(-0.52);
    expect(sortable(null)).toBeUndefined();
  });
});
