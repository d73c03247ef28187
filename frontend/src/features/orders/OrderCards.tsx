/** Orders on a phone. */
import type { ReactNode } from "react";
import type { OrderLine, OrderSection } from "../../domain/orders";
import { durationText, isFrame, orderInWords, sideText, spreadText, typeText } from "../../domain/orderWords";
import { Disclosure } from "../../ui/Disclosure";
import { OrderStory } from "./OrderStory";
import { OrderFilled, OrderPrice, OrderQuantity, OrderStatus, OrderSymbols, OrderTime, PHASES, Rails, type AccountName } from "./parts";
import type { OpenRows } from "./useOpenRows";

type OrderCardsProps = { sections: readonly OrderSection[]; accountName: AccountName; open: OpenRows };

export function OrderCards({ sections, accountName, open }: OrderCardsProps): ReactNode {
  return sections.map((section) => (
    <section key={section.group} aria-label={section.title} className="order-section">
      <h3>
        {section.title} <span className="num faint">{section.count}</span>
        {section.count === 0 && <span className="faint"> — {PHASES[section.group].none}</span>}
        {section.parts !== "" && <span className="faint section-parts">{section.parts}</span>}
      </h3>
      <ul className="cards">
        {section.lines.map((line) => (
          <Card key={line.order.id} line={line} accountName={accountName} open={open} />
        ))}
      </ul>
    </section>
  ));
}

type CardProps = { line: OrderLine; accountName: AccountName; open: OpenRows };

function Card({ line, accountName, open }: CardProps): ReactNode {
  const { order, rails } = line;
  const isOpen = open.has(order.id);
  const words = [spreadText(order), typeText(order.order_type), durationText(order.duration)].filter((word) => word !== "");
  return (
    <li className={`order-card rails-${Math.min(rails.length, 4)}`} data-id={order.id}>
      <Rails line={line} />
      <span className="symbol">
        <Disclosure open={isOpen} label={`Story of ${orderInWords(order)}`} onToggle={() => open.toggle(order.id)} />
        <OrderSymbols line={line} />
      </span>
      <span className="num card-value">
        <OrderPrice order={order} />
      </span>
      <span className="faint">
        {!isFrame(order) && (
          <>
            {order.side === "" ? "" : `${sideText(order.side)} `}
            <OrderQuantity order={order} />
            {" · filled "}
            <OrderFilled order={order} />
          </>
        )}
      </span>
      <span className="faint card-value">{words.join(" · ")}</span>
      <span className="order-card-status">
        <OrderStatus order={order} />
      </span>
      <span className="num faint card-value">
        {accountName !== null && `${accountName(order.account_id)} · `}
        <OrderTime order={order} />
      </span>
      {isOpen && <OrderStory order={order} />}
    </li>
  );
}
