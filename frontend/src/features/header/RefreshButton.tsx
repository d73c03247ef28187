/** Asks Schwab now, and tells how that goes. */
import type { ReactNode } from "react";
import type { RefreshProgress } from "../../domain/refreshProgress";

type RefreshButtonProps = { progress: RefreshProgress; onRefresh: () => void };

export function RefreshButton({ progress, onRefresh }: RefreshButtonProps): ReactNode {
  const running = progress.state === "running";
  return (
    <div className="refresh">
      <button type="button" className="button" onClick={onRefresh} disabled={running} data-tip="Fetch from Schwab now (r)">
        <svg className={running ? "icon spin" : "icon"} viewBox="0 0 16 16" aria-hidden="true">
          <path d="M13.2 8a5.2 5.2 0 1 1-1.5-3.7M13.4 1.6v3.2h-3.2" />
        </svg>
        <span className="refresh-word">{running ? "Refreshing" : "Refresh"}</span>
      </button>
      <span role="status" className="refresh-told">
        {progress.state === "told" ? progress.text : ""}
      </span>
    </div>
  );
}
