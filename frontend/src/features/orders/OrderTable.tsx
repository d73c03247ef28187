/** Orders in three bodies of one table, children set in under their parent. */
import type { ReactNode } from "react";
import { durationText, typeText, sideText, type OrderLine, type OrderSection } from "../../domain/orders";
import { OrderPrice, OrderQuantity, OrderStatus, OrderSymbols, OrderTime, PHASES, type AccountName } from "./parts";

type OrderTableProps = { sections: readonly OrderSection[]; accountName: AccountName };

export function OrderTable({ sections, accountName }: OrderTableProps): ReactNode {
  const labels = ["Time", "Side", "Qty", "Filled", "Symbol", ...(accountName === null ? [] : ["Account"]), "Type", "Price", "TIF", "Status"];
  const numeric = new Set(["Qty", "Filled", "Price"]);
  return (
    <div className="table-scroll" role="region" aria-label="Orders table" tabIndex={0}>
      <table className="orders">
        <thead>
          <tr>
            {labels.map((label) => (
              <th key={label} scope="col" className={numeric.has(label) ? "number" : "text"}>
                {label}
                {label === "Time" && <span className="unit"> ET</span>}
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
              </th>
            </tr>
            {section.lines.map((line) => (
              <Row key={line.order.id} line={line} accountName={accountName} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Row({ line, accountName }: { line: OrderLine; accountName: AccountName }): ReactNode {
  const { order, depth } = line;
  return (
    <tr data-id={order.id} className={depth > 0 ? `child child-${Math.min(depth, 2)}` : ""}>
      <td className="text num">
        <OrderTime order={order} />
      </td>
      <td className="text">{order.side === "" ? "" : sideText(order.side)}</td>
      <td className="number">
        <OrderQuantity order={order} field="quantity" />
      </td>
      <td className="number">
        <OrderQuantity order={order} field="filled_quantity" />
      </td>
      <th scope="row" className="text order-symbol">
        <OrderSymbols line={line} />
      </th>
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
  );
}
