/** While legs are chosen: how many, and what to do with them. */
import { useState, type SubmitEvent, type ReactNode } from "react";
import { readableName } from "../../domain/optionName";
import { Dialog } from "../../ui/Dialog";
import type { Regrouping } from "./useRegrouping";

export function RegroupBar({ regrouping }: { regrouping: Regrouping }): ReactNode {
  const [naming, setNaming] = useState(false);
  const { legs, obstacle, problem, active } = regrouping;
  if (!active) {
    return problem === "" ? null : (
      <p className="problem regroup-bar" role="alert">
        {problem}
      </p>
    );
  }
  return (
    <div className="regroup-bar" role="group" aria-label="Put legs together">
      <span className="soft" role="status">
        {legs.length === 0 ? "Choose the legs that belong together." : `${legs.length} chosen. ${obstacle ?? ""}`}
      </span>
      <button type="button" className="button" disabled={obstacle !== null} onClick={() => setNaming(true)}>
        Group as…
      </button>
      <button type="button" className="link" onClick={regrouping.stop}>
        Done
      </button>
      {naming && <NameDialog regrouping={regrouping} onClose={() => setNaming(false)} />}
    </div>
  );
}

function NameDialog({ regrouping, onClose }: { regrouping: Regrouping; onClose: () => void }): ReactNode {
  const [name, setName] = useState("");
  const { legs, problem } = regrouping;
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    void regrouping.group(name.trim()).then((done) => {
      if (done) onClose();
    });
  };
  return (
    <Dialog title="Group as…" onClose={onClose}>
      <form onSubmit={onSubmit} className="name-group">
        <label htmlFor="group-name">Name (or leave it to Thor)</label>
        <input id="group-name" value={name} maxLength={60} autoComplete="off" placeholder="Earnings hedge" onChange={(event) => setName(event.target.value)} />
        <ul>
          {legs.map((leg) => (
            <li key={leg.id}>{readableName(leg)}</li>
          ))}
        </ul>
        <p className="problem" role="alert">
          {problem}
        </p>
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button">
            Group
          </button>
        </div>
      </form>
    </Dialog>
  );
}
