/** Today's orders: working, filled, canceled; "not loaded yet" is another thing than "none". */
import type { ReactNode } from "react";
import type { Activity, Summary } from "../../domain/book";
import type { Freshness } from "../../domain/freshness";
import { orderSections } from "../../domain/orders";
import { fetchedLine } from "../../domain/provenance";
import { calendarDay, easternDate, fullDay } from "../../domain/time";
import { Panel } from "../../ui/Panel";
import { PHONE, useMedia } from "../../ui/useMedia";
import { OrderCards } from "./OrderCards";
import { OrderTable } from "./OrderTable";
import { useOpenRows } from "./useOpenRows";

type OrdersPanelProps = {
  activity: Activity;
  accounts: readonly Summary[];
  mixed: boolean;
  freshness: Freshness;
};

export function OrdersPanel({ activity, accounts, mixed, freshness }: OrdersPanelProps): ReactNode {
  const phone = useMedia(PHONE);
  const open = useOpenRows();
  const sections = orderSections(activity);
  const loaded = activity.orders_checked_at !== null;
  const any = sections.some((section) => section.count > 0);
  const names = new Map(accounts.map((one) => [one.account_id, one.display_name]));
  const accountName = mixed ? (id: number): string => names.get(id) ?? `Account ${id}` : null;
  return (
    <Panel
      id="orders"
      label="Activity today"
      title={
        <>
          Activity <span className="faint">{calendarDay(activity.trading_day)}</span>
        </>
      }
      tools={
        loaded ? (
          <ul className="order-counts">
            {sections.map((section) => (
              <li key={section.group}>
                {section.title} <span className="num">{section.count}</span>
              </li>
            ))}
          </ul>
        ) : null
      }
      freshness={freshness}
      freshnessTip={[fetchedLine(activity.orders_checked_at), ...knownLines(activity, accountName)].join("\n")}
    >
      {!loaded && <p className="empty">Not loaded yet. Schwab has not told today&apos;s orders so far.</p>}
      {loaded && !any && <p className="empty">No orders today.</p>}
      {any && (phone ? <OrderCards sections={sections} accountName={accountName} open={open} /> : <OrderTable sections={sections} accountName={accountName} open={open} />)}
      <AccountStatus status={activity.account_status} />
    </Panel>
  );
}

/** Since when every order is in the book; an order before that may be missing from a story. */
function knownLines({ history }: Activity, accountName: ((id: number) => string) | null): string[] {
  return history.flatMap(({ account_id, orders_from }) => {
    if (orders_from === null) return [];
    return `Orders known from ${fullDay(easternDate(orders_from))}${accountName === null ? "" : ` · ${accountName(account_id)}`}`;
  });
}

const STATUS_MARK = { ok_to_trade: "✓", review_required: "!", unknown: "?" } as const;

function AccountStatus({ status }: { status: Activity["account_status"] }): ReactNode {
  return (
    <footer className={`account-status status-${status.state}`}>
      <span aria-hidden="true" className="status-mark">
        {STATUS_MARK[status.state]}
      </span>
      <span>
        <span className="faint">Account status</span> {status.text}
      </span>
      {status.reasons.length > 0 && (
        <ul>
          {status.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </footer>
  );
}
