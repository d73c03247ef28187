/** The pieces of an order that table and cards share. */
import type { ReactNode } from "react";
import type { Order } from "../../domain/book";
import { decimalsIn } from "../../domain/decimal";
import { DASH, formatted, quantityShape } from "../../domain/format";
import { humanWord, isFrame, orderNames, orderPrice, type OrderGroup, type OrderLine } from "../../domain/orders";
import { easternClock, easternDate, easternDay, easternStamp } from "../../domain/time";
import { useNow } from "../../ui/useNow";

export type AccountName = ((id: number) => string) | null;

export const PHASES: Record<OrderGroup, { none: string }> = {
  working: { none: "nothing is working" },
  filled: { none: "nothing was filled" },
  canceled: { none: "nothing was canceled" },
};

/** The time of today, or the day for an order that was entered before. */
export function OrderTime({ order }: { order: Order }): ReactNode {
  const today = easternDate(useNow());
  if (order.entered_at === null) return DASH;
  const day = easternDate(order.entered_at) === today ? null : easternDay(order.entered_at);
  const closed = order.closed_at === null ? "" : `\nClosed ${easternStamp(order.closed_at)}`;
  return (
    <span data-tip={`Entered ${easternStamp(order.entered_at)}${closed}`}>
      {day === null ? easternClock(order.entered_at) : <span className="faint">{day}</span>}
    </span>
  );
}

/** Nothing in a frame's cells: there is no value that could be missing. */
export function OrderQuantity({ order, field }: { order: Order; field: "quantity" | "filled_quantity" }): ReactNode {
  if (isFrame(order)) return null;
  const value = order[field];
  return <span className="num">{value === null ? DASH : formatted(value, quantityShape(decimalsIn(value)))}</span>;
}

export function OrderPrice({ order }: { order: Order }): ReactNode {
  if (isFrame(order)) return null;
  const text = orderPrice(order);
  const average = order.status_group === "filled" && order.avg_fill_price !== null;
  return <span data-tip={average ? "Average of the fills" : "The price asked for (stop / limit)"}>{text}</span>;
}

export function OrderSymbols({ line: { order, depth, note } }: { line: OrderLine }): ReactNode {
  const names = orderNames(order);
  return (
    <>
      {depth > 0 && (
        <span className="branch" aria-hidden="true">
          └
        </span>
      )}
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
