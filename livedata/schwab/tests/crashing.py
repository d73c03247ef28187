"""What stands in the book and on the connection before and after a crash, and letting the time of a lease pass."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from msgspec import Struct

from actandpos.models import Account, Position
from livedata.schwab import tasks
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.tests.fake_schwab import FIVE, FakeSchwab, account, share
from livedata.schwab.tests.hands import Hands
from livedata.schwab.tests.people import account_of, connected
from livedata.schwab.tests.served import ServedSchwab

TWO = FIVE[:2]
PAST_THE_LEASE = timedelta(seconds=46)
Figures = tuple[int, Decimal | None, dict[str, tuple[Decimal, Decimal | None]]]


class Ground(Struct):
    """A Schwab at an address, processes that know it, and a connection to it whose book is filled."""

    schwab: ServedSchwab
    hands: Hands
    connection: BrokerConnection

    def row(self) -> BrokerConnection:
        """Return the connection as stored now."""
        return BrokerConnection.objects.get(pk=self.connection.pk)


def prices(schwab: FakeSchwab, price: int) -> None:
    """Let two accounts hold three shares each, a third of them new at each even price, at this price."""
    rows = [share(symbol, 10, price) for symbol in ("AAPL", "MSFT", "NVDA" if price % 2 else "TSLA")]
    schwab.holds(*(account(number, *rows) for number in TWO))


def shown(connection: BrokerConnection, number: str) -> Figures:
    """Return what the book shows of an account: its version, net liquidating value, and its rows."""
    found = account_of(connection, number)
    rows = {row.symbol: (row.quantity, row.market_value) for row in found.positions.all()}
    return found.version, found.net_liq, rows


def book(connection: BrokerConnection) -> list[Figures]:
    """Return what the book shows of both accounts."""
    return [shown(connection, number) for number in TWO]


def everything(connection: BrokerConnection) -> list[Any]:
    """Return every column of the connection and of the book."""
    accounts = Account.objects.filter(schwab_link__connection=connection).order_by("pk")
    return [
        BrokerConnection.objects.filter(pk=connection.pk).values().get(),
        *accounts.values(),
        *Position.objects.filter(account__in=accounts).order_by("pk").values(),
        *connection.links.order_by("pk").values(),
    ]


def time_passes(by: timedelta = PAST_THE_LEASE) -> None:
    """Move what is planned and leased into the past, as if so much time had gone by."""
    BrokerConnection.objects.update(
        sync_lease_until=F("sync_lease_until") - by,
        refresh_lease_until=F("refresh_lease_until") - by,
        next_sync_at=F("next_sync_at") - by,
    )


def beat(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Do what one tick of beat does, with the messages delivered at once; return what became of each."""
    ends: list[str] = []

    def delivered(args: tuple[Any, ...], **_: object) -> None:
        ends.append(tasks.sync_connection(*args))

    with monkeypatch.context() as patch:
        patch.setattr(tasks.sync_connection, "apply_async", delivered)
        tasks.sync_due_connections()
    return ends


def nothing_is_stuck(connection: BrokerConnection) -> None:
    """The next one may sync and refresh, a sync is planned, and no run looks as if it went on."""
    row, now = BrokerConnection.objects.get(pk=connection.pk), timezone.now()
    assert row.status == "connected"
    assert row.sync_lease_until is None or row.sync_lease_until <= now
    assert row.refresh_lease_until is None or row.refresh_lease_until <= now
    assert row.next_sync_at is not None
    assert not SyncRun.objects.filter(connection=connection, outcome="running").exists()


def filled(schwab: ServedSchwab) -> BrokerConnection:
    """Return a connection whose two accounts were just brought, at a price of 100."""
    prices(schwab, 100)
    connection = connected(numbers=TWO)
    assert tasks.sync_connection(connection.pk, "manual") == "ok"
    connection.refresh_from_db()
    return connection
