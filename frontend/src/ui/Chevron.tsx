/** The small angle of what opens and closes. */
import type { ReactNode } from "react";

export function Chevron({ open }: { open: boolean }): ReactNode {
  return (
    <svg className={open ? "chevron is-open" : "chevron"} viewBox="0 0 10 10" aria-hidden="true">
      <path d="M3.5 1.8 6.8 5 3.5 8.2" />
    </svg>
  );
}
