/** One watched symbol; drawn anew only when its own quote moves. */
import { memo, type KeyboardEvent, type ReactNode } from "react";
import type { Price } from "../../domain/decimal";
import { PL_PERCENT, PRICE, PRICE_CHANGE } from "../../domain/format";
import { quoteNote, symbolName, type Quote } from "../../domain/quotes";
import { stamp } from "../../domain/time";
import { Amount, Missing } from "../../ui/Amount";
import { MarkCell } from "../../ui/MarkCell";
import { Reveal } from "../../ui/Tip";

export type Control = "up" | "down" | "remove";

export type WatchRowProps = {
  symbol: string;
  quote: Quote | undefined;
  isFirst: boolean;
  isLast: boolean;
  onMove: (symbol: string, by: 1 | -1, control: Control) => void;
  onRemove: (symbol: string) => void;
};

const NO_QUOTE = "Nobody has sent a quote of this symbol so far.";
const NOT_SENT = "Schwab did not send this.";

export const WatchRow = memo(function WatchRow(props: WatchRowProps): ReactNode {
  const { symbol, quote } = props;
  const reason = quote === undefined ? NO_QUOTE : NOT_SENT;
  const note = quoteNote(quote);
  const old = quote?.stale === true ? " is-dim" : "";
  return (
    <tr data-symbol={symbol} className={old} onKeyDown={(event) => onKey(event, props)}>
      <th scope="row">
        <span className="symbol">{symbolName(symbol)}</span>
        {note !== null && (
          <Reveal tip={note.tip} className={`note note-${note.tone}`}>
            {note.text}
          </Reveal>
        )}
      </th>
      <td className="number watch-last" data-tip={quote === undefined ? undefined : timesOf(quote)}>
        <Amount value={quote?.last ?? null} shape={PRICE} reason={reason} />
      </td>
      <td className="number watch-mark">{quote?.mark == null ? <Missing reason={reason} /> : <MarkCell value={quote.mark} />}</td>
      <td className="number watch-chg">
        <Amount value={quote?.mark_change ?? null} shape={PRICE_CHANGE} tone reason={reason} />
      </td>
      <td className="number watch-percent">
        <Amount value={quote?.mark_percent_change ?? null} shape={PL_PERCENT} tone reason={reason} />
      </td>
      <td className="number watch-bid">
        <Side value={quote?.bid ?? null} reason={reason} />
        <span className="faint"> × </span>
        <Side value={quote?.ask ?? null} reason={reason} />
      </td>
      <td className="watch-actions">
        <Actions {...props} />
      </td>
    </tr>
  );
});

function Side({ value, reason }: { value: Price | null; reason: string }): ReactNode {
  return <Amount value={value} shape={PRICE} reason={reason} />;
}

function timesOf({ quote_time: quoted, trade_time: traded }: Quote): string {
  const lines = [traded === null ? "" : `Last trade ${stamp(traded)}`, quoted === null ? "" : `Last quote ${stamp(quoted)}`];
  return lines.filter((line) => line !== "").join("\n");
}

/** Not `disabled` at the ends: a button that is would let the focus go. */
function Actions({ symbol, isFirst, isLast, onMove, onRemove }: WatchRowProps): ReactNode {
  const name = symbolName(symbol);
  return (
    <>
      <button type="button" className="icon-button" data-control="up" aria-label={`Move ${name} up`} aria-disabled={isFirst} data-tip="Move up (Alt ↑)" onClick={() => onMove(symbol, -1, "up")}>
        ▲
      </button>
      <button type="button" className="icon-button" data-control="down" aria-label={`Move ${name} down`} aria-disabled={isLast} data-tip="Move down (Alt ↓)" onClick={() => onMove(symbol, 1, "down")}>
        ▼
      </button>
      <button type="button" className="icon-button" data-control="remove" aria-label={`Remove ${name}`} data-tip="Remove" onClick={() => onRemove(symbol)}>
        ×
      </button>
    </>
  );
}

function onKey(event: KeyboardEvent, { symbol, onMove }: WatchRowProps): void {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const focused = event.target instanceof HTMLElement ? event.target.dataset.control : undefined;
  const up = event.key === "ArrowUp";
  onMove(symbol, up ? -1 : 1, focused === "remove" ? "remove" : up ? "up" : "down");
}
