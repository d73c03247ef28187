/** Decimal text as branded words, and the little exact arithmetic the page needs. No floats here. */
import Big from "big.js";
import { Adder } from "./adding";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type Money = Branded<"Money">;
export type Price = Branded<"Price">;
export type Quantity = Branded<"Quantity">;
export type Percent = Branded<"Percent">;
export type Decimal = Money | Price | Quantity | Percent;

const HALF_EVEN = 2;

export type Sum<D extends Decimal> = { value: D; known: number; missing: number };

/** Adds what is known, exactly; tells how many had no value. */
export function sum<D extends Decimal>(values: Iterable<D | null>): Sum<D> {
  const adder = new Adder();
  let known = 0;
  let missing = 0;
  for (const value of values) {
    if (value === null) missing += 1;
    else {
      adder.add(value);
      known += 1;
    }
  }
  return { value: adder.text() as D, known, missing };
}

/** Adds `|a − b|` of each pair (or `|a|` of a single one), exactly; what has an unknown part is left out. */
export function sumOfAbsolutes(terms: Iterable<readonly [Money | null, (Money | null)?]>): Money {
  const adder = new Adder();
  for (const [first, second = "0"] of terms) {
    if (first !== null && second !== null) adder.addDistance(first, second);
  }
  return adder.text() as Money;
}

/** `a − b − c …`, exactly; null parts count as 0. */
export function subtract(first: Money, ...rest: (Money | null)[]): Money {
  return plain(rest.reduce((left, part) => (part === null ? left : left.minus(part)), new Big(first))) as Money;
}

/** `value × part ÷ whole` to two decimals: the share of a leg in what its whole position is worth. */
export function shareOf<D extends Decimal>(value: D, part: Quantity, whole: Quantity): D {
  return plain(new Big(value).times(part).div(whole).round(2, HALF_EVEN)) as D;
}

/** `a − b − c …` of any kind, exactly. */
export function less<D extends Decimal>(first: D, rest: readonly D[]): D {
  return plain(rest.reduce((left, part) => left.minus(part), new Big(first))) as D;
}

export function isZero(value: Decimal): boolean {
  return new Big(value).eq(0);
}

export function absolute<D extends Decimal>(value: D): D {
  return plain(new Big(value).abs()) as D;
}

/** `100 × part ÷ whole` to four decimals, or null over nothing. */
export function percentOf(part: Money, whole: Money): Percent | null {
  const divisor = new Big(whole);
  if (divisor.eq(0)) return null;
  return plain(new Big(part).times(100).div(divisor).round(4, HALF_EVEN)) as Percent;
}

export function isBelow(value: Decimal, limit: string): boolean {
  return new Big(value).abs().lt(limit);
}

export type Sign = -1 | 0 | 1;

/** The sign of what is shown: −0.001 at two decimals reads 0.00 and is neutral. */
export function signOf(value: Decimal, decimals: number): Sign {
  const rounded = new Big(value).round(decimals, HALF_EVEN);
  return rounded.gt(0) ? 1 : rounded.lt(0) ? -1 : 0;
}

/** Rounds half-even to so many decimals, without a sign. */
export function digitsOf(value: Decimal, decimals: number): string {
  return new Big(value).abs().toFixed(decimals, HALF_EVEN);
}

/** How many decimals the text carries. */
export function decimalsIn(value: Decimal): number {
  const dot = value.indexOf(".");
  return dot < 0 ? 0 : value.length - dot - 1;
}

/**
 * A number to sort by. Stored values have at most 15 significant digits, within which
 * doubles keep every difference and order.
 */
export function sortable(value: Decimal | null): number | undefined {
  return value === null ? undefined : Number(value);
}

function plain(value: Big): string {
  return value.toFixed();
}
