"""Processes killed at every step of a sync or refresh: the book is whole, and the work is found again in time."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from livedata.schwab import tasks, tokens
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.runs import DIED
from livedata.schwab.tests.crashing import (
    PAST_THE_LEASE,
    TWO,
    Ground,
    beat,
    book,
    nothing_is_stuck,
    prices,
    shown,
    time_passes,
)
from livedata.schwab.tests.fake_schwab import ACCOUNTS, ORDERS, TOKEN
from livedata.schwab.tests.people import FIRST_TOKEN, change

pytestmark = pytest.mark.django_db(transaction=True)


def test_left_work_is_found_within_a_minute(settings: Settings) -> None:
    assert settings.THOR_SYNC_LEASE + settings.THOR_SYNC_TICK <= 60
    assert settings.THOR_REFRESH_LEASE + settings.THOR_SYNC_TICK <= 60
    # A lease lasts as long as the call that it is for; who waits for a dead one's refresh lives to take it over.
    assert settings.THOR_HTTP_DEADLINE < settings.THOR_REFRESH_LEASE < tokens.WAIT_SECONDS
    assert settings.THOR_HTTP_DEADLINE < settings.THOR_SYNC_LEASE < PAST_THE_LEASE.total_seconds()
    assert tokens.WAIT_SECONDS < settings.THOR_SYNC_LEASE


def test_killed_between_fetch_and_apply(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    before = book(ground.connection)
    prices(ground.schwab, 101)
    hand = ground.hands.start("sync", ground.connection.pk, "manual", stop="fetched 1")
    assert hand.stopped() == "fetched 1"
    hand.kill()
    assert book(ground.connection) == before
    assert beat(monkeypatch) == []  # the dead one's lease still stands
    time_passes()
    assert beat(monkeypatch) == ["ok"]
    assert [version for version, *_ in book(ground.connection)] == [2, 2]
    nothing_is_stuck(ground.connection)
    assert SyncRun.objects.filter(reason=DIED, outcome="failed").exists()


def test_killed_inside_the_transaction(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    before = book(ground.connection)
    prices(ground.schwab, 101)
    hand = ground.hands.start("sync", ground.connection.pk, "manual", stop="inside 1")
    assert hand.stopped() == "inside 1"
    assert book(ground.connection) == before  # and readers do not wait for it
    hand.kill()
    assert book(ground.connection) == before
    time_passes()
    assert beat(monkeypatch) == ["ok"]
    assert [version for version, *_ in book(ground.connection)] == [2, 2]
    nothing_is_stuck(ground.connection)


def test_killed_after_every_single_statement_of_a_sync(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, step, seen = ground.connection, 0, set()
    while True:
        step += 1
        before = book(connection)
        prices(ground.schwab, 100 + step)
        change(connection, next_sync_at=timezone.now())
        hand = ground.hands.start("sync", connection.pk, "schedule", stop=step)
        where = hand.stopped()
        if where is None:
            assert hand.result() == "ok"
            break
        hand.kill()
        torn = book(connection)
        time_passes()
        found = beat(monkeypatch)
        after = book(connection)
        nothing_is_stuck(connection)
        for old, now, new in zip(before, torn, after, strict=True):
            assert now in (old, new), where
            assert new[0] == old[0] + 1, where
            assert set(new[2]) == {"AAPL", "MSFT", "NVDA" if step % 2 else "TSLA"}
        seen.add(tuple(now == new for now, new in zip(torn, after, strict=True)) + tuple(found))
    # Both accounts old, one of two new, and both new were all met.
    assert {each[:2] for each in seen} == {(False, False), (True, False), (True, True)}
    assert step > 20


def test_what_was_asked_by_hand_is_brought_too(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders included, although the next sync of the schedule was far away and would have left them out."""
    tasks.sync_connection(ground.connection.pk, "manual")
    change(ground.connection, next_sync_at=timezone.now() + 10 * PAST_THE_LEASE)
    gate = ground.schwab.holds_back(ORDERS)
    hand = ground.hands.start("sync", ground.connection.pk, "manual")
    gate.wait()
    hand.kill()
    gate.open()
    asked = ground.schwab.count(ORDERS)
    time_passes()
    assert beat(monkeypatch) == ["unchanged"]
    assert ground.schwab.count(ORDERS) == asked + 1
    nothing_is_stuck(ground.connection)


def test_killed_after_every_single_statement_of_a_refresh(ground: Ground) -> None:
    connection, step = ground.connection, 0
    while True:
        step += 1
        change(connection, access_expires_at=timezone.now())
        old = (connection.access_token, connection.token_generation)
        hand = ground.hands.start("token", connection.pk, stop=step)
        where = hand.stopped()
        if where is None:
            assert hand.result() == f"canary-access-{ground.schwab.issued}@"
            break
        hand.kill()
        torn = ground.row()
        new = (f"canary-access-{ground.schwab.issued}@", old[1] + 1)
        assert (torn.access_token, torn.token_generation) in (old, new), where
        time_passes()
        token = tokens.fresh_access_token(connection)
        connection.refresh_from_db()
        assert (token, connection.token_generation) == (connection.access_token, old[1] + 1), where
        assert token == f"canary-access-{ground.schwab.issued}@"
        nothing_is_stuck(connection)
    assert step >= 3


@pytest.mark.parametrize("stop", [None, "refreshed 1"], ids=["on its way", "with the answer"])
def test_killed_while_it_refreshes(ground: Ground, stop: str | None) -> None:
    change(ground.connection, access_expires_at=timezone.now())
    gate = ground.schwab.holds_back(TOKEN)
    hand = ground.hands.start("token", ground.connection.pk, stop=stop)
    gate.wait()
    if stop:
        gate.open()
        assert hand.stopped() == stop
    hand.kill()
    gate.open()
    row = ground.row()
    assert (row.access_token, row.status) == (FIRST_TOKEN, "connected")
    assert row.refresh_lease_owner
    time_passes()
    assert tokens.fresh_access_token(ground.connection) == f"canary-access-{ground.schwab.issued}@"
    nothing_is_stuck(ground.connection)


@pytest.mark.parametrize("trigger", ["schedule", "manual"])
def test_killed_while_schwab_is_asked(ground: Ground, monkeypatch: pytest.MonkeyPatch, trigger: str) -> None:
    """With a lease of one second and nothing moved by hand: time alone brings it back."""
    before = shown(ground.connection, TWO[0])
    prices(ground.schwab, 101)
    change(ground.connection, next_sync_at=timezone.now())
    gate = ground.schwab.holds_back(ACCOUNTS)
    hand = ground.hands.start("sync", ground.connection.pk, trigger, THOR_SYNC_LEASE=1)
    gate.wait()
    hand.kill()
    gate.open()
    ticks: list[str] = []
    while not ticks:
        assert shown(ground.connection, TWO[0]) == before
        ticks = beat(monkeypatch)
    assert ticks == ["ok"]
    assert shown(ground.connection, TWO[0])[0] == before[0] + 1
    nothing_is_stuck(ground.connection)
    assert BrokerConnection.objects.count() == 1
