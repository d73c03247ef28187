"""When calls are scarce: whoever is looked at comes first, the others in turn, and waiting is no failure."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from livedata.schwab import errors, limiter, oauth, schedule, services, tasks, tokens, trying
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.tests.fake_schwab import ACCOUNTS, FIVE, ORDERS, TOKEN, FakeSchwab, said
from livedata.schwab.tests.people import FIRST_TOKEN, change, connected, user
from livedata.schwab.tests.scene import book, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect the connections of the syncs that would be queued, in their order."""
    found: list[int] = []
    monkeypatch.setattr(tasks.sync_connection, "apply_async", lambda args, **_: found.append(args[0]))
    return found


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch, settings: Any) -> limiter.Limiter:
    """Return a window of four calls, three for the background, of which none is left to anybody."""
    own = limiter.Limiter()
    for module in (trying, oauth):
        monkeypatch.setattr(module, "limiter", own)
    settings.THOR_CALLS_PER_MINUTE = settings.THOR_CALLS_PER_MINUTE_ALONE = 4
    for _ in range(4):
        own.admit(watched=True)
    return own


def test_the_watched_come_first_and_then_who_waits_longest(queued: list[int]) -> None:
    now = timezone.now()
    minutes = {"fresh": (1, None), "old": (9, None), "never": (None, None), "left": (5, 9)}
    minutes |= {"looked at": (2, 1), "looked at, old": (3, 0)}
    names = {}
    for name, (success, look) in minutes.items():
        connection = connected(user(name), ())
        names[connection.pk] = name
        change(
            connection,
            next_sync_at=now,
            last_success_at=None if success is None else now - timedelta(minutes=success),
            looked_at=None if look is None else now - timedelta(minutes=look),
        )
    assert tasks.sync_due_connections() == 6
    assert [names[each] for each in queued] == [
        "looked at, old",
        "looked at",
        "never",
        "old",
        "left",
        "fresh",
    ]


def test_in_turn_everybody_is_served(queued: list[int]) -> None:
    start, served = timezone.now() - timedelta(minutes=5), []
    for name in "abcdef":
        change(connected(user(name), ()), next_sync_at=start, last_success_at=start)
    for turn in range(1, 4):
        tasks.sync_due_connections()
        for each in queued[:2]:  # the window takes two of them each time
            done = start + timedelta(seconds=turn)
            BrokerConnection.objects.filter(pk=each).update(last_success_at=done)
            served.append(each)
        queued.clear()
    assert len(set(served)) == 6


def test_a_full_window_plans_anew_and_nobody_hears_of_it(
    schwab: FakeSchwab, connection: BrokerConnection, full: limiter.Limiter
) -> None:
    change(connection, next_sync_at=timezone.now() - timedelta(seconds=1))
    before, runs, screen = book(), SyncRun.objects.count(), shown(connection)
    asked = timezone.now()
    assert tasks.sync_connection(connection.pk, "schedule") == "held_back"
    connection.refresh_from_db()
    assert not schwab.calls
    assert (connection.failures, connection.last_error_code, connection.status) == (0, "", "connected")
    assert (SyncRun.objects.count(), book(), connection.sync_lease_owner) == (runs, before, "")
    assert connection.next_sync_at
    assert 50 < (connection.next_sync_at - asked).total_seconds() < limiter.WINDOW + 6
    quiet = ("state", "last_error", "last_sync", "sources", "syncing")
    assert {name: shown(connection)[name] for name in quiet} == {name: screen[name] for name in quiet}


def test_who_waited_until_the_figures_are_old_is_told_why(
    schwab: FakeSchwab, connection: BrokerConnection, full: limiter.Limiter
) -> None:
    now = timezone.now()
    long_ago = now - schedule.fresh_for(now) - timedelta(seconds=1)
    change(connection, next_sync_at=now, last_success_at=long_ago)
    assert tasks.sync_connection(connection.pk, "schedule") == "held_back"
    said_to = shown(connection)["last_error"]
    assert said_to["code"] == "held_back"
    assert said_to["message"].startswith("Thor keeps to its own limit of calls.")
    assert "Schwab" not in said_to["message"] + said_to["action"]
    connection.refresh_from_db()
    assert connection.failures == 0
    full._own.clear()
    assert tasks.sync_connection(connection.pk, "manual") == "unchanged"
    assert shown(connection)["last_error"] is None


