"""The worker and beat of the Procfile, doubled, killed and told to end, and a Redis that dies: syncs go on."""

import signal
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest
import redis
from django.db import transaction
from django.utils import timezone

from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.publish import BUS_DOWN
from livedata.schwab.runs import DIED
from livedata.schwab.tests.crashing import TWO, nothing_is_stuck, prices, shown
from livedata.schwab.tests.fake_schwab import ACCOUNTS
from livedata.schwab.tests.hands import eventually
from livedata.schwab.tests.people import change, connected, user
from livedata.schwab.tests.served import PATIENCE, served
from thor.tests.crew import QUICK, Crew, crew_in, kill

pytestmark = pytest.mark.django_db(transaction=True)
INTERVAL = float(QUICK["THOR_SYNC_SECONDS_REGULAR"])
START = 60.0
"""Seconds that a worker may take to start on a machine that does other things too."""
TOKENS = ("canary-one@", "canary-two@")


@pytest.fixture(scope="module")
def crew(django_db_setup: None) -> Iterator[Crew]:
    """Return one worker and two beats."""
    # Not pytest's own folder: its path is too long for a socket's address.
    with (
        tempfile.TemporaryDirectory(prefix="thor-crew-") as folder,
        served() as schwab,
        crew_in(Path(folder), schwab) as crew,
    ):
        for name in ("worker", "beat", "beat"):
            crew.start(name)
        eventually(lambda: sum(crew.said("worker", " ready.")), "no worker", START)
        yield crew


@pytest.fixture
def connections(crew: Crew, transactional_db: None) -> Iterator[tuple[BrokerConnection, BrokerConnection]]:
    """Return two connections with a token each, due now; at the end nobody works on them any more."""
    prices(crew.schwab, 100)
    with transaction.atomic():  # a beat finds them whole or not at all
        both = (connected(user("one"), TWO), connected(user("two"), TWO))
        for connection, token in zip(both, TOKENS, strict=True):
            connection.access_token = token
            change(connection, access_token_sealed=connection.access_token_sealed)
    yield both
    for gate in crew.schwab.gates:
        gate.open()
    BrokerConnection.objects.update(status="none")
    held = BrokerConnection.objects.filter(sync_lease_until__gt=timezone.now())
    eventually(lambda: crew.last("worker").poll() is not None or not held.exists())


def fetched(crew: Crew, token: str, since: float) -> int:
    """Return how often a connection's accounts were asked for since then."""
    return len([when for when in crew.schwab.times(ACCOUNTS, token) if when >= since])


def everybody_is_synced(crew: Crew, times: int = 1) -> None:
    """Wait until each connection's accounts were asked for so many times from now on."""
    now = monotonic()

    def synced() -> bool:
        crew.look_after()
        return min(fetched(crew, token, now) for token in TOKENS) >= times

    eventually(synced, "no sync", START)


def value(connection: BrokerConnection) -> Decimal | None:
    """Return what the book says that the ten shares are worth: ten times the price; null before the first sync."""
    row = shown(connection, TWO[0])[2].get("AAPL")
    return None if row is None else row[1]


def everybody_shows(connections: tuple[BrokerConnection, ...], worth: int) -> None:
    """Wait until every book has the new price."""
    eventually(lambda: set(map(value, connections)) == {worth}, "an old price stayed")


def one_each_interval(times: list[float]) -> None:
    """No two calls came in one interval; the two clocks may differ by a hundredth."""
    assert len(times) > 1
    assert min(later - sooner for sooner, later in pairwise(times)) >= INTERVAL - 0.01


def test_two_beats_are_one_fetch_per_connection_and_interval(
    crew: Crew, connections: tuple[BrokerConnection, BrokerConnection]
) -> None:
    everybody_is_synced(crew, 2)
    eventually(
        lambda: min(crew.said("beat", "Sending due task sync-due-connections")) > 2, "a beat was silent"
    )
    for token in TOKENS:
        one_each_interval(crew.schwab.times(ACCOUNTS, token))
    assert not SyncRun.objects.filter(outcome__in=["failed", "superseded"]).exists()


def test_a_worker_that_is_killed_leaves_nothing_behind(
    crew: Crew, connections: tuple[BrokerConnection, BrokerConnection]
) -> None:
    everybody_is_synced(crew)
    gate = crew.schwab.holds_back(ACCOUNTS)
    gate.wait()
    kill(crew.last("worker"))
    gate.open()
    died = monotonic()
    prices(crew.schwab, 103)
    everybody_is_synced(crew, 2)  # by the one that was started in its place
    everybody_shows(connections, 1030)
    assert SyncRun.objects.filter(reason=DIED).count() in (1, 2)  # the other may have been at it as well
    for token in TOKENS:
        one_each_interval([when for when in crew.schwab.times(ACCOUNTS, token) if when > died])


def test_a_redis_that_dies_costs_the_push_and_nothing_else(
    crew: Crew, connections: tuple[BrokerConnection, BrokerConnection]
) -> None:
    everybody_is_synced(crew)
    gate = crew.schwab.holds_back(ACCOUNTS)
    gate.wait()
    prices(crew.schwab, 105)
    kill(crew.redis)
    gate.open()
    unheard = SyncRun.objects.filter(outcome="ok", reason__contains=BUS_DOWN)
    # The other connection's answer may have been under way with the old price.
    eventually(lambda: any(value(run.connection) == 1050 for run in unheard.all()), "not saved")

    crew.start_redis()
    prices(crew.schwab, 107)
    with redis.Redis.from_url(crew.url) as client, client.pubsub(ignore_subscribe_messages=True) as heard:
        heard.psubscribe("live_data:*")
        everybody_is_synced(crew)
        eventually(lambda: heard.get_message(timeout=1), "nothing was published")
    everybody_shows(connections, 1070)


def test_a_worker_that_is_told_to_end_ends_its_work_first(
    crew: Crew, connections: tuple[BrokerConnection, BrokerConnection]
) -> None:
    everybody_is_synced(crew)
    prices(crew.schwab, 109)
    gate = crew.schwab.holds_back(ACCOUNTS)
    gate.wait()
    worker = crew.last("worker")
    worker.send_signal(signal.SIGTERM)
    eventually(lambda: sum(crew.said("worker", "Warm shutdown")), "the signal was not heard")
    assert worker.poll() is None
    gate.open()
    assert worker.wait(PATIENCE) == 0
    for connection in connections:
        nothing_is_stuck(connection)
        assert BrokerConnection.objects.get(pk=connection.pk).sync_lease_owner == ""
    assert not SyncRun.objects.exclude(outcome__in=["ok", "unchanged"]).exists()
    assert 1090 in [value(connection) for connection in connections]
