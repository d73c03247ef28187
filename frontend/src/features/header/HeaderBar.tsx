/** The bar that is always in sight: whose account, what it is worth, how fresh that is. */
import type { ReactNode } from "react";
import type { Connection, MarketSession, Summary } from "../../domain/book";
import type { Freshness } from "../../domain/freshness";
import { fetchedLine } from "../../domain/provenance";
import type { RefreshProgress } from "../../domain/refreshProgress";
import type { View } from "../../domain/view";
import type { LiveStatus } from "../../live/status";
import { Age } from "../../ui/Panel";
import { AccountSelect } from "./AccountSelect";
import { ConnectionChip } from "./ConnectionChip";
import { HeaderFigures } from "./HeaderFigures";
import { LiveChip } from "./LiveChip";
import { PageSwitch } from "./PageSwitch";
import { RefreshButton } from "./RefreshButton";
import { SessionPill } from "./SessionPill";
import { UserMenu } from "./UserMenu";

export type HeaderBarProps = {
  page: View["page"];
  onPage: (page: View["page"]) => void;
  account: number | null;
  onAccount: (account: number | null) => void;
  accounts: readonly Summary[];
  summary: Summary | undefined;
  session: MarketSession | undefined;
  freshness: Freshness;
  connection: Connection | undefined;
  live: LiveStatus;
  serverReachable: boolean;
  progress: RefreshProgress;
  onRefresh: () => void;
  /** Before the first connection there is nothing to choose, to show or to refresh. */
  empty: boolean;
  username: string;
  onLogout: () => void;
  onHelp: () => void;
};

export function HeaderBar(props: HeaderBarProps): ReactNode {
  const { summary, freshness, empty } = props;
  return (
    <header className="bar">
      <div className="bar-row">
        <h1 className="wordmark small">Thor</h1>
        {!empty && <AccountSelect account={props.account} accounts={props.accounts} onAccount={props.onAccount} />}
        {!empty && <PageSwitch page={props.page} onPage={props.onPage} />}
        <SessionPill session={props.session} />
        <span className="bar-gap" />
        {!empty && <Age freshness={freshness} detail={fetchedLine(summary?.checked_at ?? null)} />}
        {!empty && <LiveChip live={props.live} />}
        <ConnectionChip connection={props.connection} serverReachable={props.serverReachable} />
        {!empty && <RefreshButton progress={props.progress} onRefresh={props.onRefresh} />}
        <UserMenu username={props.username} onLogout={props.onLogout} onHelp={props.onHelp} />
      </div>
      {!empty && <HeaderFigures account={props.account} summary={summary} freshness={freshness} />}
    </header>
  );
}
