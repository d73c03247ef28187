"""Order lists: one call brings the orders of all accounts; each account's are applied in a transaction of their own."""

from datetime import datetime, time, timedelta

from django.db.models import Min
from django.utils import timezone

from actandpos import services as book
from actandpos.models import Account, Order
from actandpos.types import OrderRow, OrdersChange
from livedata.market import EASTERN, eastern_date
from livedata.schwab import leases, linking, orderapplying, orderasking, orderpages
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.identity import identity_of
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.orderpages import Page
from livedata.schwab.orders import read_orders
from livedata.schwab.runs import Tally, recorded

FURTHEST = timedelta(days=59)
"""`GET /orders` refuses a start more than 60 days back (§2.4)."""
Outcome = SyncRun.Outcome


def sync_orders(
    connection: BrokerConnection, api: SchwabTraderAPI, lease: leases.Lease, trigger: str
) -> SyncRun:
    """Bring the orders of all accounts up to date under a lease that the caller holds.

    Raises:
        SchwabError: what is recorded in the run as well.
    """
    before = api.calls
    with recorded(connection, lease, "orders", trigger) as tally:
        try:
            now = timezone.now()
            since = window_start(connection, now)
            page = orderpages.whole(api.fetch_orders, read_orders, since, now + timedelta(minutes=5))
            unlisted = _apply_all(connection, lease, page, tally)
            reach = min(since, now - FURTHEST)
            orderasking.Asking(api, lease, tally, reach).ask_for_the_rest(unlisted)
        finally:
            tally.calls = api.calls - before
    return tally.run


def window_start(connection: BrokerConnection, now: datetime) -> datetime:
    """Return how far back to ask: midnight in New York, or the entry of the oldest order still working.

    Schwab's filter looks at entry time only. The first list of a day reaches back as far as Schwab allows, so that
    orders entered elsewhere long ago are found.
    """
    midnight = datetime.combine(eastern_date(now), time(), EASTERN)
    accounts = Account.objects.filter(schwab_link__connection=connection, schwab_link__linked=True)
    read_today = accounts.filter(orders_checked_at__gte=midnight).count() == accounts.count() > 0
    if not read_today:
        return now - FURTHEST
    working = Order.objects.filter(account__in=accounts, status_group="working")
    oldest = working.aggregate(oldest=Min("entered_at"))["oldest"]
    return max(min(oldest or midnight, midnight), now - FURTHEST)


def _apply_all(
    connection: BrokerConnection, lease: leases.Lease, page: Page, tally: Tally
) -> dict[int, list[str]]:
    """Apply the list account by account; an account without orders is told so too.

    Returns what every account's list lacks of its working orders, by the account's id.
    """
    rows = {identity_of(number): orders for number, orders in page.reading.by_number.items()}
    unlisted: dict[int, list[str]] = {}
    for identity, known in linking.known_accounts(connection).items():
        if known.linked:
            change = _apply_one(lease, known.account, rows.get(identity, []), page, tally)
            if change is not None:
                unlisted[known.account.pk] = change.unlisted
    for rejected in page.reading.rejected:
        tally.outcomes.append(Outcome.PARTIAL)
        tally.note(f"An order could not be read: {rejected.reason}")
    if page.is_cut:
        tally.outcomes.append(Outcome.PARTIAL)
        tally.note(orderpages.TOO_MANY)
    return unlisted


def _apply_one(
    lease: leases.Lease, account: Account, rows: list[OrderRow], page: Page, tally: Tally
) -> OrdersChange | None:
    """Apply one account's orders in a transaction that also checks the lease; publish after the commit."""

    def apply() -> OrdersChange:
        return book.apply_orders(account, rows, page.observed_at, window_start=page.start)

    return orderapplying.apply_under(lease, account, apply, page.observed_at, tally)
