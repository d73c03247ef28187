/** The link to Schwab: its state, its ends, its last syncs and its last error in words. */
import { useState, type ReactNode } from "react";
import type { Connection } from "../../domain/book";
import { connectionState, polledBeside, streamWords, syncWords } from "../../domain/connection";
import { count } from "../../domain/format";
import { longLength, msSince, msUntil, shortLength, stamp, weekTime } from "../../domain/time";
import { ConnectLink } from "../../ui/ConnectLink";
import { Panel } from "../../ui/Panel";
import { useNow } from "../../ui/useNow";
import { DisconnectDialog } from "./DisconnectDialog";
import { PasteForm } from "./PasteForm";

type ConnectionPanelProps = {
  connection: Connection;
  serverReachable: boolean;
  /** The last figure that a tick moved on this page. */
  tickAt: string | null;
  onPaste: (address: string) => Promise<void>;
  onDisconnect: () => Promise<void>;
};

export function ConnectionPanel({ connection, serverReachable, tickAt, onPaste, onDisconnect }: ConnectionPanelProps): ReactNode {
  const [asking, setAsking] = useState(false);
  const now = useNow();
  const linked = connection.state !== "none";
  const state = connectionState(connection, serverReachable, now);
  return (
    <Panel
      id="connection"
      label="Connection"
      title="Schwab"
      tools={
        <span className={`chip chip-${state.tone}`}>
          <span className="dot" aria-hidden="true" />
          {state.text}
        </span>
      }
    >
      {linked && <Facts connection={connection} tickAt={tickAt} now={now} />}
      {connection.last_error !== null && <LastError error={connection.last_error} />}
      <div className="actions">
        <ConnectLink>{linked ? "Connect again" : "Connect Schwab"}</ConnectLink>
        {linked && (
          <button type="button" className="button plain" onClick={() => setAsking(true)}>
            Disconnect
          </button>
        )}
      </div>
      <PasteForm onPaste={onPaste} />
      {asking && <DisconnectDialog onDisconnect={onDisconnect} onClose={() => setAsking(false)} />}
    </Panel>
  );
}

const SOURCES: Record<Connection["sources"][number]["source"], string> = { accounts: "Balances", orders: "Orders", transactions: "Transactions" };

function Facts({ connection, tickAt, now }: Pick<ConnectionPanelProps, "connection" | "tickAt"> & { now: number }): ReactNode {
  return (
    <dl className="facts">
      <Fact label="Login ends" value={ending(connection.login_ends_at, now)} detail={connection.login_ends_at === null ? "" : weekTime(connection.login_ends_at)} />
      <Fact label="Access token" value={ending(connection.access_expires_at, now)} detail={renewal(connection)} />
      {connection.sources.map((source) => (
        <Fact
          key={source.source}
          label={SOURCES[source.source]}
          value={source.last_success_at === null ? "never loaded" : `${shortLength(msSince(source.last_success_at, now))} ago`}
          detail={syncWords(source)}
        />
      ))}
      <Fact label="Next sync" value={next(connection, now)} detail="" />
      <Fact label="Prices" {...streamWords(connection.stream, tickAt, now)} />
      <PolledSymbols symbols={polledBeside(connection.stream)} />
    </dl>
  );
}

const NAMED = 8;

/** What the streamer has no room for is named, all of it. */
function PolledSymbols({ symbols }: { symbols: readonly string[] }): ReactNode {
  if (symbols.length === 0) return null;
  const rest = symbols.slice(NAMED);
  return (
    <div className="fact">
      <dt>Polled</dt>
      <dd>
        <span className="faint">Not carried by the streamer, asked for instead: </span>
        {symbols.slice(0, NAMED).join(", ")}
        {rest.length > 0 && (
          <details className="more">
            <summary>and {count(rest.length, "more symbol")}</summary>
            {rest.join(", ")}
          </details>
        )}
      </dd>
    </div>
  );
}

function Fact({ label, value, detail }: { label: string; value: string; detail: string }): ReactNode {
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>
        <span className="num">{value}</span>
        {detail !== "" && <span className="faint fact-detail">{detail}</span>}
      </dd>
    </div>
  );
}

function LastError({ error }: { error: NonNullable<Connection["last_error"]> }): ReactNode {
  return (
    <p className="last-error">
      <span className="faint">Last error, {stamp(error.at)}.</span> {error.message} {error.action}
    </p>
  );
}

function ending(at: string | null, now: number): string {
  if (at === null) return "unknown";
  const left = msUntil(at, now);
  return left <= 0 ? "ended" : `in ${longLength(left)}`;
}

function renewal(connection: Connection): string {
  if (connection.access_expires_at === null) return "";
  return connection.state === "reauth_required" ? "not renewed any more" : "renewed by itself";
}

function next(connection: Connection, now: number): string {
  if (connection.syncing) return "running";
  if (connection.next_sync_at === null) return "none planned";
  const left = msUntil(connection.next_sync_at, now);
  return left <= 0 ? "due" : `in ${shortLength(left)}`;
}
