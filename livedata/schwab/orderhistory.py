"""Reads an account's orders back, a window a task, newest first, from where the book's knowledge begins.

How far back the book knows them stands with the account (`orders_from`); the progress tells how the reading goes.
"""

from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from actandpos import services as book
from actandpos.models import Account
from livedata.schwab import history, orderpages
from livedata.schwab.client import Fetched, SchwabTraderAPI
from livedata.schwab.history import Claim, State
from livedata.schwab.historyturn import DONE, GONE, MORE, take_turn
from livedata.schwab.identity import padded_number
from livedata.schwab.models import HistoryProgress, LinkedAccount
from livedata.schwab.orderpages import Page
from livedata.schwab.orders import OrdersReading, read_orders
from livedata.schwab.publish import publish_orders

ORDERS = "orders"
WINDOW, FURTHEST = timedelta(days=30), timedelta(days=365)
OVERLAP = timedelta(seconds=1)
SHARE_OF_CALLS = 0.3
"""The part of Thor's calls that reading back may take."""


def read_back(account_id: int) -> str:
    """Read the newest window that the book lacks; return whether there is more.

    Returns `more`, `done`, `busy` (another reads), `gone` (not linked, not connected, overtaken) or an error's
    code; the error is kept with the progress, and the next try planned.
    """
    return take_turn(account_id, ORDERS, _read)


def _read(link: LinkedAccount, progress: HistoryProgress, claim: Claim) -> str:
    """Fetch and store one window."""
    now = timezone.now()
    wanted = progress.wanted_from or now - FURTHEST
    if progress.read_until is None:
        wanted = min(wanted, now - FURTHEST)  # a year once, also for who asked for less
    end = min(link.account.orders_from or now, now)
    if end <= wanted:
        _advance(progress, claim, wanted, end, pages=0)
        return DONE
    api, number = SchwabTraderAPI(link.connection), padded_number(link.number)

    def fetch(start: datetime, until: datetime) -> Fetched:
        return api.fetch_account_orders(link.hash_value, start, until)

    def read(body: bytes) -> OrdersReading:
        return read_orders(body, number)

    page = orderpages.newest(fetch, read, max(wanted, end - WINDOW), end + OVERLAP)
    return _store(link, progress, claim, page, (wanted, end))


def _store(
    link: LinkedAccount, progress: HistoryProgress, claim: Claim, page: Page, reach: tuple[datetime, datetime]
) -> str:
    """Apply a window in one transaction that also checks the right to read and the link; publish after the commit.

    `reach` is how far back is wanted, and where the window ends.
    """
    wanted, end = reach
    rows = page.reading.by_number.get(padded_number(link.number), [])
    with transaction.atomic():
        if not history.hold(claim) or not _still_linked(link):
            return GONE
        change = book.apply_more_orders(link.account, rows, page.observed_at, window=(page.start, end))
        transaction.on_commit(lambda: publish_orders(change))
        trouble = [row.reason for row in [*page.reading.rejected, *change.rejected]]
        if page.is_cut:
            trouble.append(orderpages.TOO_MANY)
        _advance(progress, claim, wanted, page.start, pages=1, trouble=trouble)
    return DONE if page.start <= wanted else MORE


def _still_linked(link: LinkedAccount) -> bool:
    """Tell whether no disconnection or new login came between."""
    rows = LinkedAccount.objects.filter(pk=link.pk, linked=True, connection=link.connection)
    login = link.connection.refresh_issued_at
    return rows.filter(connection__status="connected", connection__refresh_issued_at=login).exists()


def _advance(
    progress: HistoryProgress,
    claim: Claim,
    wanted: datetime,
    reached: datetime,
    *,
    pages: int,
    trouble: list[str] | None = None,
) -> None:
    """Note how far the reading came, and what of it could not be read."""
    left, now = max(0, ceil((reached - wanted) / WINDOW)), timezone.now()
    done = progress.pages_done + pages
    HistoryProgress.objects.filter(pk=claim.progress_id, generation=claim.generation).update(
        state=State.RUNNING if left else State.DONE,
        wanted_from=wanted,
        reached_back_to=reached,
        read_until=progress.read_until or now,
        pages_done=done,
        pages_total=done + left,
        changed_at=now,
        next_at=None,
        failures=0,
        error_code="partial" if trouble else "",
        error_message=" ".join(trouble or [])[:400],
    )


def due(now: datetime) -> list[int]:
    """Return the accounts whose orders are not known as far back as wanted, and that nobody reads at the moment.

    They are begun with only after the first list of the newest orders, from whose start the reading goes on.
    """
    linked = Account.objects.filter(
        schwab_link__linked=True, schwab_link__connection__status="connected", orders_from__isnull=False
    )
    mine = HistoryProgress.objects.filter(kind=ORDERS)
    later = mine.filter(Q(next_at__gt=now) | Q(lease_until__gt=now))
    known = mine.filter(read_until__isnull=False, account__orders_from__lte=F("wanted_from"))
    waiting = linked.exclude(pk__in=later.values("account_id")).exclude(pk__in=known.values("account_id"))
    return list(waiting.order_by("pk").values_list("pk", flat=True))
