/** Which days the statement is of. */
import type { ReactNode } from "react";
import { daysProblem, RANGE_NAMES, RANGES, type Days, type RangeName } from "../../domain/statement";
import { Segmented } from "../../ui/Segmented";

type RangePickerProps = {
  range: RangeName;
  days: Days;
  today: string;
  onRange: (range: RangeName, days: Days) => void;
};

export function RangePicker({ range, days, today, onRange }: RangePickerProps): ReactNode {
  const problem = range === "custom" ? daysProblem(days) : null;
  return (
    <div className="range">
      <Segmented label="Days" choices={RANGES} names={RANGE_NAMES} value={range} onChoose={(name) => onRange(name, days)} />
      {range === "custom" && (
        <>
          <label>
            <span className="sr-only">From</span>
            <input type="date" value={days.from} max={today} required onChange={(event) => onRange("custom", { ...days, from: event.target.value })} />
          </label>
          <span className="faint" aria-hidden="true">
            –
          </span>
          <label>
            <span className="sr-only">To</span>
            <input type="date" value={days.to} max={today} required onChange={(event) => onRange("custom", { ...days, to: event.target.value })} />
          </label>
          <span className="shown" role="status">
            {problem}
          </span>
        </>
      )}
    </div>
  );
}
