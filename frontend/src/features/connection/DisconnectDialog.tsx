/** Asks before the link is cut, and says what stays. */
import { useState, type ReactNode } from "react";
import { CloseButton, Dialog } from "../../ui/Dialog";

type DisconnectDialogProps = { onDisconnect: () => Promise<void>; onClose: () => void };

export function DisconnectDialog({ onDisconnect, onClose }: DisconnectDialogProps): ReactNode {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const go = (): void => {
    setBusy(true);
    setFailed(false);
    onDisconnect().then(onClose, () => {
      setBusy(false);
      setFailed(true);
    });
  };
  return (
    <Dialog title="Disconnect Schwab?" onClose={onClose}>
      <p>
        Thor erases Schwab&apos;s tokens and stops reading. Your accounts and what was recorded so far stay here, at their last
        known figures.
      </p>
      <p className="faint">To end the permission at Schwab as well, remove the app in Schwab&apos;s own security settings.</p>
      <p className="problem" role="alert">
        {failed && "That did not work. Nothing has changed; try again."}
      </p>
      <div className="actions">
        <CloseButton>Keep it</CloseButton>
        <button type="button" className="button danger" onClick={go} disabled={busy}>
          {busy ? "Disconnecting…" : "Disconnect"}
        </button>
      </div>
    </Dialog>
  );
}
