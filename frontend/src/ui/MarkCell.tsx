/** A mark, whose background lights up for a moment when it moves. */
import { createContext, useContext, useEffect, useLayoutEffect, useRef, type ReactNode, type RefObject } from "react";
import type { Price } from "../domain/decimal";
import { PRICE } from "../domain/format";
import { FigureText } from "./Amount";

const Settling = createContext<RefObject<boolean>>({ current: false });

type SettlingMarksProps = { settling: boolean; children: ReactNode };

/** While figures settle, after a first or fresh look, no mark lights up. A ref, so that no cell is drawn for it. */
export function SettlingMarks({ settling, children }: SettlingMarksProps): ReactNode {
  const ref = useRef(settling);
  // Layout effects come before the cells' own effects of the same commit.
  useLayoutEffect(() => {
    ref.current = settling;
  });
  return <Settling value={ref}>{children}</Settling>;
}

export function MarkCell({ value }: { value: Price }): ReactNode {
  const element = useRef<HTMLSpanElement>(null);
  const before = useRef(value);
  const settling = useContext(Settling);
  useEffect(() => {
    const up = Number(value) - Number(before.current);
    before.current = value;
    if (up !== 0 && !settling.current) flash(element.current, up > 0);
  }, [value, settling]);
  return (
    <span ref={element} className="mark">
      <FigureText value={value} shape={PRICE} />
    </span>
  );
}

/**
 * The style sheet does the rest. Two names for one animation, taken in turn, begin it anew without asking the browser
 * for the layout of each cell, which a table of ticking cells cannot afford.
 */
function flash(element: HTMLElement | null, up: boolean): void {
  if (element === null) return;
  element.dataset.moved = up ? "up" : "down";
  element.dataset.beat = element.dataset.beat === "0" ? "1" : "0";
  // Kept, it would light up again when its row is put elsewhere.
  element.addEventListener("animationend", settle, { once: true });
}

function settle({ currentTarget }: Event): void {
  if (currentTarget instanceof HTMLElement) delete currentTarget.dataset.beat;
}
