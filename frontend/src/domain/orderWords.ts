/** The broker's words of an order as people read them. */
import { ASSET_NAMES, isAssetType } from "./assetTypes";
import type { Order } from "./book";
import { formatted, PRICE } from "./format";
import { readableName } from "./optionName";

const SIDES: Record<string, string> = {
  BUY: "Buy",
  SELL: "Sell",
  BUY_TO_COVER: "Buy to cover",
  SELL_SHORT: "Sell short",
  SELL_SHORT_EXEMPT: "Sell short (exempt)",
  BUY_TO_OPEN: "Buy to open",
  BUY_TO_CLOSE: "Buy to close",
  SELL_TO_OPEN: "Sell to open",
  SELL_TO_CLOSE: "Sell to close",
};

const DURATIONS: Record<string, string> = {
  DAY: "Day",
  GOOD_TILL_CANCEL: "GTC",
  FILL_OR_KILL: "FOK",
  IMMEDIATE_OR_CANCEL: "IOC",
  END_OF_WEEK: "EOW",
  END_OF_MONTH: "EOM",
  NEXT_END_OF_MONTH: "Next EOM",
};

/** Unknown words of the broker become readable words: "NEW_THING" → "New thing". */
export function humanWord(word: string): string {
  const text = word.toLowerCase().replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const ORDER_TYPES: Record<string, string> = {
  OCO: "",
  MARKET_ON_CLOSE: "MOC",
  LIMIT_ON_CLOSE: "LOC",
};

/** The frame of two orders of which one cancels the other: it has no symbol, price or size of its own. */
export function isFrame(order: Order): boolean {
  return order.legs.length === 0 && order.symbol === "";
}

export const typeText = (type: string): string => ORDER_TYPES[type] ?? humanWord(type);
export const sideText = (side: string): string => SIDES[side] ?? humanWord(side);
export const durationText = (duration: string): string => (duration === "" ? "" : (DURATIONS[duration] ?? humanWord(duration)));

/** "Vertical", "Iron condor"; without a combination what is traded: "Stock", "Single" for one option. */
export function spreadText(order: Order): string {
  if (isFrame(order)) return "";
  if (order.spread !== "" && order.spread !== "NONE") return humanWord(order.spread);
  if (order.legs.length > 1) return "Custom";
  const type = order.legs[0]?.asset_type ?? order.asset_type;
  if (type === "OPT") return "Single";
  return isAssetType(type) ? ASSET_NAMES[type].one : humanWord(type);
}

export function orderPrice(order: Order): string {
  if (order.status_group === "filled" && order.avg_fill_price !== null) return formatted(order.avg_fill_price, PRICE);
  if (order.limit_price !== null && order.stop_price !== null) {
    return `${formatted(order.stop_price, PRICE)} / ${formatted(order.limit_price, PRICE)}`;
  }
  const price = order.limit_price ?? order.stop_price;
  if (price !== null) return formatted(price, PRICE);
  return order.order_type === "MARKET" ? "Market" : formatted(null, PRICE);
}

export function orderNames(order: Order): string[] {
  if (order.legs.length === 0) return [order.symbol];
  return order.legs.map((leg) => readableName(leg));
}

/** "Buy 100 AAPL": an order in a line of words, for those that stand elsewhere. */
export function orderInWords(order: Order): string {
  if (isFrame(order)) return "One cancels the other";
  const names = orderNames(order).join(" / ");
  return [sideText(order.side), order.quantity ?? "", names].filter((word) => word !== "").join(" ");
}

const TERM_NAMES: Record<string, string> = {
  stop_type: "Stop triggers on",
  trail_basis: "Trails",
  trail_type: "Trail in",
  trail_offset: "Trail by",
  special_instruction: "Instruction",
  source: "Entered through",
  tax_lot_method: "Tax lots",
  activation_price: "Activates at",
};

/** What else was asked, in words; unknown terms come with readable names. */
export function termLines(terms: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(terms)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => ({ name: TERM_NAMES[key] ?? humanWord(key), value: /^[A-Z_]+$/.test(value) ? humanWord(value) : value }));
}

const SESSIONS: Record<string, string> = { NORMAL: "Regular hours", AM: "Pre-market", PM: "After hours", SEAMLESS: "All sessions" };
export const sessionText = (session: string): string => (session === "" ? "" : (SESSIONS[session] ?? humanWord(session)));
