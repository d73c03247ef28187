/** The button that opens and closes what belongs to a row. */
import type { ReactNode } from "react";
import { Chevron } from "./Chevron";

type DisclosureProps = { open: boolean; label: string; onToggle: () => void };

export function Disclosure({ open, label, onToggle }: DisclosureProps): ReactNode {
  return (
    <button type="button" className="disclosure" aria-expanded={open} aria-label={label} onClick={onToggle}>
      <Chevron open={open} />
    </button>
  );
}
