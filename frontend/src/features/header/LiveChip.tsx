/** Whether changes are pushed to this page; nothing about how old the figures are, nor about Schwab. */
import type { ReactNode } from "react";
import { socketWords, type LiveStatus } from "../../live/status";
import { Reveal } from "../../ui/Tip";

export function LiveChip({ live }: { live: LiveStatus }): ReactNode {
  const { tone, text, tip } = socketWords(live);
  return (
    <Reveal tip={tip} className={`chip chip-${tone} live-chip`}>
      <span className="dot" aria-hidden="true" />
      <span className={tone === "good" ? "live-name" : ""}>Socket</span>
      <span className={tone === "good" ? "sr-only" : ""}> {text}</span>
    </Reveal>
  );
}
