/** Positions on a phone: one card each, drawn only near the window above 100. */
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import type { Position } from "../../domain/book";
import { decimalsIn } from "../../domain/decimal";
import { MONEY, PL, PL_PERCENT, quantityShape } from "../../domain/format";
import { readableName } from "../../domain/optionName";
import { reasonFor } from "../../domain/provenance";
import { Amount, Missing } from "../../ui/Amount";
import { MarkCell } from "../../ui/MarkCell";
import { VIRTUAL_ABOVE } from "../../ui/useSlice";
import type { CellContext } from "./columns";

const CARD_HEIGHT = 76;

type PositionCardsProps = { rows: readonly Position[]; context: CellContext; mixed: boolean };

export function PositionCards({ rows, context, mixed }: PositionCardsProps): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    setTop(list.current === null ? 0 : list.current.getBoundingClientRect().top + window.scrollY);
  }, [rows.length]);
  const virtual = rows.length > VIRTUAL_ABOVE;
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    enabled: virtual,
    estimateSize: () => CARD_HEIGHT,
    overscan: 10,
    scrollMargin: top,
  });
  const items = virtualizer.getVirtualItems();
  const from = virtual ? (items[0]?.index ?? 0) : 0;
  const to = virtual ? (items.at(-1)?.index ?? 20) + 1 : rows.length;
  return (
    <ul className="cards" ref={list}>
      <Gap height={from * CARD_HEIGHT} />
      {rows.slice(from, to).map((row) => (
        <Card key={row.id} row={row} context={context} mixed={mixed} />
      ))}
      <Gap height={(rows.length - to) * CARD_HEIGHT} />
    </ul>
  );
}

function Gap({ height }: { height: number }): ReactNode {
  return height > 0 ? <li aria-hidden="true" style={{ height }} /> : null;
}

type CardProps = { row: Position; context: CellContext; mixed: boolean };

const Card = memo(function Card({ row, context, mixed }: CardProps): ReactNode {
  const reason = (key: string): string => reasonFor(row.missing, key);
  return (
    <li className="card" data-id={row.id}>
      <span className="symbol">{readableName(row)}</span>
      <span className="card-value">
        <Amount value={row.market_value} shape={MONEY} reason={reason("market_value")} />
      </span>
      <span className="card-under faint">{mixed ? context.accountName(row.account_id) : (row.description ?? "")}</span>
      <span className="card-line">
        <span className="card-label">Open</span>
        <Amount value={row.pl_open} shape={PL} tone reason={reason("pl_open")} />
        <Amount value={row.pl_open_percent} shape={PL_PERCENT} tone reason={reason("pl_open_percent")} />
      </span>
      <span className="card-left num faint">
        <Amount value={row.quantity} shape={quantityShape(decimalsIn(row.quantity))} reason={reason("quantity")} />
        <span aria-label="at"> @ </span>
        {row.mark_price === null ? <Missing reason={reason("mark_price")} /> : <MarkCell value={row.mark_price} />}
      </span>
      <span className="card-line">
        <span className="card-label">Day</span>
        <Amount value={row.pl_day} shape={PL} tone reason={reason("pl_day")} />
        <Amount value={row.pl_day_percent} shape={PL_PERCENT} tone reason={reason("pl_day_percent")} />
      </span>
    </li>
  );
});
