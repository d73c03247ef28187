/** What travels on the live socket: names of channels, what is asked, what is told. */
import type { ClosedPosition, Position, Summary } from "../domain/book";
import type { Quote } from "../domain/quotes";

export type ChannelKind = "balances" | "positions" | "orders";
export const KINDS: readonly ChannelKind[] = ["balances", "positions", "orders"];

export const accountChannel = (kind: ChannelKind, account: number): string => `live_data:${kind}:${account}`;
export const quoteChannel = (symbol: string): string => `live_data:quotes:${symbol}`;

type Book = { account_id: number; version: number; as_of: string | null };
type Change = Book & { base_version: number; snapshot?: false };
type Snapshot = Book & { snapshot: true };

export type BalancesMessage = { type: "balances"; balances: Summary } & (Change | Snapshot);
/** The account's whole list of what was closed today; told when it is another one. */
type Closed = { closed_today?: readonly ClosedPosition[] };
export type PositionsSnapshot = Snapshot & Closed & { type: "positions"; rows: readonly Position[] };
export type PositionsChange = Change & Closed & { type: "positions"; changed: readonly Position[]; removed: readonly { id: number }[] };
export type OrdersMessage = { type: "orders"; account_id: number; version: number; changed: readonly number[]; snapshot?: boolean };

export type MarkedRow = { id: number } & Partial<Omit<Position, "id">>;
export type MarksMessage = Book & {
  type: "marks";
  seq: number;
  rows: readonly MarkedRow[];
  balances: Partial<Summary>;
};

export type AccountPulse = {
  version: number;
  orders_version: number;
  seq: number | null;
  checked_at: string | null;
  link_state: Summary["link_state"];
  is_stale: boolean;
};
export type HeartbeatMessage = { type: "heartbeat"; at: string; accounts: Readonly<Record<string, AccountPulse>> | null };

export type BookMessage = BalancesMessage | PositionsSnapshot | PositionsChange | MarksMessage | OrdersMessage;
export type QuoteMessage = Quote & { type: "quote" };
export type LiveMessage =
  | BookMessage
  | QuoteMessage
  | HeartbeatMessage
  | { type: "welcome"; heartbeat_seconds: number; bus: "up" | "down" }
  | { type: "subscribed" | "unsubscribed"; channels: readonly string[] }
  | { type: "bus"; state: "up" | "down" }
  | { type: "gap"; channel: string; version: number }
  | { type: "ended"; channels: readonly string[]; code: string; detail: string }
  | { type: "error"; code: string; detail: string; channel: string | null };

const TYPES: ReadonlySet<string> = new Set<LiveMessage["type"]>([
  "balances",
  "positions",
  "marks",
  "orders",
  "quote",
  "heartbeat",
  "welcome",
  "subscribed",
  "unsubscribed",
  "bus",
  "gap",
  "ended",
  "error",
]);

/** Reads a frame; a message of a type that this page does not know yet is passed over. */
export function readMessage(text: string): LiveMessage | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof found !== "object" || found === null) return null;
  const type: unknown = Reflect.get(found, "type");
  return typeof type === "string" && TYPES.has(type) ? (found as LiveMessage) : null;
}

export const CLOSED_SIGNED_OUT = 4401;
export const CLOSED_TOO_MANY = 4429;
