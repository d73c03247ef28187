/** Orders in three bodies of one table, children set in under their parent; a row opens into its story. */
import { Fragment, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import type { OrderLine, OrderSection } from "../../domain/orders";
import { durationText, orderInWords, sideText, spreadText, typeText } from "../../domain/orderWords";
import { zoneLabel } from "../../domain/time";
import { Disclosure } from "../../ui/Disclosure";
import { OrderStory } from "./OrderStory";
import { OrderFilled, OrderPrice, OrderQuantity, OrderStatus, OrderSymbols, OrderTime, PHASES, Rails, type AccountName } from "./parts";
import type { OpenRows } from "./useOpenRows";

type OrderTableProps = { sections: readonly OrderSection[]; accountName: AccountName; open: OpenRows };

const NUMERIC = new Set(["Qty", "Filled", "Price"]);

export function OrderTable({ sections, accountName, open }: OrderTableProps): ReactNode {
  const account = accountName === null ? [] : ["Account"];
  const labels = ["Time", "Side", "Qty", "Filled", "Symbol", "Spread", ...account, "Type", "Price", "TIF", "Status"];
  return (
    <div className="table-scroll" role="region" aria-label="Orders table" tabIndex={0}>
      <table className="orders">
        <thead>
          <tr>
            {labels.map((label) => (
              <th key={label} scope="col" className={NUMERIC.has(label) ? "number" : "text"}>
                {label}
                {label === "Time" && <span className="unit"> {zoneLabel()}</span>}
              </th>
            ))}
          </tr>
        </thead>
        {sections.map((section) => (
          <tbody key={section.group}>
            <tr className="section">
              <th scope="rowgroup" colSpan={labels.length}>
                {section.title} <span className="num faint">{section.count}</span>
                {section.count === 0 && <span className="faint"> — {PHASES[section.group].none}</span>}
                {section.parts !== "" && <span className="faint section-parts">{section.parts}</span>}
              </th>
            </tr>
            {section.lines.map((line) => (
              <Row key={line.order.id} line={line} accountName={accountName} open={open} columns={labels.length} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

type RowProps = { line: OrderLine; accountName: AccountName; open: OpenRows; columns: number };

function Row({ line, accountName, open, columns }: RowProps): ReactNode {
  const { order, rails } = line;
  const isOpen = open.has(order.id);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && event.target === event.currentTarget) open.toggle(order.id);
  };
  // A click on something that does something itself is not meant for the row.
  const onClick = (event: MouseEvent): void => {
    if ((event.target as Element).closest("button, a") === null && window.getSelection()?.isCollapsed !== false) open.toggle(order.id);
  };
  return (
    <Fragment>
      <tr data-id={order.id} data-row="" tabIndex={-1} className={isOpen ? "row is-open" : "row"} onClick={onClick} onKeyDown={onKeyDown}>
        <td className="text num">
          <Disclosure open={isOpen} label={`Story of ${orderInWords(order)}`} onToggle={() => open.toggle(order.id)} />
          <OrderTime order={order} />
        </td>
        <td className="text">{order.side === "" ? "" : sideText(order.side)}</td>
        <td className="number">
          <OrderQuantity order={order} />
        </td>
        <td className="number">
          <OrderFilled order={order} />
        </td>
        <th scope="row" className={`text order-symbol rails-${Math.min(rails.length, 4)}`}>
          <Rails line={line} />
          <OrderSymbols line={line} />
        </th>
        <td className="text faint">{spreadText(order)}</td>
        {accountName !== null && <td className="text faint">{accountName(order.account_id)}</td>}
        <td className="text">{typeText(order.order_type)}</td>
        <td className="number num">
          <OrderPrice order={order} />
        </td>
        <td className="text">{durationText(order.duration)}</td>
        <td className="text">
          <OrderStatus order={order} />
        </td>
      </tr>
      {isOpen && (
        <tr className="story-row">
          <td colSpan={columns}>
            <OrderStory order={order} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}
