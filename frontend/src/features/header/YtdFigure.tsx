/** What was realized since New Year, with all that goes beside it on hover. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { PL, formatted, MONEY } from "../../domain/format";
import { reasonFor } from "../../domain/provenance";
import type { PlYtd } from "../../domain/statement";
import { fullDay } from "../../domain/time";
import { plYtdQuery } from "../../queries/statement";
import { Amount, FigureText, usePrivacy } from "../../ui/Amount";
import { Reveal } from "../../ui/Tip";

export function YtdFigure({ account }: { account: number | null }): ReactNode {
  const { data, isError } = useQuery(plYtdQuery(account));
  const privacy = usePrivacy();
  if (data === undefined) {
    if (isError) return <Amount value={null} shape={PL} reason="Thor's server did not tell it." />;
    return <span className="waiting" aria-label="loading" role="img" />;
  }
  if (data.realized === null) return <Amount value={null} shape={PL} reason={reasonFor(data.missing, "realized")} />;
  return (
    <Reveal tip={tipOf(data, privacy)} className="provenance">
      {data.missing.realized !== undefined && (
        <span className="partial" role="img" aria-label="not all of it">
          ◔
        </span>
      )}
      <FigureText value={data.realized} shape={PL} tone />
    </Reveal>
  );
}

function tipOf(ytd: PlYtd, privacy: boolean): string {
  const amounts = privacy
    ? []
    : [
        `With P/L open ${formatted(ytd.open, PL)}: ${formatted(ytd.total, PL)}`,
        `Apart from it: dividends ${formatted(ytd.dividends, MONEY)}, interest ${formatted(ytd.interest, MONEY)}`,
        `Fees ${formatted(ytd.fees, MONEY)}, taken off already`,
      ];
  return [
    `Formula: realized P/L of what was closed since 1 January ${ytd.year} Eastern`,
    ...amounts,
    ytd.missing.realized ?? "",
    ytd.known_from === null ? "" : `Known from ${fullDay(ytd.known_from)}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}
