"""The live socket when Redis, a browser, the database or the server itself fails."""

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.test import Client

from actandpos import services
from actandpos.models import Account
from actandpos.tests import book
from livedata import bus
from livedata.live.gate import Gate
from livedata.schwab.publish import publish_change
from thor.launch import servers
from thor.live import GATE
from thor.tests.live_server import Server, ask, closing_code, eventually, hear, serving

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


class OwnRedis:
    """A Redis that a test may kill."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = servers.redis_url(folder / "redis.sock")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, empty."""
        path = self._folder / "redis.sock"
        path.unlink(missing_ok=True)
        with (self._folder / "redis.log").open("wb") as log:
            words = [servers.redis_program(), "--unixsocket", str(path), *servers.REDIS_OPTIONS]
            self.process = servers.start([*words, "--dir", str(self._folder)], log)
        servers.wait_for(path, self.process)

    def kill(self) -> None:
        """Kill it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@pytest.fixture
def own_redis(settings: Any) -> Iterator[OwnRedis]:
    with tempfile.TemporaryDirectory(prefix="thor-redis-") as folder:
        own = OwnRedis(Path(folder))
        own.start()
        settings.REDIS_URL = own.url
        yield own
        own.kill()


@pytest.fixture
def server(own_redis: OwnRedis, settings: Any) -> Iterator[Server]:
    settings.THOR_LIVE_HEARTBEAT = 0.2
    settings.THOR_LIVE_SEND_TIMEOUT = 0.4
    with serving() as running:
        yield running


@pytest.fixture
def user() -> User:
    return book.trader()


@pytest.fixture
def account(user: User) -> Account:
    made = book.account(user)
    book.apply(made, 1, book.row("ABC"))
    return made


def change(account: Account, at: int, value: str) -> bool:
    """Apply an answer in which the row changed, and publish it."""
    return publish_change(services.apply_snapshot(account, book.snapshot(at, book.row("ABC", value))))


def test_when_redis_comes_back_every_browser_is_right_again(
    server: Server, own_redis: OwnRedis, user: User, account: Account
) -> None:
    names = [f"live_data:positions:{account.pk}", f"live_data:balances:{account.pk}"]
    with server.open(user) as browser:
        ask(browser, "subscribe", names[0])
        hear(browser, "positions")
        own_redis.kill()
        assert hear(browser, "bus")["state"] == "down"
        assert not change(account, 2, "1100")
        beat = hear(browser, "heartbeat")  # the book is told of all the same
        assert beat["accounts"][str(account.pk)]["version"] == account.version + 1
        ask(browser, "subscribe", names[1])
        assert hear(browser, "balances")["version"] == account.version + 1
        with server.open(user) as late:
            assert hear(late, "welcome")["bus"] == "down"
        own_redis.start()
        assert hear(browser, "bus")["state"] == "up"
        fresh = [hear(browser, "positions"), hear(browser, "balances")]
        assert [(each["snapshot"], each["version"]) for each in fresh] == [(True, account.version + 1)] * 2
        account.refresh_from_db()
        eventually(lambda: _publishes(account))
        assert "snapshot" not in hear(browser, "positions")


def _publishes(account: Account) -> bool:
    """Publish an empty change; False while the publisher rests after the failure."""
    account.version += 1
    return bus.live_data_redis.publish_positions(
        account.pk, [], [], version=account.version, base_version=account.version - 1, as_of=None
    )


def test_a_redis_that_says_nothing_more_is_found_out(
    own_redis: OwnRedis, settings: Any, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "QUIET_SECONDS", 0.2)
    with serving() as server, server.open(user) as browser:
        hear(browser, "welcome")
        assert own_redis.process is not None
        own_redis.process.send_signal(signal.SIGSTOP)
        try:
            assert hear(browser, "bus")["state"] == "down"
        finally:
            own_redis.process.send_signal(signal.SIGCONT)
        assert hear(browser, "bus")["state"] == "up"


def test_a_database_that_fails_is_told_and_the_socket_stays(
    own_redis: OwnRedis, settings: Any, user: User, account: Account
) -> None:
    settings.THOR_LIVE_HEARTBEAT = 0.1
    broken = {"visible", "snapshots", "states"}
    name = f"live_data:positions:{account.pk}"

    def breakable(function: str) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            if function in broken:
                raise DatabaseError("down")
            return getattr(GATE, function)(*args)

        return call

    gate = Gate(**{each: breakable(each) for each in broken})
    with serving(gate) as server, server.open(user) as browser:
        assert hear(browser, "heartbeat")["accounts"] is None
        for mended in ("visible", "snapshots"):
            ask(browser, "subscribe", name)
            assert (hear(browser, "error", code="unavailable"))["channel"] == name
            assert server.live.hub.account_ids() == set()
            broken.discard(mended)
        ask(browser, "subscribe", name)
        assert hear(browser, "positions")["snapshot"]
        broken.clear()
        eventually(lambda: hear(browser, "heartbeat")["accounts"])


def test_a_server_that_stops_says_so(server: Server, user: User) -> None:
    with server.open(user) as browser:
        hear(browser, "welcome")
        server.uvicorn.should_exit = True
        assert closing_code(browser) == 1012


def test_background_work_that_breaks_is_begun_anew(
    server: Server, user: User, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livedata.live.app.REVIVAL_SECONDS", 0.1)
    name = f"live_data:positions:{account.pk}"
    with server.open(user) as browser:
        ask(browser, "subscribe", name)
        hear(browser, "positions")
        with monkeypatch.context() as broken:
            broken.setattr("livedata.live.messages.from_bus", lambda channel, data: 1 / 0)
            bus.live_data_redis.publish_positions(account.pk, [], [], version=2, base_version=1, as_of=None)
            assert hear(browser, "bus")["state"] == "down"
        assert hear(browser, "bus")["state"] == "up"
        assert hear(browser, "positions")["snapshot"]


@contextlib.contextmanager
def whole_server(redis_url: str, database_url: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the web process as the Procfile does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = next(each for each in (ROOT / "Procfile").read_text().splitlines() if each.startswith("web:"))
    words = shlex.split(line.removeprefix("web:").replace("$HOST", "127.0.0.1").replace("$PORT", str(port)))
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, "REDIS_URL": redis_url, "DATABASE_URL": database_url},
        stderr=subprocess.STDOUT,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=servers.end_with_parent(),  # noqa: PLW1509 - it only calls prctl
    )
    try:
        eventually(lambda: _listens(port), "the web process did not start", seconds=60)
        yield process, port
    finally:
        process.kill()
        process.communicate()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_web_process_starts_and_ends_in_order(own_redis: OwnRedis, tmp_path: Path) -> None:
    with whole_server(own_redis.url, f"sqlite:///{tmp_path}/empty.sqlite3") as (process, port):
        client = Client()
        client.cookies["thor8000_sessionid"] = "x" * 32
        with Server(None, None, port).open(client=client) as browser:  # type: ignore[arg-type]
            assert closing_code(browser) == 1013  # the database has no tables
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGTERM)
    assert "Application startup complete" in output
    assert "Application shutdown complete" in output
    assert "unsupported" not in output
    assert "Traceback" not in output
