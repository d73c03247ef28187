/** Positions on a phone: one card a line, drawn only near the window above 100. */
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import type { Position } from "../../domain/book";
import { decimalsIn } from "../../domain/decimal";
import { MONEY, PL, PL_PERCENT, quantityShape } from "../../domain/format";
import { readableName } from "../../domain/optionName";
import type { ClosedLine, GroupLine, Line } from "../../domain/positionLines";
import { reasonFor } from "../../domain/provenance";
import { Amount, Missing } from "../../ui/Amount";
import { Chevron } from "../../ui/Chevron";
import { MarkCell } from "../../ui/MarkCell";
import { VIRTUAL_ABOVE } from "../../ui/useSlice";
import { Realized } from "./ClosedRow";
import type { CellContext } from "./columns";
import { DayCell } from "./DayCell";
import { Notes } from "./Notes";
import { TotalCell } from "./TotalCell";

const CARD_HEIGHT = 76;
const HEAD_HEIGHT = 56;
const heightOf = (line: Line | undefined): number => (line?.kind === "leg" ? CARD_HEIGHT : HEAD_HEIGHT);

type PositionCardsProps = { lines: readonly Line[]; context: CellContext; mixed: boolean; onToggle: (key: string) => void };

export function PositionCards({ lines, context, mixed, onToggle }: PositionCardsProps): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    setTop(list.current === null ? 0 : list.current.getBoundingClientRect().top + window.scrollY);
  }, [lines.length]);
  const virtual = lines.length > VIRTUAL_ABOVE;
  const virtualizer = useWindowVirtualizer({
    count: lines.length,
    enabled: virtual,
    estimateSize: (index) => heightOf(lines[index]),
    overscan: 10,
    scrollMargin: top,
  });
  const items = virtualizer.getVirtualItems();
  const from = virtual ? (items[0]?.index ?? 0) : 0;
  const to = virtual ? (items.at(-1)?.index ?? 20) + 1 : lines.length;
  const before = virtual ? (items[0]?.start ?? top) - top : 0;
  const after = virtual ? virtualizer.getTotalSize() - ((items.at(-1)?.end ?? top) - top) : 0;
  return (
    <ul className="cards" ref={list}>
      <Gap height={before} />
      {lines.slice(from, to).map((line) => (
        <CardOf key={line.key} line={line} context={context} mixed={mixed} onToggle={onToggle} />
      ))}
      <Gap height={after} />
    </ul>
  );
}

function Gap({ height }: { height: number }): ReactNode {
  return height > 0 ? <li aria-hidden="true" style={{ height }} /> : null;
}

type CardOfProps = { line: Line; context: CellContext; mixed: boolean; onToggle: (key: string) => void };

function CardOf({ line, context, mixed, onToggle }: CardOfProps): ReactNode {
  if (line.kind === "group") return <GroupCard line={line} onToggle={onToggle} />;
  if (line.kind === "closed") return <ClosedCard line={line} />;
  return <Card row={line.row} depth={line.depth} context={context} mixed={mixed} />;
}

function GroupCard({ line, onToggle }: { line: GroupLine; onToggle: (key: string) => void }): ReactNode {
  const { title, detail, open, depth, size } = line;
  const totals = line.totals();
  return (
    <li className={`card head-card depth-${depth}`}>
      <button type="button" className="head-name" aria-expanded={open} aria-label={`${title} ${detail}, ${size} lines`} onClick={() => onToggle(line.key)}>
        <Chevron open={open} />
        <span className={depth === 0 ? "group-name" : "strategy-name"}>{title}</span>
      </button>
      <span className="card-value">
        <TotalCell total={totals.market_value} shape={MONEY} />
      </span>
      <span className="card-under faint">{detail}</span>
      <span className="card-line">
        <span className="card-label">Day</span>
        <TotalCell total={totals.pl_day} shape={PL} />
        <Amount value={totals.pl_day_percent} shape={PL_PERCENT} tone reason="Nothing to divide by." />
      </span>
    </li>
  );
}

function ClosedCard({ line: { row, depth } }: { line: ClosedLine }): ReactNode {
  return (
    <li className={`card head-card closed depth-${depth}`} data-closed={row.id}>
      <span className="symbol">
        {readableName(row)} <span className="closed-tag">closed</span>
      </span>
      <span />
      <span className="card-under faint">
        <Realized row={row} />
      </span>
      <span className="card-line">
        <span className="card-label">Day</span>
        <Amount value={row.pl_day} shape={PL} tone reason={reasonFor(row.missing, "pl_day")} />
        <span />
      </span>
    </li>
  );
}

type CardProps = { row: Position; depth: number; context: CellContext; mixed: boolean };

const Card = memo(function Card({ row, depth, context, mixed }: CardProps): ReactNode {
  const reason = (key: string): string => reasonFor(row.missing, key);
  return (
    <li className={`card depth-${depth}`} data-id={row.id}>
      <span className="symbol">
        {readableName(row)} <Notes fact={context.facts[row.symbol]} row={row} />
      </span>
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
        <span>
          <DayCell row={row} />
        </span>
        <Amount value={row.pl_day_percent} shape={PL_PERCENT} tone reason={reason("pl_day_percent")} />
      </span>
    </li>
  );
});
