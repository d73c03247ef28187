/** The keys, and what the marks on the page mean. */
import type { ReactNode } from "react";
import { FRESHNESS_WORDS, type FreshnessState } from "../domain/freshness";
import { CloseButton, Dialog } from "../ui/Dialog";

const KEYS: readonly [string, string][] = [
  ["/", "Filter the positions"],
  ["j  k", "Next row, row before"],
  ["Enter", "Open or close the row"],
  ["p", "Hide or show amounts"],
  ["r", "Fetch from Schwab now"],
  ["[  ]", "Account before, account after"],
  ["?", "This help"],
  ["Esc", "Close"],
];

const STATES: readonly FreshnessState[] = ["live", "polled", "delayed", "stale", "offline"];

export function HelpDialog({ onClose }: { onClose: () => void }): ReactNode {
  return (
    <Dialog title="Keys and marks" onClose={onClose}>
          <dl className="help">
            {KEYS.map(([key, what]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
            {STATES.map((state) => (
              <div key={state}>
                <dt className={`age age-${state}`}>
                  <span className="dot" aria-hidden="true" />
                  {FRESHNESS_WORDS[state].label}
                </dt>
                <dd>{FRESHNESS_WORDS[state].meaning}</dd>
              </div>
            ))}
            <div>
              <dt>†</dt>
              <dd>Worked out by Thor, since Schwab&apos;s own figure contradicts the day&apos;s fills; hover tells both.</dd>
            </div>
            <div>
              <dt>—</dt>
              <dd>Schwab did not send this value; hover or focus tells why. Every figure tells the same way where it comes from.</dd>
            </div>
          </dl>
          <div className="actions">
            <CloseButton>Close</CloseButton>
          </div>
    </Dialog>
  );
}
