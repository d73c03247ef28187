/** Whether the rows add up to Schwab's own net liq, and by how much they don't. */
import type { ReactNode } from "react";
import { count, PL } from "../../domain/format";
import type { Reconciliation } from "../../domain/reconcile";
import { FigureText } from "../../ui/Amount";
import { Reveal } from "../../ui/Tip";

const RULE = "Sum of market values without cash rows, against net liq − cash − margin balance − short balance.";

export function ReconcileMark({ result }: { result: Reconciliation }): ReactNode {
  if (result.state === "unknown") {
    return (
      <Reveal tip={`${result.reason}\n${RULE}`} className="reconcile">
        Not compared
      </Reveal>
    );
  }
  if (result.state === "agrees") {
    return (
      <Reveal tip={`The rows add up to Schwab's net liq.\n${RULE}`} className="reconcile reconcile-good">
        ✓ Adds up
      </Reveal>
    );
  }
  const rows = result.rowsWithoutValue;
  const note = rows === 0 ? "" : `\n${count(rows, "row")} without a market value.`;
  return (
    <Reveal tip={`The rows differ from Schwab's net liq.${note}\n${RULE}`} className="reconcile reconcile-off">
      ≠ Net liq by <FigureText value={result.difference} shape={PL} />
    </Reveal>
  );
}
