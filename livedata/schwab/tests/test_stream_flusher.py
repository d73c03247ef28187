"""The flush: what Redis missed is told as a whole when it is back, and silent quotes are told to be old."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from livedata.freshness import Allowance
from livedata.quotes import Quote
from livedata.schwab.marks.publishing import vouch_commands
from livedata.schwab.streamer import flusher as flusher_module
from livedata.schwab.streamer.flusher import Flusher
from livedata.schwab.tests.marking import OBSERVED, book, view
from livedata.schwab.tests.streaming import until


class Redis:
    """Takes commands, or refuses them."""

    def __init__(self) -> None:
        self.is_down = False
        self.commands: list[tuple[Any, ...]] = []

    async def send(self, commands: Sequence[tuple[Any, ...]]) -> list[Any] | None:
        """Take note."""
        if self.is_down:
            return None
        self.commands += commands
        return []

    def published(self, channel: str) -> list[dict[str, Any]]:
        """Return what was published on a channel."""
        said = [each for each in self.commands if each[0] == "PUBLISH" and each[1] == channel]
        return [json.loads(each[2]) for each in said]


class House:
    """A flusher on a Redis of the test's, with a clock that stands still."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.redis, self.now = Redis(), datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
        self.flusher = Flusher("unix:///nonexistent/redis.sock", list)
        self.flusher.writer = self.redis  # type: ignore[assignment]
        since = self.now - timedelta(hours=1)
        self.flusher._allowance = Allowance(
            "regular", since, timedelta(seconds=30), self.now + timedelta(days=1)
        )
        monkeypatch.setattr(flusher_module.timezone, "now", lambda: self.now)
        monkeypatch.setattr(flusher_module, "AGEING", 0.0)
        self.flusher.desk.put(book(view(1), view(2, "MSFT")))

    def quote(self, symbol: str, mark: int, *, held: bool = True) -> None:
        """Let a quote come."""
        if held:
            self.flusher.board.hold("stream", symbol)
        self.flusher.board.put(
            Quote(
                symbol=symbol, mark=Decimal(mark), quote_time=self.now, source="stream", received_at=self.now
            )
        )

    def flush(self) -> None:
        """Flush once."""
        asyncio.run(self.flusher.flush())


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """Return a house."""
    return House(monkeypatch)


def test_marks_are_kept_before_they_are_published(house: House) -> None:
    house.flusher.clear(7)
    house.quote("AAPL", 101)
    house.flush()
    about = [
        each[0]
        for each in house.redis.commands
        if "live_marks:7" in each or each[1] == "live_data:positions:7"
    ]
    assert about[:4] == ["DEL", "HSET", "EXPIRE", "PUBLISH"]
    house.quote("AAPL", 102)
    house.flush()
    assert [each[0] for each in house.redis.commands].count("DEL") == 1


def test_what_redis_missed_is_told_as_a_whole(house: House) -> None:
    house.quote("AAPL", 101)
    house.flush()
    house.redis.is_down = True
    house.quote("MSFT", 103)
    house.flush()
    house.redis.is_down = False
    house.flush()
    first, whole = house.redis.published("live_data:positions:7")
    assert first["seq"] == 1
    assert whole["seq"] > first["seq"] + 1  # the gap is real, and seen
    assert {row["id"]: row["market_value"] for row in whole["rows"]} == {1: "1010", 2: "1030"}
    assert whole["balances"]["net_liq"] == "10040"
    (quote,) = house.redis.published("live_data:quotes:MSFT")
    assert quote["mark"] == "103"
    before = len(house.redis.published("live_data:positions:7"))
    house.flush()
    assert len(house.redis.published("live_data:positions:7")) == before


def test_a_quote_is_published_when_it_changed_and_only_kept_when_it_was_renewed(house: House) -> None:
    house.quote("AAPL", 101)
    house.flush()
    house.quote("AAPL", 101)
    house.flush()
    assert len(house.redis.published("live_data:quotes:AAPL")) == 1
    assert [each[:2] for each in house.redis.commands].count(("SET", "live_quote:AAPL")) == 2


def test_a_quote_that_nobody_renews_is_told_again_as_stale(house: House) -> None:
    house.quote("AAPL", 101, held=False)
    house.flush()
    house.now += timedelta(seconds=29)
    house.flush()
    house.now += timedelta(seconds=2)
    house.flush()
    house.flush()
    assert [each["stale"] for each in house.redis.published("live_data:quotes:AAPL")] == [False, True]


def test_vouching_names_every_held_symbol_for_a_while(house: House) -> None:
    add, forget = vouch_commands(["AAPL", "MSFT"], house.now)
    until = house.now.timestamp() + 15
    assert add == ("ZADD", "live_quotes:vouched", until, "AAPL", until, "MSFT")
    assert forget[3] == house.now.timestamp()
    assert vouch_commands([], house.now) == []


def test_ticks_after_a_pause_are_flushed_at_once_and_silence_does_not_last() -> None:
    async def work() -> None:
        flusher = Flusher("unix:///nonexistent/redis.sock", list)
        flusher.wake.set()  # since the last flush
        await flusher._ticks_within(3600)
        flusher.wake.clear()
        waiting = asyncio.create_task(flusher._ticks_within(3600))
        await asyncio.sleep(0)
        assert not waiting.done()
        flusher.wake.set()
        await asyncio.wait_for(waiting, 20)
        flusher.wake.clear()
        await flusher._ticks_within(0.01)
        assert not flusher.wake.is_set()

    asyncio.run(work())


def test_a_newer_book_is_told_before_the_next_round(
    house: House, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.THOR_FLUSH_PER_SECOND = 0.001
    monkeypatch.setattr(flusher_module, "SOONEST", 0.0)
    house.flusher._next["life"] = float("inf")
    newer = OBSERVED + timedelta(seconds=1)

    async def work() -> None:
        rounds = asyncio.create_task(house.flusher.run())
        await until(lambda: house.redis.published("live_data:positions:7"))
        house.flusher.desk.moved_on(7, 4)
        house.flusher.take(book(view(1), version=4, observed_at=newer))
        await until(lambda: len(house.redis.published("live_data:positions:7")) == 2)
        rounds.cancel()

    house.quote("AAPL", 101)
    asyncio.run(work())
    first, second = house.redis.published("live_data:positions:7")
    assert (first["version"], second["version"], second["seq"]) == (3, 4, 1)
