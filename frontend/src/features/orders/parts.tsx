/** The pieces of an order that table and cards share. */
import type { ReactNode } from "react";
import type { Order } from "../../domain/book";
import { decimalsIn } from "../../domain/decimal";
import { DASH, quantityShape } from "../../domain/format";
import { fillShare, type OrderGroup, type OrderLine } from "../../domain/orders";
import { humanWord, isFrame, orderNames, orderPrice } from "../../domain/orderWords";
import { clockTime, dayName, isSameDay, stamp } from "../../domain/time";
import { FigureText } from "../../ui/Amount";
import { useNow } from "../../ui/useNow";

export type AccountName = ((id: number) => string) | null;

export const PHASES: Record<OrderGroup, { none: string }> = {
  working: { none: "nothing is working" },
  filled: { none: "nothing was filled" },
  canceled: { none: "nothing was canceled" },
};

/** The time of today, or the day for an order that was entered before. */
export function OrderTime({ order }: { order: Order }): ReactNode {
  const now = useNow();
  if (order.entered_at === null) return DASH;
  const closed = order.closed_at === null ? "" : `\nClosed ${stamp(order.closed_at)}`;
  return (
    <span data-tip={`Entered ${stamp(order.entered_at)}${closed}`}>
      {isSameDay(order.entered_at, now) ? clockTime(order.entered_at) : <span className="faint">{dayName(order.entered_at)}</span>}
    </span>
  );
}

/** Nothing in a frame's cells: there is no value that could be missing. */
export function OrderQuantity({ order }: { order: Order }): ReactNode {
  return isFrame(order) ? null : <Units value={order.quantity} />;
}

/** What is filled; between nothing and everything also as a thin bar under the figure. */
export function OrderFilled({ order }: { order: Order }): ReactNode {
  if (isFrame(order)) return null;
  const share = fillShare(order);
  if (share === null) return <Units value={order.filled_quantity} />;
  const words = `${order.filled_quantity ?? ""} of ${order.quantity ?? ""} filled`;
  return (
    <span className="filling" data-tip={words}>
      <Units value={order.filled_quantity} />
      <span className="fill-track" role="img" aria-label={words}>
        <span className="fill-bar" style={{ width: `${share}%` }} />
      </span>
    </span>
  );
}

export function Units({ value }: { value: Order["quantity"] }): ReactNode {
  return value === null ? DASH : <FigureText value={value} shape={quantityShape(decimalsIn(value))} />;
}

export function OrderPrice({ order }: { order: Order }): ReactNode {
  if (isFrame(order)) return null;
  const text = orderPrice(order);
  const average = order.status_group === "filled" && order.avg_fill_price !== null;
  return <span data-tip={average ? "Average of the fills" : "The price asked for (stop / limit)"}>{text}</span>;
}

/** The hairlines from a parent to its children; drawn beside the text, which is set in by their number. */
export function Rails({ line: { rails } }: { line: OrderLine }): ReactNode {
  return rails.map((rail, depth) => <span key={depth} className={`rail rail-${rail}`} aria-hidden="true" />);
}

export function OrderSymbols({ line: { order, note, chain } }: { line: OrderLine }): ReactNode {
  const names = orderNames(order);
  return (
    <>
      {isFrame(order) ? (
        <span className="faint frame">One cancels the other</span>
      ) : (
        names.map((name, index) => (
          <span key={`${index}-${name}`} className="leg">
            {name}
          </span>
        ))
      )}
      {note !== "" && <span className="after">{note}</span>}
      {chain !== "" && <span className="after">{chain}</span>}
    </>
  );
}

const TONE: Record<string, string> = { REJECTED: "status-bad", WORKING: "status-live" };

export function OrderStatus({ order }: { order: Order }): ReactNode {
  return (
    <>
      <span className={TONE[order.status] ?? ""}>{statusText(order)}</span>
      {order.status_description !== null && order.status_description !== "" && (
        <span className="why">{order.status_description}</span>
      )}
    </>
  );
}

/** A working order that has fills already says so; Schwab has no status of its own for it. */
function statusText(order: Order): string {
  const part = order.status_group === "working" && Number(order.filled_quantity ?? 0) > 0;
  return part ? `${humanWord(order.status)}, partly filled` : humanWord(order.status);
}
