"""`manage.py stream` as real processes against the stand-in's streamer: marks, fills, takeover, a clean end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import redis
from django.conf import settings as django
from django.db import connection as database

from actandpos.models import Account
from livedata import lastmarks
from livedata.schwab import services
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.streamer.state import read_state
from livedata.schwab.tests.people import signed_in_at
from livedata.schwab.tests.standin import StandIn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
Json = dict[str, Any]


def until(true: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait until something is true and return it; only a broken test ever waits so long."""
    ends = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.05)
    return found


def _database_url() -> str:
    """Return the address of the tests' own database."""
    name = database.settings_dict["NAME"]
    if database.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"


class Streams:
    """Stream processes, and what they publish."""

    def __init__(self, standin: StandIn, redis_url: str) -> None:
        self._own = {"DATABASE_URL": _database_url(), "REDIS_URL": redis_url, "SCHWAB_BASE_URL": standin.url}
        self._own |= {"THOR_STREAM_LEASE": "3", "THOR_STREAM_LOOK": "0.5"}
        self.store = redis.Redis.from_url(redis_url)
        self._listener = self.store.pubsub(ignore_subscribe_messages=True)
        self._listener.psubscribe("live_data:*")
        self._listener.get_message(timeout=5)
        self._heard: list[Json] = []
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> "subprocess.Popen[bytes]":
        """Start one."""
        command = [sys.executable, "manage.py", "stream"]
        process = subprocess.Popen(command, cwd=django.BASE_DIR, env=os.environ | self._own)
        self.processes.append(process)
        return process

    def heard(self, kind: str) -> list[Json]:
        """Return the messages of a kind that were published so far."""
        while (found := self._listener.get_message(timeout=0.1)) is not None:
            self._heard.append(json.loads(found["data"]))
        return [each for each in self._heard if each["type"] == kind]

    def marked(self, *, since: int = 0) -> set[int]:
        """Return the accounts of which marks were published."""
        return {each["account_id"] for each in self.heard("marks")[since:]}

    def close(self) -> None:
        """End all."""
        for process in self.processes:
            process.kill()
            process.wait()
        self._listener.close()
        self.store.close()


@pytest.fixture
def connection(standin: StandIn) -> BrokerConnection:
    """Return a synced connection at the stand-in."""
    connection = signed_in_at(standin)
    services.sync_connection(connection, "manual", with_orders=True)
    return connection


@pytest.fixture
def streams(standin: StandIn, redis_url: str, connection: BrokerConnection) -> Iterator[Streams]:
    """Return the stream processes of a test."""
    streams = Streams(standin, redis_url)
    yield streams
    streams.close()


def test_marks_stay_with_what_schwab_says(streams: Streams, connection: BrokerConnection) -> None:
    streams.start()
    held = set(
        Account.objects.filter(positions__asset_type__in=["EQ", "ETF", "OPT"]).values_list("pk", flat=True)
    )
    assert held
    until(lambda: streams.marked() >= held)
    until(lambda: len(streams.heard("marks")) > 40)
    services.sync_connection(connection, "manual")
    rows = until(lambda: list(connection.links.filter(marks_compared_at__isnull=False, account_id__in=held)))
    for row in rows:
        # The stand-in's marks are one and the same everywhere: only what moved in between differs.
        assert abs(row.marks_off_by) < abs(row.account.net_liq) / 1000
    until(lambda: read_state(connection.pk).state == "streaming")
    found = read_state(connection.pk)
    assert found.symbols > 5
    assert found.last_tick_at is not None
    quote = streams.heard("quote")[-1]
    assert Decimal(quote["mark"] or quote["last"]) > 0


def test_a_fill_is_read_within_seconds(
    streams: Streams, standin: StandIn, connection: BrokerConnection
) -> None:
    streams.start()
    until(lambda: read_state(connection.pk).state == "streaming")
    standin.control("order", account=1, symbol="AAPL", side="buy", quantity=5, fill_seconds=0.2)
    until(lambda: SyncRun.objects.filter(trigger="stream", kind="orders", outcome="ok").exists())
    until(lambda: streams.heard("orders"))


def test_a_killed_processs_users_move_and_sigterm_says_goodbye(
    streams: Streams, connection: BrokerConnection
) -> None:
    first = streams.start()
    until(streams.marked)
    account_id = streams.heard("marks")[0]["account_id"]
    second = streams.start()
    first.kill()
    killed = len(streams.heard("marks"))
    until(lambda: account_id in streams.marked(since=killed))
    seqs = [
        each["seq"]
        for each in streams.heard("marks")
        if each["account_id"] == account_id and each["version"] == streams.heard("marks")[0]["version"]
    ]
    assert seqs == sorted(set(seqs))  # the second went on counting where the first stopped
    kept: Any = streams.store.hgetall(lastmarks.KEY.format(account_id))
    assert lastmarks.message_of(account_id, kept) is not None
    second.send_signal(signal.SIGTERM)
    assert second.wait(5) == 0
    connection.refresh_from_db()
    assert (connection.stream_lease_owner, connection.stream_lease_until) == ("", None)