def test_with_room_for_one_call_the_figures_come_and_the_orders_wait(
    schwab: FakeSchwab, connection: BrokerConnection, full: limiter.Limiter
) -> None:
    full._own.pop()
    change(connection, looked_at=timezone.now())
    with pytest.raises(errors.HeldBack):
        services.sync_connection(connection, "manual", with_orders=True)
    assert (schwab.calls[ACCOUNTS], schwab.calls[ORDERS]) == (1, 0)
    assert SyncRun.objects.latest("id").kind == "accounts"
    assert SyncRun.objects.latest("id").outcome == "unchanged"
    assert shown(connection)["last_error"] is None


def test_the_last_places_are_for_who_is_looking(
    schwab: FakeSchwab, connection: BrokerConnection, full: limiter.Limiter
) -> None:
    full._own.pop()
    change(connection, next_sync_at=None)
    assert tasks.sync_connection(connection.pk, "schedule") == "held_back"
    assert not schwab.calls
    change(connection, next_sync_at=None, looked_at=timezone.now())
    tasks.sync_connection(connection.pk, "schedule")
    assert (schwab.calls[ACCOUNTS], schwab.calls[ORDERS]) == (1, 0)


def test_an_outage_stays_the_reason_when_no_call_is_left_to_try_again(
    schwab: FakeSchwab, connection: BrokerConnection, full: limiter.Limiter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "TRIES", 3)
    monkeypatch.setattr(trying, "_pause", lambda tries: 0.0)
    full._own.pop()
    change(connection, looked_at=timezone.now())
    schwab.says(ACCOUNTS, said(503, ""))
    assert tasks.sync_connection(connection.pk, "manual") == "schwab_outage"
    assert schwab.calls[ACCOUNTS] == 1
    connection.refresh_from_db()
    assert (connection.failures, connection.last_error_code) == (1, "schwab_outage")


def test_refreshes_count_too_and_what_is_left_of_a_token_is_used(
    schwab: FakeSchwab, full: limiter.Limiter
) -> None:
    connection = connected(numbers=FIVE[:1], lives=30)
    assert tokens.fresh_access_token(connection) == FIRST_TOKEN
    change(connection, access_expires_at=timezone.now())
    with pytest.raises(errors.HeldBack):
        tokens.fresh_access_token(connection)
    connection.refresh_from_db()
    assert (connection.refresh_lease_owner, connection.refresh_failed_at) == ("", None)
    full._own.clear()
    assert tokens.fresh_access_token(connection) == "canary-access-1@"
    assert (schwab.calls[TOKEN], len(full._own)) == (1, 1)


def test_a_429_of_the_token_endpoint_keeps_everybody_quiet(
    schwab: FakeSchwab, connection: BrokerConnection, full: limiter.Limiter
) -> None:
    full._own.clear()
    other = connected(user("other"), ())
    change(connection, access_expires_at=timezone.now())
    schwab.says(TOKEN, said(429, "", "text/plain", **{"Retry-After": "90"}))
    with pytest.raises(errors.SchwabThrottled) as met:
        services.sync_connection(connection, "manual")
    assert met.value.retry_after == 90
    connection.refresh_from_db()
    assert connection.next_sync_at
    assert connection.next_sync_at >= timezone.now() + timedelta(seconds=89)
    with pytest.raises(errors.SchwabThrottled) as held:
        services.sync_connection(other, "manual")
    assert type(held.value) is errors.SchwabThrottled
    assert held.value.retry_after
    assert 80 < held.value.retry_after <= 90
    assert (schwab.calls[TOKEN], schwab.calls[ACCOUNTS]) == (1, 0)
