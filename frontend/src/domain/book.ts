/** The book in the page's own words: wire shapes with decimal strings branded by what they measure. */
import type {
  WireActivity,
  WireClosedPosition,
  WireConnection,
  WireMarketSession,
  WireOrder,
  WireOrderDetail,
  WireOrderEvent,
  WireOrderFill,
  WireOrderLeg,
  WirePosition,
  WirePositions,
  WireSummary,
} from "../api/wire";
import type { Money, Percent, Price, Quantity } from "./decimal";

type Brand<Wire, Key extends keyof Wire, Word> = {
  [K in Key]: null extends Wire[K] ? Word | null : Word;
};
type Reasons = { missing: Readonly<Record<string, string>> };

export type MoneyKey =
  | "net_liq"
  | "cash"
  | "margin_balance"
  | "short_balance"
  | "equity"
  | "stock_buying_power"
  | "option_buying_power"
  | "day_trading_buying_power"
  | "maintenance_requirement"
  | "long_market_value"
  | "short_market_value"
  | "pl_open"
  | "pl_day";
export type SummaryKey = MoneyKey | "pl_day_percent";

export type Summary = Omit<WireSummary, SummaryKey | "missing"> &
  Brand<WireSummary, MoneyKey, Money> &
  Brand<WireSummary, "pl_day_percent", Percent> &
  Reasons;

type PriceKey = "avg_price" | "mark_price" | "mark_change" | "strike";
type PositionMoney = "market_value" | "cost_basis" | "pl_open" | "pl_day" | "pl_day_broker";
type PositionPercent = "net_liq_percent" | "pl_open_percent" | "pl_day_percent";
type PositionQuantity = "quantity" | "multiplier";

export type Position = Omit<
  WirePosition,
  PriceKey | PositionMoney | PositionPercent | PositionQuantity | "missing"
> &
  Brand<WirePosition, PriceKey, Price> &
  Brand<WirePosition, PositionMoney, Money> &
  Brand<WirePosition, PositionPercent, Percent> &
  Brand<WirePosition, PositionQuantity, Quantity> &
  Reasons;

type ClosedPrice = "strike" | "avg_price" | "close_price";
/** What was held and is not any more; it stays in sight until the Eastern day is over. */
export type ClosedPosition = Omit<WireClosedPosition, ClosedPrice | "realized" | "pl_day" | "multiplier" | "quantity_before" | "missing"> &
  Brand<WireClosedPosition, ClosedPrice, Price> &
  Brand<WireClosedPosition, "realized" | "pl_day", Money> &
  Brand<WireClosedPosition, "multiplier" | "quantity_before", Quantity> &
  Reasons;

/** `settling`: the rows are a first or fresh look at the book, not a movement to be pointed out. */
export type Positions = Omit<WirePositions, "positions" | "closed_today"> & {
  positions: readonly Position[];
  closed_today: readonly ClosedPosition[];
  settling?: boolean;
};
export type AssetType = Position["asset_type"];

type OrderPrice = "limit_price" | "stop_price" | "avg_fill_price";
type OrderQuantity = "quantity" | "filled_quantity";
export type OrderLeg = Omit<WireOrderLeg, "quantity" | "strike"> &
  Brand<WireOrderLeg, "quantity", Quantity> &
  Brand<WireOrderLeg, "strike", Price>;
export type Order = Omit<WireOrder, OrderPrice | OrderQuantity | "legs" | "fees" | "missing"> &
  Brand<WireOrder, OrderPrice, Price> &
  Brand<WireOrder, OrderQuantity, Quantity> &
  Reasons & { legs: readonly OrderLeg[]; fees: Money | null };
export type OrderFill = Omit<WireOrderFill, "quantity" | "price"> & { quantity: Quantity; price: Price };
export type OrderEvent = Omit<WireOrderEvent, "quantity" | "price"> & { quantity: Quantity | null; price: Price | null };
export type OrderDetail = {
  order: Order;
  parent: Order | null;
  children: readonly Order[];
  fills: readonly OrderFill[];
  timeline: readonly OrderEvent[];
};

type OrderLists = "working_orders" | "filled_orders" | "canceled_orders";
export type Activity = Omit<WireActivity, OrderLists | "positions"> &
  Record<OrderLists, readonly Order[]> & { positions: readonly Position[] };

export type Connection = WireConnection;
export type LinkState = Connection["state"];
export type MarketSession = WireMarketSession;
export type SessionName = MarketSession["session"];

/* Branding changes nothing at run time: the server's schema promises decimal text in these places. */
export const asSummary = (wire: WireSummary): Summary => wire as unknown as Summary;
export const asPositions = (wire: WirePositions): Positions => wire as unknown as Positions;
export const asOrderDetail = (wire: WireOrderDetail): OrderDetail => wire as unknown as OrderDetail;
export const asActivity = (wire: WireActivity): Activity => wire as unknown as Activity;
