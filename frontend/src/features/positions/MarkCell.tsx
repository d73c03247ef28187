/** The mark, whose background lights up for a moment when it moves. */
import { useEffect, useRef, type ReactNode } from "react";
import type { Price } from "../../domain/decimal";
import { PRICE } from "../../domain/format";
import { FigureText } from "../../ui/Amount";

const FLASH_MS = 400;

export function MarkCell({ value }: { value: Price }): ReactNode {
  const element = useRef<HTMLSpanElement>(null);
  const before = useRef(value);
  useEffect(() => {
    const up = Number(value) - Number(before.current);
    before.current = value;
    if (up !== 0) flash(element.current, up > 0);
  }, [value]);
  return (
    <span ref={element} className="mark">
      <FigureText value={value} shape={PRICE} />
    </span>
  );
}

function flash(element: HTMLElement | null, up: boolean): void {
  if (element === null || window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const colour = up ? "var(--flash-up)" : "var(--flash-down)";
  element.animate([{ backgroundColor: colour }, { backgroundColor: "transparent" }], { duration: FLASH_MS, easing: "ease-out" });
}
