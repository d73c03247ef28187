/** For a browser that cannot open the callback address: paste it, the rest happens here. */
import { useId, useState, type ReactNode, type SyntheticEvent } from "react";
import { isFailure } from "../../api/errors";
import { oauthAdvice, type Advice } from "../../domain/oauthReasons";

type PasteFormProps = { onPaste: (address: string) => Promise<void> };

export function PasteForm({ onPaste }: PasteFormProps): ReactNode {
  const id = useId();
  const [advice, setAdvice] = useState<Advice | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const address = new FormData(event.currentTarget).get("address");
    setBusy(true);
    setAdvice(null);
    onPaste(typeof address === "string" ? address.trim() : "")
      .catch((error: unknown) => setAdvice(adviceFor(error)))
      .finally(() => setBusy(false));
  };

  return (
    <details className="paste">
      <summary>The browser could not reach the callback?</summary>
      <form onSubmit={submit}>
        <label htmlFor={id}>Paste the address of the page that did not open. Be quick: its code lives for 30 seconds.</label>
        <div className="paste-row">
          <input id={id} name="address" type="text" placeholder="https://…?code=…&session=…&state=…" autoComplete="off" spellCheck={false} required />
          <button type="submit" className="button" disabled={busy}>
            {busy ? "Connecting…" : "Connect"}
          </button>
        </div>
        <p className="problem" role="alert">
          {advice !== null && (
            <>
              {advice.what} {advice.todo}
            </>
          )}
        </p>
      </form>
    </details>
  );
}

function adviceFor(error: unknown): Advice {
  if (isFailure(error, "unreachable")) return { what: error.message, todo: "Try again in a moment." };
  return oauthAdvice(isFailure(error) ? error.code : "");
}
