/** Invented strategies. */
import type { Strategies, Strategy } from "../domain/strategies";

type Leg = [id: number, symbol: string, quantity: string];

export function strategy(key: string, legs: readonly Leg[], change: Partial<Strategy> = {}): Strategy {
  return {
    key,
    account_id: 1,
    underlying: "AAPL",
    kind: legs.length > 1 ? "vertical" : "single",
    name: key,
    chosen: false,
    legs: legs.map(([position_id, symbol, quantity]) => ({ position_id, symbol, asset_type: symbol.length > 6 ? "OPT" : "EQ", quantity })),
    market_value: null,
    cost_basis: null,
    pl_open: null,
    pl_day: null,
    days_to_expiration: null,
    missing: {},
    ...change,
  };
}

export function strategies(list: readonly Strategy[]): Strategies {
  return { account_id: 1, version: 4, strategies: [...list], facts: {} };
}
