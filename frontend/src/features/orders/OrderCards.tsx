/** Orders on a phone. */
import type { ReactNode } from "react";
import { durationText, isFrame, typeText, sideText, type OrderLine, type OrderSection } from "../../domain/orders";
import { OrderPrice, OrderQuantity, OrderStatus, OrderSymbols, OrderTime, PHASES, type AccountName } from "./parts";

type OrderCardsProps = { sections: readonly OrderSection[]; accountName: AccountName };

export function OrderCards({ sections, accountName }: OrderCardsProps): ReactNode {
  return sections.map((section) => (
    <section key={section.group} aria-label={section.title} className="order-section">
      <h3>
        {section.title} <span className="num faint">{section.count}</span>
        {section.count === 0 && <span className="faint"> — {PHASES[section.group].none}</span>}
      </h3>
      <ul className="cards">
        {section.lines.map((line) => (
          <Card key={line.order.id} line={line} accountName={accountName} />
        ))}
      </ul>
    </section>
  ));
}

function Card({ line, accountName }: { line: OrderLine; accountName: AccountName }): ReactNode {
  const { order, depth } = line;
  return (
    <li className={`order-card${depth > 0 ? " child" : ""}`} data-id={order.id}>
      <span className="symbol">
        <OrderSymbols line={line} />
      </span>
      <span className="num card-value">
        <OrderPrice order={order} />
      </span>
      <span className="faint">
        {!isFrame(order) && (
          <>
        {order.side === "" ? "" : `${sideText(order.side)} `}
        <OrderQuantity order={order} field="quantity" />
        {" · filled "}
        <OrderQuantity order={order} field="filled_quantity" />
          </>
        )}
      </span>
      <span className="faint card-value">
        {[typeText(order.order_type), durationText(order.duration)].filter((word) => word !== "").join(" · ")}
      </span>
      <span className="order-card-status">
        <OrderStatus order={order} />
      </span>
      <span className="num faint card-value">
        {accountName !== null && `${accountName(order.account_id)} · `}
        <OrderTime order={order} />
      </span>
    </li>
  );
}
