/** The two monitors: what is held and done today, and what was booked before. */
import type { ReactNode } from "react";
import type { View } from "../../domain/view";

const PAGES: readonly { page: View["page"]; name: string }[] = [
  { page: "desk", name: "Positions" },
  { page: "statement", name: "Statement" },
];

type PageSwitchProps = { page: View["page"]; onPage: (page: View["page"]) => void };

export function PageSwitch({ page, onPage }: PageSwitchProps): ReactNode {
  return (
    <nav className="pages" aria-label="Monitor">
      {PAGES.map((one) => (
        <button key={one.page} type="button" className="page-tab" aria-current={one.page === page ? "page" : undefined} onClick={() => onPage(one.page)}>
          {one.name}
        </button>
      ))}
    </nav>
  );
}
