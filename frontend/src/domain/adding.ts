/**
 * Adds decimal texts exactly. A thousand rows are added at every tick, and once for each group: whole ten-thousandths
 * in a double's 53 bits, which most figures fit, are many times faster than BigInt, which takes all others.
 */

const DECIMALS = 4;
/** Far beyond the eight decimals of the finest figure. */
const FINEST = 18;
const FINER = 10n ** BigInt(FINEST - DECIMALS);
const ZERO = "0".charCodeAt(0);
const DOT = ".".charCodeAt(0);
const MINUS = "-".charCodeAt(0);

export class Adder {
  private units = 0;
  private rest = 0n;

  add(text: string): void {
    const units = tenThousandths(text);
    if (Number.isNaN(units)) this.rest += finest(text);
    else this.takeUnits(units);
  }

  /** Adds `|a − b|`. */
  addDistance(a: string, b: string): void {
    const apart = tenThousandths(a) - tenThousandths(b);
    if (Number.isSafeInteger(apart)) this.takeUnits(Math.abs(apart));
    else {
      const exact = finest(a) - finest(b);
      this.rest += exact < 0n ? -exact : exact;
    }
  }

  /** The sum without needless zeros. */
  text(): string {
    if (this.rest === 0n) return spelled(String(Math.abs(this.units)), DECIMALS, this.units < 0);
    const all = this.rest + BigInt(this.units) * FINER;
    return spelled(String(all < 0n ? -all : all), FINEST, all < 0n);
  }

  private takeUnits(units: number): void {
    const next = this.units + units;
    if (Number.isSafeInteger(next)) this.units = next;
    else this.rest += BigInt(units) * FINER;
  }
}

/** The text in whole ten-thousandths; NaN where that is not exact: too many digits, or decimals finer than these. */
function tenThousandths(text: string): number {
  let units = 0;
  let decimals = -1;
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT && decimals < 0) decimals = 0;
    else {
      const digit = code - ZERO;
      if (digit < 0 || digit > 9) return NaN;
      units = units * 10 + digit;
      if (decimals >= 0) decimals += 1;
    }
  }
  if (decimals > DECIMALS) return NaN;
  for (let more = Math.max(decimals, 0); more < DECIMALS; more += 1) units *= 10;
  if (!Number.isSafeInteger(units)) return NaN;
  return start === 1 ? -units : units;
}

function finest(text: string): bigint {
  const dot = text.indexOf(".");
  if (dot < 0) return BigInt(text + "0".repeat(FINEST));
  const part = text.slice(dot + 1, dot + 1 + FINEST);
  return BigInt(text.slice(0, dot) + part.padEnd(FINEST, "0"));
}

function spelled(digits: string, decimals: number, negative: boolean): string {
  const all = digits.padStart(decimals + 1, "0");
  const part = all.slice(-decimals).replace(/0+$/, "");
  return `${negative ? "-" : ""}${all.slice(0, -decimals)}${part === "" ? "" : `.${part}`}`;
}
