/** What must be known of a holding beside its figures. */
import type { ReactNode } from "react";
import type { Position } from "../../domain/book";
import { factNotes, type Fact } from "../../domain/strategies";
import { Reveal } from "../../ui/Tip";

export function Notes({ fact, row }: { fact: Fact | undefined; row: Position }): ReactNode {
  return factNotes(fact, row).map(({ text, tone, tip }) =>
    tone === "" ? (
      <span key={text} className="holding-note num" data-tip={tip}>
        {text}
      </span>
    ) : (
      <Reveal key={text} tip={tip} className={`holding-note holding-${tone}`}>
        {text}
      </Reveal>
    ),
  );
}
