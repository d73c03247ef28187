"""Leases by compare-and-swap: one has it, it ends by itself, and losing it means storing nothing."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from livedata.schwab import errors, leases, links
from livedata.schwab.models import BrokerConnection
from livedata.schwab.tests.people import change, connected, together

pytestmark = pytest.mark.django_db
AGO, AHEAD = timedelta(seconds=-1), timedelta(seconds=1)


def end_leases() -> None:
    """Let every lease run out."""
    past = timezone.now() + AGO
    BrokerConnection.objects.update(sync_lease_until=past, refresh_lease_until=past)


def held(lease: leases.Lease) -> bool:
    """Ask as a writer does."""
    with transaction.atomic():
        return leases.hold_sync(lease)


def test_one_syncs_at_a_time(settings: Settings) -> None:
    connection = connected(numbers=())
    lease = leases.take_sync(connection.pk)
    assert lease
    connection.refresh_from_db()
    assert connection.sync_lease_until
    left = connection.sync_lease_until - timezone.now()
    assert timedelta(0) < left <= timedelta(seconds=settings.THOR_SYNC_LEASE)
    assert leases.take_sync(connection.pk) is None
    assert held(lease)
    leases.release_sync(lease)
    assert not held(lease)
    assert leases.take_sync(connection.pk)


def test_a_lease_that_ran_out_is_taken_over_and_the_first_holder_has_lost_it() -> None:
    connection = connected(numbers=())
    first = leases.take_sync(connection.pk)
    assert first
    end_leases()
    second = leases.take_sync(connection.pk)
    assert second
    assert second.generation == first.generation + 1
    assert not held(first)
    leases.release_sync(first)  # harmless
    assert held(second)


def test_holding_makes_it_last() -> None:
    connection = connected(numbers=())
    lease = leases.take_sync(connection.pk)
    assert lease
    end_leases()
    assert held(lease)  # it ran out, but nobody took over
    assert leases.take_sync(connection.pk) is None


def test_a_disconnect_takes_the_lease_away() -> None:
    connection = connected(numbers=())
    lease = leases.take_sync(connection.pk)
    assert lease
    links.disconnect(connection)
    assert not held(lease)


@pytest.mark.parametrize(("due", "taken"), [(AGO, True), (AHEAD, False), (None, True)])
def test_the_schedule_takes_only_what_is_due(due: timedelta | None, taken: bool) -> None:
    now = timezone.now()
    connection = connected(numbers=())
    change(connection, next_sync_at=None if due is None else now + due)
    assert bool(leases.take_sync(connection.pk, due_by=now)) is taken


def test_waiting_ends_with_the_lease_or_in_words(settings: Settings) -> None:
    connection = connected(numbers=())
    assert leases.take_sync(connection.pk)
    with pytest.raises(errors.SchwabUnreachable, match="Another sync"):
        leases.wait_for_sync(connection.pk, seconds=0.1)
    end_leases()
    assert leases.wait_for_sync(connection.pk, seconds=0.1)


def test_a_refresh_is_for_the_very_token_that_was_read() -> None:
    connection = connected(numbers=())
    stale = BrokerConnection.objects.get()
    change(connection, token_generation=stale.token_generation + 1)
    assert leases.take_refresh(stale) is None
    assert leases.take_refresh(connection)
    assert leases.take_refresh(connection) is None
    end_leases()
    assert leases.take_refresh(connection)


@pytest.mark.parametrize(
    "since", [{"status": "reauth_required"}, {"status": "none"}, {"refresh_failed_at": timezone.now()}]
)
def test_what_happened_since_the_row_was_read_decides_anew(since: dict[str, object]) -> None:
    connection = connected(numbers=())
    stale = BrokerConnection.objects.get()
    change(connection, **since)
    assert leases.take_refresh(stale) is None


@pytest.mark.django_db(transaction=True)
def test_of_sixteen_threads_one_gets_it() -> None:
    connection, start = connected(numbers=()), Barrier(16)

    def work() -> tuple[bool, bool]:
        row = BrokerConnection.objects.get()
        start.wait()
        return bool(leases.take_sync(connection.pk)), bool(leases.take_refresh(row))

    got = together(16, work)
    assert (sum(sync for sync, _ in got), sum(refresh for _, refresh in got)) == (1, 1)
