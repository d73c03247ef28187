/** The link to Schwab in a few words; leads to the connection panel. */
import type { ReactNode } from "react";
import type { Connection } from "../../domain/book";
import { errorWords, loginLeft } from "../../domain/banners";
import { linkTrouble, type LinkTrouble } from "../../domain/freshness";
import { shortLength } from "../../domain/time";
import { useNow } from "../../ui/useNow";

type ConnectionChipProps = { connection: Connection | undefined; serverReachable: boolean };

export function ConnectionChip({ connection, serverReachable }: ConnectionChipProps): ReactNode {
  const { tone, text, tip } = describe(connection, serverReachable, useNow());
  return (
    <a href="#connection" className={`chip chip-${tone}`} data-tip={tip}>
      <span className="dot" aria-hidden="true" />
      {text}
    </a>
  );
}

type Chip = { tone: "good" | "amber" | "red" | "none"; text: string; tip: string };

const TROUBLE: Record<LinkTrouble, string> = {
  throttled: "Schwab throttles",
  outage: "Schwab outage",
  refused: "Schwab trouble",
  late: "Sync overdue",
};
const OVERDUE = "Schwab should have been asked by now, but nobody did. Thor's worker may not be running.";

function describe(connection: Connection | undefined, serverReachable: boolean, now: number): Chip {
  if (!serverReachable) return { tone: "red", text: "No server", tip: "Thor's own server does not answer." };
  if (connection === undefined) return { tone: "none", text: "Schwab", tip: "Asking for the state of the connection." };
  const left = loginLeft(connection, now);
  if (connection.state === "none") return { tone: "none", text: "Not connected", tip: "Schwab is not connected." };
  if (connection.state === "reauth_required" || (left !== null && left <= 0)) {
    return { tone: "red", text: "Sign-in needed", tip: "Schwab needs a new sign-in." };
  }
  const trouble = linkTrouble(connection, now);
  if (trouble !== null) return { tone: "amber", text: TROUBLE[trouble], tip: troubleTip(trouble, connection) };
  const length = left === null ? "" : ` ${shortLength(left)}`;
  const tone = connection.state === "expiring" ? "amber" : "good";
  return { tone, text: `Schwab${length}`, tip: "Connected to Schwab. The time is what is left of the seven-day login." };
}

function troubleTip(trouble: LinkTrouble, { last_error: error }: Connection): string {
  return trouble === "late" || error === null ? OVERDUE : `${errorWords(error.code).title} ${error.message}`;
}
