"""Background work: what is due, what runs twice, and what lies in the queue meanwhile."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from livedata.market import eastern_date, session_at
from livedata.models import MarketDay
from livedata.schwab import links, tasks
from livedata.schwab.models import BrokerConnection, OAuthState, SyncRun
from livedata.schwab.tests.fake_schwab import (
    AAPL,
    ACCOUNTS,
    FIVE,
    MARKETS,
    ORDERS,
    QUOTES,
    TOKEN,
    FakeSchwab,
    account,
    said,
)
from livedata.schwab.tests.people import change, connected, user

pytestmark = pytest.mark.django_db
Enqueued = list[tuple[str, tuple[Any, ...], Any]]
NOBODY = said(404, "404 Not Found: Requested route does not exist.", "text/plain")


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> Enqueued:
    """Collect what would be queued."""
    found: Enqueued = []

    def taken(args: tuple[Any, ...], expires: float, **_: object) -> None:
        found.append(("sync", args, expires))

    monkeypatch.setattr(tasks.sync_connection, "apply_async", taken)
    return found


def test_what_is_due_is_queued(enqueued: Enqueued) -> None:
    now, hour = timezone.now(), timedelta(hours=1)
    cases: dict[str, dict[str, Any]] = {
        "due": {"next_sync_at": now - hour},
        "never": {"next_sync_at": None},
        "later": {"next_sync_at": now + hour},
        "running": {"next_sync_at": now - hour, "sync_lease_owner": "x", "sync_lease_until": now + hour},
        "left behind": {"next_sync_at": now - hour, "sync_lease_owner": "x", "sync_lease_until": now - hour},
        "ended": {"next_sync_at": None, "status": "reauth_required"},
        "gone": {"next_sync_at": None, "status": "none"},
    }
    ids = {}
    for name, values in cases.items():
        connection = connected(user(name), ())
        change(connection, **values)
        ids[connection.pk] = name
    assert tasks.sync_due_connections() == 3
    assert {ids[args[0]] for _, args, _ in enqueued} == {"due", "never", "left behind"}
    assert {args[1] for _, args, _ in enqueued} == {"schedule"}


def test_a_message_is_forgotten_when_the_next_one_is_due(enqueued: Enqueued, settings: Settings) -> None:
    connected(numbers=())
    tasks.sync_due_connections()
    assert enqueued[0][2] == settings.THOR_SYNC_SECONDS[session_at(timezone.now()).session]


def test_a_message_delivered_twice_fetches_once(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    change(connection, next_sync_at=timezone.now() - timedelta(seconds=1))
    assert tasks.sync_connection(connection.pk, "schedule") == "unchanged"
    assert tasks.sync_connection(connection.pk, "schedule") == "not due"
    assert schwab.calls[ACCOUNTS] == 1


def test_of_an_ended_login_nothing_is_asked(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    links.disconnect(connection)
    assert tasks.sync_connection(connection.pk, "schedule") == "not_connected"
    assert tasks.sync_connection(connection.pk + 1, "schedule") == "gone"
    assert tasks.name_instruments(connection.pk) == 0
    assert tasks.refresh_market_days() == 0
    assert tasks.refresh_tokens_ahead() == 0
    assert not schwab.calls


def test_orders_come_every_second_time(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    def due() -> int:
        change(connection, next_sync_at=None)
        schwab.calls.clear()
        tasks.sync_connection(connection.pk, "schedule")
        return schwab.calls[ORDERS]

    assert [due(), due()] == [1, 0]
    SyncRun.objects.filter(kind="orders").update(started_at=timezone.now() - timedelta(seconds=121))
    assert due() == 1
    assert tasks.sync_connection(connection.pk, "open") == "unchanged"
    assert schwab.calls[ORDERS] == 2


def test_a_failed_sync_is_an_answer_and_not_a_crash(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.says(ACCOUNTS, said(503, ""))
    assert tasks.sync_connection(connection.pk, "manual") == "schwab_outage"


def test_tokens_are_refreshed_ahead_one_by_one(schwab: FakeSchwab) -> None:
    first, second = connected(user("one"), (), lives=200), connected(user("two"), (), lives=200)
    connected(user("three"), (), lives=900)
    schwab.says(TOKEN, said(503, ""))
    assert tasks.refresh_tokens_ahead() == 3
    assert schwab.calls[TOKEN] == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert {first.access_token, second.access_token} == {"canary-access-0@", "canary-access-1@"}
    assert (first.status, second.status) == ("connected", "connected")


def test_a_login_past_its_seven_days_is_noticed(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    change(connection, refresh_issued_at=timezone.now() - timedelta(days=8))
    tasks.refresh_tokens_ahead()
    connection.refresh_from_db()
    assert connection.status == "reauth_required"
    assert not schwab.calls


def test_old_records_go(settings: Settings) -> None:
    connection, now = connected(numbers=()), timezone.now()
    for days in (0, 13, 15):
        SyncRun.objects.create(
            connection=connection, kind="accounts", trigger="manual", started_at=now - timedelta(days=days)
        )
    for minutes in (5, 15):
        OAuthState.objects.create(
            owner=connection.owner,
            state_digest=str(minutes),
            session_digest="s",
            created_at=now - timedelta(minutes=minutes),
        )
    assert tasks.prune_records() == 2
    assert SyncRun.objects.count() == 2
    assert OAuthState.objects.get().state_digest == "5"


def test_market_days_are_learned_and_kept_half_a_day(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    assert tasks.refresh_market_days() == 4
    assert tasks.refresh_market_days() == 0
    assert schwab.calls[MARKETS] == 4
    today = eastern_date(timezone.now())
    days = list(MarketDay.objects.values_list("date", "is_open", "source"))
    assert days == [(today + timedelta(days=offset), False, "schwab") for offset in range(4)]


def test_without_markets_the_calendar_serves(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.says(MARKETS, NOBODY)
    assert tasks.refresh_market_days() == 0
    assert schwab.calls[MARKETS] == 1
    assert not MarketDay.objects.exists()
    found = session_at(timezone.now().replace(year=2026, month=11, day=23, hour=16))
    assert (found.session, found.source, found.trading_day) == ("regular", "calendar", date(2026, 11, 23))


def test_without_quotes_there_are_no_names_and_no_harm(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    schwab.says(QUOTES, NOBODY)
    assert tasks.name_instruments(connection.pk) == 0
    assert schwab.calls[QUOTES] == 2  # names, dividends
    schwab.says(QUOTES, said(429, ""))
    schwab.holds(account(FIVE[0], AAPL))
    assert tasks.name_instruments(connection.pk) == 0
    connection.refresh_from_db()
    assert connection.last_error_code == ""
