/** How the table is put together, and what else can be done with it. */
import type { ReactNode } from "react";
import { GROUP_BY_NAMES, GROUP_BYS, type GroupBy } from "../../domain/groupBy";
import type { Regrouping } from "./useRegrouping";

type TableToolsProps = {
  group: GroupBy;
  onGroup: (group: GroupBy) => void;
  mixed: boolean;
  regrouping: Regrouping;
  onColumns: (() => void) | null;
  onCsv: () => void;
};

export function TableTools({ group, onGroup, mixed, regrouping, onColumns, onCsv }: TableToolsProps): ReactNode {
  const choices = GROUP_BYS.filter((one) => mixed || one !== "account" || group === "account");
  return (
    <>
      <label className="select quiet-select">
        <span className="faint">Group</span>
        <select value={group} onChange={(event) => onGroup(choices.find((one) => one === event.target.value) ?? "underlying")}>
          {choices.map((one) => (
            <option key={one} value={one}>
              {GROUP_BY_NAMES[one]}
            </option>
          ))}
        </select>
      </label>
      {onColumns !== null && group === "underlying" && (
        <button type="button" className="toggle" aria-pressed={regrouping.active} onClick={regrouping.active ? regrouping.stop : regrouping.start}>
          Regroup
        </button>
      )}
      {onColumns !== null && (
        <button type="button" className="toggle" onClick={onColumns}>
          Columns
        </button>
      )}
      <button type="button" className="toggle" onClick={onCsv} data-tip="The rows as they stand here, as a file">
        CSV
      </button>
    </>
  );
}
