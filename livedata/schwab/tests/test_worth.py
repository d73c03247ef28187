"""What a sync tells the book of an account's worth: in a session a point, outside none; and it never harms the sync."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.db import DatabaseError

from actandpos.models import NetLiqPoint
from livedata.market import regular_close_on, session_day_before
from livedata.schwab import worth
from livedata.schwab.models import BrokerConnection
from livedata.schwab.tests.fake_schwab import FIVE, FakeSchwab, account
from livedata.schwab.tests.people import account_of
from livedata.schwab.tests.synced import sync

pytestmark = pytest.mark.django_db


def _in(monkeypatch: pytest.MonkeyPatch, session: str) -> None:
    monkeypatch.setattr(worth, "session_at", lambda now: SimpleNamespace(session=session))


@pytest.mark.parametrize(("session", "kept"), [("regular", 5), ("post", 5), ("closed", 0), ("holiday", 0)])
def test_a_sync_keeps_a_point_for_each_account(
    schwab: FakeSchwab,
    connection: BrokerConnection,
    monkeypatch: pytest.MonkeyPatch,
    session: str,
    kept: int,
) -> None:
    _in(monkeypatch, session)
    schwab.holds(*[account(number, cash=77) for number in FIVE])
    sync(connection)
    assert NetLiqPoint.objects.count() == kept
    if kept:
        first = account_of(connection, FIVE[0])
        assert NetLiqPoint.objects.get(account=first).net_liq == first.net_liq


def test_a_point_that_cannot_be_kept_harms_no_sync(
    schwab: FakeSchwab, connection: BrokerConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise DatabaseError

    _in(monkeypatch, "regular")
    monkeypatch.setattr(worth, "record_net_liq", full)
    schwab.holds(*[account(number, cash=78) for number in FIVE])
    assert sync(connection).outcome == "ok"


def test_the_bell_and_the_session_before() -> None:
    assert regular_close_on(date(2026, 11, 27)) == datetime(2026, 11, 27, 18, 0, tzinfo=UTC)  # a half day
    assert regular_close_on(date(2026, 11, 26)) is None
    assert session_day_before(date(2026, 11, 30)) == date(2026, 11, 27)
    assert session_day_before(date(2026, 11, 27)) == date(2026, 11, 25)
