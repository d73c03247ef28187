/** How far back the book goes, and reading a year back from Schwab with its progress. */
import type { ReactNode } from "react";
import type { Statement } from "../../domain/statement";
import { yearBefore } from "../../domain/statement";
import { easternDate, fullDay, stamp } from "../../domain/time";
import type { Reading } from "../../queries/statement";

type ReadBackProps = { statement: Statement; reading: Reading; accounts: readonly number[]; today: string };

export function ReadBack({ statement, reading, accounts, today }: ReadBackProps): ReactNode {
  const { progress, asking, problem } = reading;
  const start = yearBefore(today);
  const whole = reading.isBackTo(start) || (statement.known_from !== null && statement.known_from <= start);
  return (
    <div className="read-back">
      <span className="faint">{knownWords(statement)}</span>
      {progress.state === "running" ? (
        <Bar done={progress.done} total={progress.total} back={progress.back} />
      ) : (
        !whole && (
          <button type="button" className="link" disabled={asking || accounts.length === 0} onClick={() => reading.readBack(accounts, start)}>
            Load a year back
          </button>
        )
      )}
      {progress.state === "failed" && <span className="shown">Reading back stopped. {progress.message}</span>}
      {problem !== "" && (
        <span className="shown" role="alert">
          {problem}
        </span>
      )}
    </div>
  );
}

function knownWords({ known_from, transactions_checked_at: checked }: Statement): string {
  const read = checked === null ? "" : ` · read ${stamp(checked)}`;
  return known_from === null ? `Nothing is known yet${read}` : `Known from ${fullDay(known_from)}${read}`;
}

function Bar({ done, total, back }: { done: number; total: number; back: string | null }): ReactNode {
  const reached = back === null ? "" : ` to ${fullDay(back.length > 10 ? easternDate(back) : back)}`;
  return (
    <span className="reading">
      <progress value={done} max={Math.max(total, 1)} aria-label="Reading a year back" />
      <span className="num soft" role="status">
        Reading back{reached}, {done} of {total}
      </span>
    </span>
  );
}
