"""Activity becomes re-reads: one for many events, one for what came meanwhile, one more when the burst is over."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest
from django.db import DatabaseError
from pytest_django import Settings

from livedata.schwab.streamer import trigger as module
from livedata.schwab.streamer.ending import end_all
from livedata.schwab.streamer.trigger import AFTERWARDS, BUSY, QUICK, Trigger
from livedata.schwab.streamer.waiting import within
from livedata.schwab.tests.streaming import until

LONG = 3600.0


class Syncs:
    """What would sync; `outcomes` come first, then all succeed. While `door` is closed a sync does not end."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []
        self.outcomes: list[str | Exception] = []
        self.door = threading.Event()
        self.door.set()

    def sync(self, connection_id: int, trigger: str) -> str:
        """Sync."""
        self.asked.append((connection_id, trigger))
        self.door.wait(20)
        outcome = self.outcomes.pop(0) if self.outcomes else "ok"
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Syncs:
    """Return what is synced, with no pause before it and none of the reads that come afterwards."""
    found = Syncs()
    monkeypatch.setattr(module.tasks, "sync_connection", found.sync)
    monkeypatch.setattr(module, "AFTERWARDS", LONG)
    settings.THOR_STREAM_DEBOUNCE = 0.01
    return found


def play(work: Callable[[Trigger], Awaitable[None]], *connection_ids: int) -> None:
    """Run a test beside a running trigger."""

    async def whole() -> None:
        trigger = Trigger(lambda: list(connection_ids or (5,)))
        task = asyncio.create_task(trigger.run())
        try:
            await work(trigger)
        finally:
            await end_all([task])

    asyncio.run(whole())


def test_many_events_at_once_are_one_read_of_every_connection(syncs: Syncs) -> None:
    async def work(trigger: Trigger) -> None:
        for _ in range(50):
            trigger.fire()
        await until(lambda: len(syncs.asked) == 2)
        assert syncs.asked == [(5, "stream"), (6, "stream")]

    play(work, 5, 6)


def test_an_event_during_a_read_is_read_again(syncs: Syncs) -> None:
    async def work(trigger: Trigger) -> None:
        syncs.door.clear()
        trigger.fire()
        await until(lambda: len(syncs.asked) == 1)
        trigger.fire()
        syncs.door.set()
        await until(lambda: len(syncs.asked) == 2)

    play(work)


def test_when_the_burst_is_over_it_is_read_once_more_and_then_never(
    syncs: Syncs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AFTERWARDS", 0.05)
    waited: list[float | None] = []

    async def noted(seconds: float | None, event: asyncio.Event) -> bool:
        waited.append(seconds)
        return await within(seconds, event)

    monkeypatch.setattr(module, "within", noted)

    async def work(trigger: Trigger) -> None:
        trigger.fire()
        # After the last read nothing is waited for but another event, however long that takes.
        await until(lambda: waited == [None, 0.05, None])
        assert len(syncs.asked) == 2

    play(work)


def test_a_sync_under_way_is_waited_for(syncs: Syncs) -> None:
    syncs.outcomes = [BUSY, BUSY]

    async def work(trigger: Trigger) -> None:
        trigger.fire()
        await until(lambda: len(syncs.asked) == 3)

    play(work)


def test_a_database_that_does_not_answer_ends_nothing(syncs: Syncs) -> None:
    syncs.outcomes = [DatabaseError("gone")]

    async def work(trigger: Trigger) -> None:
        trigger.fire()
        await until(lambda: len(syncs.asked) == 1)
        trigger.fire()
        await until(lambda: len(syncs.asked) == 2)

    play(work)


def test_a_storm_of_events_is_read_ever_more_seldom(settings: Settings) -> None:
    settings.THOR_STREAM_DEBOUNCE = 0.4
    pauses = [Trigger._pause(reads) for reads in range(QUICK + 6)]
    assert pauses[: QUICK + 1] == [0.4] * (QUICK + 1)
    assert pauses[QUICK + 1 :] == [0.8, 1.6, 3.2, AFTERWARDS, AFTERWARDS]
