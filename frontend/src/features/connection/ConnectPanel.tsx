/** Before the first connection: what will happen, and the one button. */
import type { ReactNode } from "react";
import type { Connection } from "../../domain/book";
import { ConnectLink } from "../../ui/ConnectLink";
import { PasteForm } from "./PasteForm";

type ConnectPanelProps = { connection: Connection; onPaste: (address: string) => Promise<void> };

export function ConnectPanel({ connection, onPaste }: ConnectPanelProps): ReactNode {
  return (
    <section className="connect" aria-labelledby="connect-title">
      <h2 id="connect-title">Connect Schwab</h2>
      {connection.app_configured ? <Steps onPaste={onPaste} /> : <NotConfigured callback={connection.callback_url} />}
    </section>
  );
}

function Steps({ onPaste }: Pick<ConnectPanelProps, "onPaste">): ReactNode {
  return (
    <>
      <p className="lead">One sign-in at Schwab, and this desk fills with your accounts.</p>
      <ol className="steps">
        <li>Schwab&apos;s own page opens. You sign in there; Thor never sees that password.</li>
        <li>You tick the accounts Thor may read.</li>
        <li>Schwab sends you back here. The first figures arrive within moments.</li>
      </ol>
      <p className="faint">Thor only reads; it places no orders. Schwab ends the login after seven days, and Thor tells you in time.</p>
      <ConnectLink primary>Connect Schwab</ConnectLink>
      <PasteForm onPaste={onPaste} />
    </>
  );
}

function NotConfigured({ callback }: { callback: string }): ReactNode {
  return (
    <>
      <p className="lead">Thor has no Schwab app to sign in with yet.</p>
      <ol className="steps">
        <li>In Schwab&apos;s developer portal, make an app for the Trader API.</li>
        <li>
          Give it this callback address, to the last slash: <code>{callback}</code>
        </li>
        <li>
          Put its key and secret into <code>.env</code> as <code>SCHWAB_CLIENT_ID</code> and <code>SCHWAB_CLIENT_SECRET</code>, then
          restart Thor.
        </li>
      </ol>
    </>
  );
}
