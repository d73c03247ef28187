/** The market's session, New York's clock, and what comes next. */
import type { ReactNode } from "react";
import type { MarketSession } from "../../domain/book";
import { sessionName, sessionTip, untilNext } from "../../domain/marketSession";
import { easternClock } from "../../domain/time";
import { Reveal } from "../../ui/Tip";
import { useNow } from "../../ui/useNow";

export function SessionPill({ session }: { session: MarketSession | undefined }): ReactNode {
  const now = useNow();
  return (
    <div className="session">
      {session !== undefined && (
        <Reveal tip={sessionTip(session)} className={`pill session-${session.session}`}>
          {sessionName(session)}
        </Reveal>
      )}
      <span className="num clock" aria-label="Eastern time">
        {easternClock(now)} <span className="unit">ET</span>
      </span>
      {session !== undefined && <span className="num until">{untilNext(session, now)}</span>}
    </div>
  );
}
