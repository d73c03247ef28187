/** Tips on hover, focus and tap: one bubble for the page, above everything, closed with Escape. */
import { useEffect, useId, useRef, useState, type ReactNode } from "react";

type RevealProps = { tip: string; className?: string | undefined; children: ReactNode };

/** Something whose tip the keyboard and a finger reach as well; screen readers hear it as description. */
export function Reveal({ tip, className, children }: RevealProps): ReactNode {
  const id = useId();
  return (
    <>
      <button type="button" className={`reveal ${className ?? ""}`} data-tip={tip} aria-describedby={id}>
        {children}
      </button>
      <span id={id} hidden>
        {tip}
      </span>
    </>
  );
}

type Shown = { text: string; anchor: Element };
const GAP = 6;

/** Hears all of the page's `data-tip` elements; mounted once. */
export function TipHost(): ReactNode {
  const [shown, setShown] = useState<Shown | null>(null);
  const bubble = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const open = (event: Event): void => {
      const target = event.target instanceof Element ? event.target : null;
      if (target !== null && bubble.current?.contains(target)) return;
      const anchor = target?.closest("[data-tip]") ?? null;
      const text = anchor?.getAttribute("data-tip") ?? "";
      setShown((before) => (anchor === null || text === "" ? null : before?.anchor === anchor ? before : { text, anchor }));
    };
    const close = (): void => setShown(null);
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") close();
    };
    document.addEventListener("pointerover", open);
    document.addEventListener("focusin", open);
    document.addEventListener("click", open);
    document.addEventListener("focusout", close);
    document.addEventListener("scroll", close, true);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerover", open);
      document.removeEventListener("focusin", open);
      document.removeEventListener("click", open);
      document.removeEventListener("focusout", close);
      document.removeEventListener("scroll", close, true);
      document.removeEventListener("keydown", onKey);
    };
  }, []);

  useEffect(() => {
    const element = bubble.current;
    if (element === null || shown === null) return;
    element.showPopover();
    place(element, shown.anchor.getBoundingClientRect());
  }, [shown]);

  if (shown === null) return null;
  return (
    <div ref={bubble} popover="manual" className="tip" role="tooltip">
      {shown.text}
    </div>
  );
}

/** Below the anchor, or above where there is no room; never over the edge of the window. */
function place(element: HTMLElement, anchor: DOMRect): void {
  const { width, height } = element.getBoundingClientRect();
  const below = anchor.bottom + GAP;
  const top = below + height > window.innerHeight ? Math.max(GAP, anchor.top - GAP - height) : below;
  const wanted = anchor.left + anchor.width / 2 - width / 2;
  const left = Math.min(Math.max(GAP, wanted), window.innerWidth - width - GAP);
  element.style.top = `${top}px`;
  element.style.left = `${left}px`;
}
