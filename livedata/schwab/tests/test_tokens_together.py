"""Refreshing when everybody asks at once: threads here, processes there, one call to Schwab."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from threading import Barrier

import pytest
from django.conf import settings as django
from django.db import connection as database

from desk.models import AuditEvent
from livedata.schwab import errors, tokens
from livedata.schwab.models import BrokerConnection
from livedata.schwab.tests.fake_schwab import TOKEN, FakeSchwab, said
from livedata.schwab.tests.people import FIRST_TOKEN, change, connected, signed_in_at, together
from livedata.schwab.tests.standin import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, PROCESSES = 16, 8
TOKEN_ROUTE = f"POST {TOKEN}"


def slowly(schwab: FakeSchwab) -> None:
    """Let the next token call wait so long that everybody else asks meanwhile."""
    schwab.meanwhile[TOKEN] = lambda: time.sleep(0.3)


def test_sixteen_threads_refresh_an_expired_token_once(schwab: FakeSchwab) -> None:
    connection, start = connected(lives=-1), Barrier(THREADS)
    slowly(schwab)

    def work() -> str:
        start.wait()
        return tokens.fresh_access_token(connection)

    assert set(together(THREADS, work)) == {"canary-access-1@"}
    assert schwab.calls[TOKEN] == 1


def test_sixteen_threads_refresh_a_rejected_token_once(schwab: FakeSchwab) -> None:
    connection, start = connected(), Barrier(THREADS)
    slowly(schwab)

    def work() -> str:
        start.wait()
        return tokens.fresh_access_token(connection, rejected=FIRST_TOKEN)

    assert set(together(THREADS, work)) == {"canary-access-1@"}
    assert schwab.calls[TOKEN] == 1


def test_a_refused_refresh_is_tried_once_by_sixteen_threads(schwab: FakeSchwab) -> None:
    connection, start = connected(lives=-1), Barrier(THREADS)
    slowly(schwab)
    schwab.says(TOKEN, *[said(400, {"error": "invalid_grant"})] * THREADS)

    def work() -> str:
        start.wait()
        with pytest.raises(errors.ReauthRequired):
            tokens.fresh_access_token(connection)
        return "refused"

    assert len(together(THREADS, work)) == THREADS
    assert schwab.calls[TOKEN] == 1
    assert AuditEvent.objects.filter(kind="schwab_reauth_required").count() == 1


def test_those_who_wait_through_a_failed_refresh_get_the_same_error(schwab: FakeSchwab) -> None:
    connection, start = connected(lives=-1), Barrier(THREADS)
    slowly(schwab)
    schwab.says(TOKEN, *[said(429, "")] * THREADS)

    def work() -> str:
        start.wait()
        with pytest.raises(errors.SchwabThrottled):
            tokens.fresh_access_token(connection)
        return "throttled"

    assert len(together(THREADS, work)) == THREADS
    assert schwab.calls[TOKEN] == 1


class Askers:
    """Processes that ask for a token when they are told to; see `asker`."""

    def __init__(self, redis_url: str, schwab_url: str) -> None:
        own = {"DATABASE_URL": _database_url(), "REDIS_URL": redis_url, "SCHWAB_BASE_URL": schwab_url}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "livedata.schwab.tests.asker", str(PROCESSES)],
            cwd=django.BASE_DIR,
            env=os.environ | own,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def words(self) -> list[str]:
        """Return the next line of each: `ready`, a token, or an error's code."""
        assert self.process.stdout
        return [self.process.stdout.readline().strip() for _ in range(PROCESSES)]

    def ask(self, connection: BrokerConnection, rejected: str | None = None) -> set[str]:
        """Let all ask at once and return their different answers."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"connection": connection.pk, "rejected": rejected}) + "\n")
        self.process.stdin.flush()
        return set(self.words())

    def close(self) -> None:
        """End them: their pipes close with their parent's."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(10)
        assert self.process.stdout
        self.process.stdout.close()


def _database_url() -> str:
    """Return the address of the tests' own database."""
    name = database.settings_dict["NAME"]
    if database.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"


@pytest.fixture
def askers(standin: StandIn, redis_server_url: str) -> Iterator[Askers]:
    """Return processes that are ready to ask."""
    every = Askers(redis_server_url, standin.url)
    assert every.words() == ["ready"] * PROCESSES
    yield every
    every.close()


def test_eight_processes_refresh_once(standin: StandIn, askers: Askers) -> None:
    connection = signed_in_at(standin)
    old = connection.access_token
    standin.control("latency", seconds=0.4, path_prefix=TOKEN)
    standin.control("calls/reset")

    change(connection, access_expires_at=connection.refresh_issued_at)
    (first,) = askers.ask(connection)
    assert first.startswith("I0.")
    assert first != old
    assert standin.calls(TOKEN_ROUTE) == 1

    (second,) = askers.ask(connection, rejected=first)
    assert second.startswith("I0.")
    assert second != first
    assert standin.calls(TOKEN_ROUTE) == 2
    assert BrokerConnection.objects.get().access_token == second

    standin.control("reset", logins=True)
    change(connection, access_expires_at=connection.refresh_issued_at)
    assert askers.ask(connection) == {"reauth_required"}
    assert standin.calls(TOKEN_ROUTE) == 1
