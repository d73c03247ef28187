"""Order lists: one call brings the orders of all accounts; each account's are applied in a transaction of their own."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from actandpos import services as book
from actandpos.models import Account, Order
from actandpos.types import OrderRow
from livedata.market import EASTERN, eastern_date
from livedata.schwab import leases, linking
from livedata.schwab.applying import OUTCOMES
from livedata.schwab.client import Fetched, SchwabTraderAPI
from livedata.schwab.identity import identity_of
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.orders import read_orders
from livedata.schwab.publish import BUS_DOWN, publish_change, publish_orders
from livedata.schwab.runs import OVERTAKEN, Tally, recorded

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
            fetched = api.fetch_orders(since, now + timedelta(minutes=5))
            _apply_all(connection, lease, fetched, since, tally)
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
    connection: BrokerConnection, lease: leases.Lease, fetched: Fetched, since: datetime, tally: Tally
) -> None:
    """Apply the list account by account; an account without orders is told so too."""
    reading = read_orders(fetched.body)
    rows = {identity_of(number): orders for number, orders in reading.by_number.items()}
    for identity, known in linking.known_accounts(connection).items():
        if known.linked:
            _apply_one(lease, known.account, rows.get(identity, []), (fetched.observed_at, since), tally)
    for rejected in reading.rejected:
        tally.outcomes.append(Outcome.PARTIAL)
        tally.note(f"An order could not be read: {rejected.reason}")


def _apply_one(
    lease: leases.Lease, account: Account, rows: list[OrderRow], seen: tuple[datetime, datetime], tally: Tally
) -> None:
    """Apply one account's orders in a transaction that also checks the lease; publish after the commit.

    `seen` is when the list was asked for and how far back it reaches.
    """
    told: list[bool] = []
    with transaction.atomic():
        if not leases.hold_sync(lease):
            tally.outcomes.append(Outcome.SUPERSEDED)
            tally.note(OVERTAKEN)
            return
        change = book.apply_orders(account, rows, seen[0], window_start=seen[1])
        settled = book.settle_after_orders(account, seen[0]) if change.outcome != "older" else None
        transaction.on_commit(lambda: told.append(publish_orders(change)))
        if settled is not None:
            transaction.on_commit(lambda: told.append(publish_change(settled)))
    tally.outcomes.append(OUTCOMES[change.outcome])
    tally.rows_written += len(change.changed_ids)
    if change.reason:
        tally.note(f"{account.display_name}: {change.reason}")
    for row in change.rejected:
        tally.outcomes.append(Outcome.PARTIAL)
        tally.note(f"{account.display_name}: an order could not be kept: {row.reason}")
    if not all(told):
        tally.note(BUS_DOWN)
