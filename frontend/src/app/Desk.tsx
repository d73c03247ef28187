/** The desk: bar, banners, account, positions, orders, connection. */
import { memo, useDeferredValue, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { View } from "../domain/view";
import { readOAuthResult, withoutOAuthResult, type OAuthResult } from "../domain/oauthReasons";
import { AccountPanel } from "../features/account/AccountPanel";
import { Banners } from "../features/banners/Banners";
import { ConnectPanel } from "../features/connection/ConnectPanel";
import { ConnectionPanel } from "../features/connection/ConnectionPanel";
import { HeaderBar } from "../features/header/HeaderBar";
import { OrdersPanel } from "../features/orders/OrdersPanel";
import { StatementPanel } from "../features/statement/StatementPanel";
import { PositionsPanel } from "../features/positions/PositionsPanel";
import { WatchlistPanel } from "../features/watchlist/WatchlistPanel";
import { isLive } from "../live/status";
import { useConnectionChanges } from "../queries/connection";
import { useWatchlist } from "../queries/watchlist";
import { Fenced } from "../ui/Fenced";
import { PrivacyProvider } from "../ui/Amount";
import { takeKeptPlace } from "../ui/ConnectLink";
import { useKeys } from "../ui/useKeys";
import { usePreference } from "../ui/usePreference";
import { setSearch, useView, type SetView } from "../ui/useView";
import { HelpDialog } from "./HelpDialog";
import { moveRow } from "./moveRow";
import { neighbour } from "./neighbour";
import { useDesk, type DeskData } from "./useDesk";

type DeskProps = { username: string; onLogout: () => void };

export function Desk({ username, onLogout }: DeskProps): ReactNode {
  const [view, setView] = useView();
  const desk = useDrawn(useDesk(view.account), view.account);
  return <DeskPage desk={desk} view={view} setView={setView} username={username} onLogout={onLogout} />;
}

/**
 * What is drawn of the desk: all of it follows what came within milliseconds, in one commit, but in slices between
 * which the browser can scroll and answer. Another account is another page, and drawn at once.
 */
function useDrawn(desk: DeskData, account: number | null): DeskData {
  const drawn = useDeferredValue({ desk, account });
  return drawn.account === account ? drawn.desk : desk;
}

type DeskPageProps = DeskProps & { desk: DeskData; view: View; setView: SetView };

const DeskPage = memo(function DeskPage({ desk, view, setView, username, onLogout }: DeskPageProps): ReactNode {
  const [help, setHelp] = useState(false);
  const [result, dismissResult] = useOAuthResult();
  const search = useRef<HTMLInputElement>(null);
  const change = useConnectionChanges();
  const setAccount = (account: number | null): void => setView({ account });
  useKnownAccount(desk, view.account, setAccount);

  const [privacy, togglePrivacy] = usePreference("privacy");
  // Read here, so that another zone draws the whole desk anew.
  usePreference("zone");
  const step = (by: 1 | -1): void => setAccount(neighbour(desk.accounts, view.account, by));
  useKeys({
    "/": () => search.current?.focus(),
    r: desk.refresh.refresh,
    "[": () => step(-1),
    "]": () => step(1),
    "?": () => setHelp(true),
    p: togglePrivacy,
    j: () => moveRow(1),
    k: () => moveRow(-1),
  });
  const title = useMemo(() => (desk.summary === undefined ? "Thor" : `${desk.summary.display_name} · Thor`), [desk.summary]);
  const empty = desk.connection?.state === "none" && desk.accountsKnown && desk.accounts.length === 0;
  return (
    <PrivacyProvider value={privacy === "on"}>
      <title>{title}</title>
      <HeaderBar
        page={view.page}
        onPage={(page) => setView({ page })}
        account={view.account}
        onAccount={setAccount}
        accounts={desk.accounts}
        summary={desk.summary}
        session={desk.session}
        freshness={desk.bookFreshness}
        empty={empty}
        connection={desk.connection}
        live={desk.live}
        serverReachable={desk.serverReachable}
        progress={desk.refresh.progress}
        onRefresh={desk.refresh.refresh}
        username={username}
        onLogout={onLogout}
        onHelp={() => setHelp(true)}
      />
      <main className={empty ? "desk desk-empty" : `desk desk-${view.page}`}>
        <Banners banners={desk.banners} result={result} onDismissResult={dismissResult} onRefresh={desk.refresh.refresh} />
        {desk.connection !== undefined && empty && <ConnectPanel connection={desk.connection} onPaste={change.paste} />}
        {!empty && (
          <>
            <Fenced name="Account summary" className="panel-account">
              <AccountPanel account={view.account} summary={desk.summary} freshness={desk.bookFreshness} />
            </Fenced>
            {view.page === "statement" && (
              <Fenced name="Statement" className="panel-statement">
                <StatementPanel accounts={desk.accounts} view={view} setView={setView} />
              </Fenced>
            )}
          </>
        )}
        {!empty && view.page === "desk" && (
          <>
            {desk.positions === undefined ? (
              <Waiting name="Positions" what="positions" className="panel-positions" failed={desk.positionsFreshness.state === "offline"} />
            ) : (
              <Fenced name="Positions" className="panel-positions">
                <PositionsPanel
                  positions={desk.positions}
                  summary={desk.summary}
                  accounts={desk.accounts}
                  freshness={desk.positionsFreshness}
                  view={view}
                  setView={setView}
                  search={search}
                  person={username}
                />
              </Fenced>
            )}
            {desk.activity === undefined ? (
              <Waiting name="Activity today" what="orders" className="panel-orders" failed={desk.ordersFreshness.state === "offline"} />
            ) : (
              <Fenced name="Activity today" className="panel-orders">
                <OrdersPanel
                  activity={desk.activity}
                  accounts={desk.accounts}
                  mixed={view.account === null}
                  freshness={desk.ordersFreshness}
                />
              </Fenced>
            )}
            <div className="desk-side">
              <Watched pushed={isLive(desk.live)} />
              {desk.connection !== undefined && (
                <ConnectionPanel
                  connection={desk.connection}
                  serverReachable={desk.serverReachable}
                  tickAt={desk.live.tickAt}
                  onPaste={change.paste}
                  onDisconnect={change.cut}
                />
              )}
            </div>
          </>
        )}
      </main>
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </PrivacyProvider>
  );
});

type WaitingProps = { name: string; what: string; className: string; failed: boolean };

function Waiting({ name, what, className, failed }: WaitingProps): ReactNode {
  return (
    <section className={`panel ${className}`} aria-busy={!failed} aria-label={name}>
      <p className="empty">{failed ? `The ${what} could not be read. Trying again by itself.` : `Loading the ${what}…`}</p>
    </section>
  );
}

/** By itself, so that a quote draws nothing else of the desk. */
const Watched = memo(function Watched({ pushed }: { pushed: boolean }): ReactNode {
  return <WatchlistPanel list={useWatchlist(pushed)} />;
});

/** An account in the address that is not there (any more) leads to all accounts. */
function useKnownAccount(desk: DeskData, account: number | null, setAccount: (account: null) => void): void {
  const unknown = account !== null && desk.accounts.length > 0 && !desk.accounts.some((one) => one.account_id === account);
  useEffect(() => {
    if (unknown) setAccount(null);
  });
}

/** What the callback told is read once; then the address is cleaned. */
function useOAuthResult(): [OAuthResult | null, () => void] {
  const [result, setResult] = useState(() => readOAuthResult(window.location.search));
  useEffect(() => {
    setSearch(withoutOAuthResult(window.location.search, takeKeptPlace()));
  }, []);
  return [result, () => setResult(null)];
}
