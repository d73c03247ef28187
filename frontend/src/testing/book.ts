/** Invented accounts, positions and orders for the tests. */
import type { Activity, ClosedPosition, Connection, MarketSession, Order, Position, Positions, Summary } from "../domain/book";
import type { Money, Percent, Price, Quantity } from "../domain/decimal";
import type { Quote } from "../domain/quotes";

export const NOW = Date.parse("2026-11-23T15:00:00Z");
export const at = (ms: number): string => new Date(NOW + ms).toISOString();

export const money = (text: string): Money => text as Money;
export const price = (text: string): Price => text as Price;
export const quantity = (text: string): Quantity => text as Quantity;
export const percent = (text: string): Percent => text as Percent;

export function summary(change: Partial<Summary> = {}): Summary {
  return {
    account_id: 1,
    display_name: "Trading …926",
    account_type: "MARGIN",
    net_liq: money("26177.03"),
    cash: money("0"),
    margin_balance: money("-1346.8"),
    short_balance: money("0"),
    equity: money("26177.03"),
    stock_buying_power: money("52354.06"),
    option_buying_power: money("26177.03"),
    day_trading_buying_power: money("90000"),
    maintenance_requirement: money("8257.15"),
    long_market_value: money("27523.83"),
    short_market_value: money("0"),
    pl_open: money("1500"),
    pl_day: money("-75.5"),
    pl_day_percent: percent("-0.29"),
    pl_day_since: "2026-11-20",
    as_of: at(-5000),
    checked_at: at(-2000),
    version: 4,
    is_stale: false,
    link_state: "connected",
    missing: {},
    ...change,
  };
}

export function position(change: Partial<Position> = {}): Position {
  return {
    id: 1,
    account_id: 1,
    symbol: "AAPL",
    underlying: change.symbol ?? "AAPL",
    description: "Apple Inc",
    asset_type: "EQ",
    broker_asset_type: "EQUITY",
    quantity: quantity("100"),
    avg_price: price("182.3312"),
    mark_price: price("231.4"),
    mark_change: price("-1.2"),
    multiplier: quantity("1"),
    market_value: money("23140"),
    cost_basis: money("18233.12"),
    net_liq_percent: percent("12.5"),
    pl_open: money("4906.88"),
    pl_open_percent: percent("26.91"),
    pl_day: money("-120"),
    pl_day_percent: percent("-0.52"),
    pl_day_source: "broker",
    pl_day_broker: null,
    put_call: null,
    strike: null,
    expiration: null,
    days_to_expiration: null,
    as_of: at(-5000),
    missing: {},
    ...change,
  };
}

export function positions(rows: readonly Position[], version = 4): Positions {
  return { account_id: 1, version, as_of: at(-5000), positions: rows, closed_today: [] };
}

export function closed(change: Partial<ClosedPosition> = {}): ClosedPosition {
  return {
    id: 1,
    account_id: 1,
    day: "2026-11-23",
    symbol: "TSLA",
    underlying: change.symbol ?? "TSLA",
    description: "Tesla Inc",
    asset_type: "EQ",
    multiplier: quantity("1"),
    put_call: null,
    strike: null,
    expiration: null,
    quantity_before: quantity("10"),
    avg_price: price("400"),
    close_price: price("410.5"),
    realized: money("105"),
    pl_day: money("-20.25"),
    closed_at: at(-600_000),
    missing: {},
    ...change,
  };
}

export function order(change: Partial<Order> = {}): Order {
  return {
    id: 1,
    account_id: 1,
    broker_order_id: "1005000100155",
    symbol: "INTC",
    asset_type: "EQ",
    side: "BUY",
    position_effect: "OPENING",
    quantity: quantity("100"),
    filled_quantity: quantity("0"),
    order_type: "LIMIT",
    limit_price: price("22.05"),
    stop_price: null,
    avg_fill_price: null,
    duration: "DAY",
    status: "WORKING",
    status_group: "working",
    legs: [],
    parent_id: null,
    entered_at: at(-60_000),
    closed_at: null,
    status_description: null,
    structure: "SINGLE",
    spread: "NONE",
    session: "NORMAL",
    cancel_at: null,
    terms: {},
    replaces_id: null,
    replaced_by_id: null,
    fees: null,
    missing: { fees: "Schwab has not booked this order yet." },
    ...change,
  };
}

export function activity(change: Partial<Activity> = {}): Activity {
  return {
    account_id: 1,
    trading_day: "2026-11-23",
    orders_checked_at: at(-3000),
    working_orders: [],
    filled_orders: [],
    canceled_orders: [],
    positions: [],
    account_status: { state: "ok_to_trade", text: "OK to trade", reasons: [] },
    history: [{ account_id: 1, orders_from: "2025-11-24T05:00:00Z" }],
    ...change,
  };
}

export function connection(change: Partial<Connection> = {}): Connection {
  return {
    state: "connected",
    app_configured: true,
    callback_url: "https://127.0.0.1:8000/api/schwab/oauth/callback/",
    connected_at: at(-86_400_000),
    access_expires_at: at(20 * 60_000),
    login_ends_at: at(6 * 86_400_000),
    syncing: false,
    next_sync_at: at(10_000),
    last_success_at: at(-2000),
    last_sync: null,
    sources: [],
    last_error: null,
    stream: { state: "streaming", reason: "", last_tick_at: at(-1000), symbols: 3, polled_symbols: [] },
    ...change,
  };
}

export function quote(change: Partial<Quote> = {}): Quote {
  const sizes = { bid_size: quantity("100"), ask_size: quantity("200"), volume: quantity("1000") };
  const day = { open: price("600"), high: price("612"), low: price("599"), close: price("608") };
  return {
    type: "quote",
    symbol: "SPY",
    last: price("610.01"),
    mark: price("610.02"),
    mark_change: price("2.02"),
    mark_percent_change: percent("0.3322"),
    net_change: price("2.01"),
    net_percent_change: percent("0.3306"),
    bid: price("610.01"),
    ask: price("610.03"),
    ...sizes,
    ...day,
    quote_time: at(-1000),
    trade_time: at(-1500),
    received_at: at(-900),
    status: "Normal",
    source: "stream",
    stale: false,
    halted: false,
    ...change,
  };
}

export function marketSession(change: Partial<MarketSession> = {}): MarketSession {
  return {
    session: "regular",
    name: null,
    trading_day: "2026-11-23",
    changes_at: at(6 * 3_600_000),
    next_session: "post",
    source: "schwab",
    now: at(0),
    ...change,
  };
}

/** What must be there; a test that gets nothing fails here. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("Nothing is there.");
  return value;
}
