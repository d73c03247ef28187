/** The strategies of an account, and positions divided among those they belong to. */
import type { WireRegroup, WireStrategies, WireStrategy, WireStrategyFact } from "../api/wire";
import type { Position } from "./book";
import { isZero, less, shareOf, type Decimal, type Quantity } from "./decimal";

export type Strategy = WireStrategy;
export type Strategies = WireStrategies;
export type Fact = WireStrategyFact;

export const NO_STRATEGIES: Strategies = { account_id: null, version: 0, strategies: [], facts: {} };

/** A position, or the units of it that belong to one strategy; null where none is known. */
export type Part = { row: Position; strategy: Strategy | null; whole: boolean };

type Claim = { strategy: Strategy; quantity: Quantity };

/** By the id of the position: which strategies have units of it. */
export function claimsOf({ strategies }: Strategies): ReadonlyMap<number, readonly Claim[]> {
  const claims = new Map<number, Claim[]>();
  for (const strategy of strategies) {
    for (const leg of strategy.legs) {
      const known = claims.get(leg.position_id) ?? [];
      known.push({ strategy, quantity: leg.quantity as Quantity });
      claims.set(leg.position_id, known);
    }
  }
  return claims;
}

/** Divides a position; what the strategies do not account for, since they are of an earlier sync, stands by itself. */
export function partsOf(row: Position, claims: readonly Claim[] = []): Part[] {
  const [only] = claims;
  if (only === undefined || isZero(row.quantity)) return [{ row, strategy: null, whole: true }];
  if (claims.length === 1) return [{ row, strategy: only.strategy, whole: true }];
  const rest = less(row.quantity, claims.map((claim) => claim.quantity));
  const fits = claims.every((claim) => Number(claim.quantity) * Number(row.quantity) > 0) && Number(rest) * Number(row.quantity) >= 0;
  if (!fits) return [{ row, strategy: only.strategy, whole: true }];
  const wanted = [...claims, ...(isZero(rest) ? [] : [{ strategy: null, quantity: rest }])];
  const rows = divided(row, wanted.map((one) => one.quantity));
  return wanted.map(({ strategy }, index) => ({ row: rows[index] ?? row, strategy, whole: false }));
}

const DIVIDED = ["market_value", "cost_basis", "pl_open", "pl_day", "pl_day_broker", "net_liq_percent"] as const;
const known = new WeakMap<Position, { key: string; rows: readonly Position[] }>();

/** The same objects for the same position, so that what did not move is not drawn anew. */
function divided(row: Position, quantities: readonly Quantity[]): readonly Position[] {
  const key = quantities.join();
  const before = known.get(row);
  if (before?.key === key) return before.rows;
  const rows = quantities.map((quantity) => ({ ...row, quantity }));
  for (const field of DIVIDED) divide(row, rows, field, quantities);
  known.set(row, { key, rows });
  return rows;
}

/** The last part takes what rounding left over, so that the parts add up to the whole. */
function divide(row: Position, rows: Position[], field: (typeof DIVIDED)[number], quantities: readonly Quantity[]): void {
  const value: Decimal | null = row[field];
  if (value === null) return;
  const shares = quantities.slice(0, -1).map((quantity) => shareOf(value, quantity, row.quantity));
  const all = [...shares, less(value, shares)];
  rows.forEach((part, index) => Object.assign(part, { [field]: all[index] }));
}

export type LegKey = Pick<Position, "account_id" | "symbol" | "asset_type">;
const sameLeg = (a: Pick<LegKey, "symbol" | "asset_type">, b: Pick<LegKey, "symbol" | "asset_type">): boolean => a.symbol === b.symbol && a.asset_type === b.asset_type;

/** The groups made by hand in an account, with these legs put together and taken out of where they were. */
export function regrouped({ strategies }: Strategies, account: number, name: string, legs: readonly LegKey[]): WireRegroup {
  const others = handMade(strategies, account).map((group) => ({ ...group, legs: group.legs.filter((leg) => !legs.some((one) => sameLeg(one, leg))) }));
  const added = { name, legs: legs.map(({ symbol, asset_type }) => ({ symbol, asset_type })) };
  return { account_id: account, groups: [...others.filter((group) => group.legs.length > 0), added] };
}

/** The same without one of them: its legs are recognised by themselves again. */
export function forgotten({ strategies }: Strategies, strategy: Strategy): WireRegroup {
  return { account_id: strategy.account_id, groups: handMade(strategies.filter((one) => one.key !== strategy.key), strategy.account_id) };
}

function handMade(strategies: readonly Strategy[], account: number): WireRegroup["groups"] {
  return strategies
    .filter((one) => one.chosen && one.account_id === account)
    .map(({ name, legs }) => ({ name, legs: legs.map(({ symbol, asset_type }) => ({ symbol, asset_type })) }));
}

export type FactNote = { text: string; tone: "" | "amber" | "red"; tip: string };

/** What must be known of a holding beside its figures, in a few words each. */
export function factNotes(fact: Fact | undefined, row: Pick<Position, "put_call" | "quantity">): FactNote[] {
  if (fact === undefined) return [];
  const notes: FactNote[] = [];
  const { in_the_money: inside, moneyness_percent: percent, assignment_risk: risk, ex_dividend_date: day } = fact;
  if (inside !== null) {
    const much = percent === null ? "" : ` ${Math.abs(Number(percent)).toFixed(1)}%`;
    notes.push({ text: `${inside ? "ITM" : "OTM"}${much}`, tone: "", tip: `${inside ? "In" : "Out of"} the money${much === "" ? "" : ` by${much} of the strike`}` });
  }
  if (risk === "watch" || risk === "high") {
    notes.push({ text: risk === "high" ? "assignment" : "assignment?", tone: risk === "high" ? "red" : "amber", tip: fact.assignment_reason });
  }
  if (day !== null && row.put_call === null) {
    const amount = fact.dividend_amount === null ? "" : `, ${fact.dividend_amount} a share`;
    notes.push({ text: `xd ${shortDate(day)}`, tone: "", tip: `Trades without its dividend from ${day} on${amount}` });
  }
  return notes;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const shortDate = (day: string): string => `${Number(day.slice(8, 10))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ""}`;
