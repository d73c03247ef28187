"""Leases: one process a connection, one connection a customer, and back again when their holder is gone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from livedata.schwab.models import BrokerConnection
from livedata.schwab.streamer import leases
from livedata.schwab.streamer.leases import Candidate
from livedata.schwab.tests.people import change, connected, together, user

pytestmark = pytest.mark.django_db


def candidate(connection: BrokerConnection) -> Candidate:
    """Return it as a process sees it."""
    return Candidate(connection.pk, connection.customer_identity)


def test_who_is_first_has_it_until_it_is_given_back() -> None:
    connection = connected(numbers=())
    assert leases.take(candidate(connection), "one")
    assert not leases.take(candidate(connection), "two")
    assert leases.candidates(10) == []
    assert leases.renew("one") == {connection.pk: ""}
    assert leases.renew("two") == {}
    leases.give_back("two")
    assert leases.candidates(10) == []
    leases.give_back("one")
    assert leases.candidates(10) == [candidate(connection)]
    assert leases.take(candidate(connection), "two")


def test_a_dead_process_loses_it_by_itself_and_cannot_have_it_back(settings: Settings) -> None:
    connection = connected(numbers=())
    leases.take(candidate(connection), "one")
    change(connection, stream_lease_until=timezone.now() - timedelta(seconds=1))
    assert leases.renew("one") == {}
    assert leases.candidates(10) == [candidate(connection)]
    assert leases.take(candidate(connection), "two")
    assert leases.renew("one") == {}
    assert settings.THOR_STREAM_LEASE + 2 * settings.THOR_STREAM_LOOK < 15


def test_two_connections_of_one_customer_are_never_streamed_at_once() -> None:
    first, second = (connected(user(name), numbers=()) for name in ("first", "second"))
    for each in (first, second):
        change(each, customer_identity="the same")
    assert leases.take(candidate(first), "one")
    assert not leases.take(candidate(second), "two")
    second.refresh_from_db()
    assert second.stream_lease_owner == ""
    assert leases.siblings(first.pk) == [first.pk, second.pk]
    leases.give_back("one", [first.pk])
    assert leases.take(candidate(second), "two")
    assert leases.siblings(second.pk) == [second.pk, first.pk]


def test_an_ended_link_is_neither_offered_nor_kept() -> None:
    connection = connected(numbers=())
    leases.take(candidate(connection), "one")
    change(connection, status=BrokerConnection.Status.REAUTH_REQUIRED)
    assert leases.renew("one") == {}
    assert leases.candidates(10) == []
    assert not leases.take(candidate(connection), "one")
    connection.refresh_from_db()
    assert connection.stream_lease_owner == ""


@pytest.mark.django_db(transaction=True)
def test_of_many_that_want_it_at_once_one_gets_it() -> None:
    connection = connected(numbers=())
    owners = iter(f"process {each}" for each in range(8))
    got = together(8, lambda: leases.take(candidate(connection), next(owners)))
    assert sum(got) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_that_want_one_customer_at_most_one_gets_it() -> None:
    rows = [connected(user(f"user {each}"), numbers=()) for each in range(4)]
    for each in rows:
        change(each, customer_identity="the same")
    work = iter([(candidate(each), f"process {each.pk}") for each in rows] * 5)
    together(20, lambda: leases.take(*next(work)))
    assert BrokerConnection.objects.exclude(stream_lease_owner="").count() <= 1
