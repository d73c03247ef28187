"""The publisher against a real Redis: what the messages say, and that a dead Redis costs little."""

import socket
from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import redis

from livedata import bus as bus_module
from livedata.bus import LiveDataRedis

HEAD: dict[str, Any] = {"version": 8, "base_version": 7, "as_of": "2026-05-14T14:00:00.000Z"}
ROW = {"id": 3, "symbol": "AAPL  260918C00220000", "market_value": "2230", "missing": {}}
NOWHERE = "unix:///nonexistent/redis.sock?db=0"


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Put the bus on a clock of the test's."""
    clock = Clock()
    monkeypatch.setattr(bus_module, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


@pytest.fixture
def bus() -> Iterator[LiveDataRedis]:
    """Return a bus of its own."""
    bus = LiveDataRedis()
    yield bus
    if bus._client is not None:
        bus._client.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a Redis that says nothing be found out soon."""
    monkeypatch.setattr(bus_module, "ANSWER_SECONDS", 0.2)


@pytest.fixture
def server(redis_url: str) -> Iterator[redis.Redis]:
    """Return another client of the same Redis."""
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def heard(server: redis.Redis) -> Iterator[Any]:
    """Return a function that gives the next message on any channel of live data: channel and content."""
    with server.pubsub() as listener:
        listener.psubscribe("live_data:*")
        assert listener.get_message(timeout=5)

        def next_message() -> tuple[str, dict[str, Any]]:
            found = listener.get_message(timeout=5)
            assert found is not None, "nothing was published"
            return found["channel"].decode(), msgspec.json.decode(found["data"])

        yield next_message


def test_a_balance_message(bus: LiveDataRedis, heard: Any) -> None:
    summary = {"account_id": 7, "net_liq": "69342.96", "cash": None}
    assert bus.publish_balance(7, summary, **HEAD)
    expected = {"type": "balances", "account_id": 7, **HEAD, "balances": summary}
    assert heard() == ("live_data:balances:7", expected)


def test_a_positions_message(bus: LiveDataRedis, heard: Any) -> None:
    gone = {"id": 4, "symbol": "INTC", "asset_type": "EQ"}
    assert bus.publish_positions(7, [ROW], [gone], **HEAD)
    expected = {"type": "positions", "account_id": 7, **HEAD, "changed": [ROW], "removed": [gone]}
    assert heard() == ("live_data:positions:7", expected)


def test_one_position_is_a_positions_message_with_one_row(bus: LiveDataRedis, heard: Any) -> None:
    assert bus.publish_position(7, ROW, **HEAD)
    channel, message = heard()
    assert channel == "live_data:positions:7"
    assert (message["changed"], message["removed"]) == ([ROW], [])


def test_an_orders_message(bus: LiveDataRedis, heard: Any) -> None:
    assert bus.publish_orders(7, [11, 12], version=3)
    expected = {"type": "orders", "account_id": 7, "version": 3, "changed": [11, 12]}
    assert heard() == ("live_data:orders:7", expected)


def test_messages_keep_their_order_and_decimals_stay_text(bus: LiveDataRedis, heard: Any) -> None:
    for version in range(20):
        head = HEAD | {"version": version}
        assert bus.publish_balance(7, {"net_liq": Decimal("1.10")}, **head)
    messages = [heard()[1] for _ in range(20)]
    assert [message["version"] for message in messages] == list(range(20))
    assert messages[0]["balances"] == {"net_liq": "1.10"}


def test_nobody_listening_is_no_failure(bus: LiveDataRedis, redis_url: str) -> None:
    assert bus.publish_orders(7, [], version=1)
    assert bus.ping()


def test_without_redis_every_method_says_so_and_none_raises(bus: LiveDataRedis, settings: Any) -> None:
    settings.REDIS_URL = NOWHERE
    told = [
        bus.publish_balance(7, {}, **HEAD),
        bus.publish_position(7, ROW, **HEAD),
        bus.publish_positions(7, [], [], **HEAD),
        bus.publish_orders(7, [], version=1),
        bus.ping(),
    ]
    assert told == [False] * 5


@pytest.mark.usefixtures("impatient")
def test_a_silent_redis_costs_one_time_out_and_not_one_a_message(
    bus: LiveDataRedis, clock: Clock, settings: Any
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0)
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        assert not any(bus.publish_orders(7, [], version=version) for version in range(50))
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()
        clock.now += bus_module.REST_AFTER_FAILURE
        assert not bus.publish_orders(7, [], version=50)
        silent.accept()[0].close()


@pytest.mark.usefixtures("impatient")
def test_it_speaks_again_after_a_rest(
    bus: LiveDataRedis, clock: Clock, server: redis.Redis, heard: Any
) -> None:
    assert bus.publish_orders(7, [], version=1)
    assert heard()[1]["version"] == 1
    server.execute_command("CLIENT", "PAUSE", "60000", "WRITE")
    assert not bus.publish_orders(7, [], version=2)
    server.execute_command("CLIENT", "UNPAUSE")
    assert not bus.publish_orders(7, [], version=3)
    clock.now += bus_module.REST_AFTER_FAILURE
    assert bus.publish_orders(7, [], version=4)
    versions = [heard()[1]["version"]]
    while versions[-1] != 4:  # Redis may still take the one that was given up after the time-out
        versions.append(heard()[1]["version"])
    assert 3 not in versions


def test_a_line_cut_between_two_messages_costs_none(
    bus: LiveDataRedis, server: redis.Redis, heard: Any
) -> None:
    assert bus.publish_orders(7, [], version=1)
    assert server.client_kill_filter(_type="normal", skipme=True) >= 1
    assert bus.publish_orders(7, [], version=2)
    assert [heard()[1]["version"] for _ in range(2)] == [1, 2]


def test_another_address_is_taken_at_once(
    bus: LiveDataRedis, clock: Clock, settings: Any, redis_url: str, heard: Any
) -> None:
    settings.REDIS_URL = NOWHERE
    assert not bus.publish_orders(7, [], version=1)
    settings.REDIS_URL = redis_url
    assert bus.publish_orders(7, [], version=2)
    assert heard()[1]["version"] == 2


def test_the_log_names_the_trouble_and_not_the_address(
    bus: LiveDataRedis, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "redis://:CANARY-PASSWORD@127.0.0.1:1/0"
    assert not bus.publish_orders(7, [], version=1)
    assert "live bus is down: ConnectionError" in caplog.text
    assert "CANARY" not in caplog.text
