/** Decimal text to what a person reads: fixed decimals, thousands separators, one minus sign. */
import { digitsOf, signOf, type Decimal, type Sign } from "./decimal";

export const MINUS = "\u2212";
export const DASH = "\u2014";

export type Shape = {
  decimals: number;
  /** Zeros behind this decimal say nothing and are shown faintly. */
  quietAfter?: number;
  sign: "negative" | "always";
  unit: "" | "%";
  /** Tells how much somebody owns: hidden in privacy mode. Prices and percentages are not. */
  amount?: boolean;
};

export const HIDDEN = "\u2022\u2022\u2022\u2022";

export const MONEY: Shape = { decimals: 2, sign: "negative", unit: "", amount: true };
export const PL: Shape = { decimals: 2, sign: "always", unit: "", amount: true };
export const PL_PERCENT: Shape = { decimals: 2, sign: "always", unit: "%" };
export const PERCENT: Shape = { decimals: 2, sign: "negative", unit: "%" };
export const PRICE: Shape = { decimals: 4, quietAfter: 2, sign: "negative", unit: "" };
export const PRICE_CHANGE: Shape = { decimals: 4, quietAfter: 2, sign: "always", unit: "" };

export type Figure = {
  /** Everything, as one text. */
  text: string;
  /** Without the closing zeros that say nothing. */
  head: string;
  /** Those zeros, shown faintly so that the decimal points stay in line. */
  tail: string;
  sign: Sign;
};

export function figure(value: Decimal, shape: Shape): Figure {
  const sign = signOf(value, shape.decimals);
  const digits = group(digitsOf(value, shape.decimals));
  const number = signText(sign, shape) + digits;
  const cut = number.length - quietLength(digits, shape);
  return { text: number + shape.unit, head: number.slice(0, cut), tail: number.slice(cut) + shape.unit, sign };
}

export function formatted(value: Decimal | null, shape: Shape): string {
  return value === null ? DASH : figure(value, shape).text;
}

function signText(sign: Sign, shape: Shape): string {
  if (sign < 0) return MINUS;
  return sign > 0 && shape.sign === "always" ? "+" : "";
}

function group(digits: string): string {
  const [whole = "", part] = digits.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

function quietLength(digits: string, { decimals, quietAfter = decimals }: Shape): number {
  if (decimals <= quietAfter) return 0;
  const zeros = /0*$/.exec(digits.slice(-decimals))?.[0].length ?? 0;
  const quiet = Math.min(zeros, decimals - quietAfter);
  return quiet === decimals ? quiet + 1 : quiet;
}

/** The shape of a quantity column: as many decimals as its finest row needs. */
export function quantityShape(decimals: number): Shape {
  return { decimals: Math.min(decimals, 6), quietAfter: 0, sign: "negative", unit: "", amount: true };
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
