"""The stream process inside a test: a supervisor, a streamer, a Schwab, a real Redis and a real database."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import redis
from django.conf import settings
from pytest_django import Settings

from livedata import lastmarks
from livedata.schwab import services
from livedata.schwab.models import BrokerConnection
from livedata.schwab.streamer.ending import end_all
from livedata.schwab.streamer.state import StreamState, read_state
from livedata.schwab.streamer.supervisor import Supervisor
from livedata.schwab.streamer.threads import in_thread
from livedata.schwab.tests.fake_schwab import FIVE, PREFERENCE, FakeSchwab, account, said, share
from livedata.schwab.tests.people import connected
from livedata.schwab.tests.streaming import FakeStreamer, fake_streamer, until

Json = dict[str, Any]
NUMBER = FIVE[0]
TIME = 1795532400000  # 2026-11-24, 15:00 UTC


class Stage:
    """Supervisors by name, and what they tell the world."""

    def __init__(self, streamer: FakeStreamer, schwab: FakeSchwab) -> None:
        self.streamer, self.schwab = streamer, schwab
        self.store = redis.Redis.from_url(settings.REDIS_URL)
        self._listener = self.store.pubsub(ignore_subscribe_messages=True)
        self._listener.psubscribe("live_data:*")
        self._listener.get_message(timeout=5)  # the confirmation
        self.heard: list[tuple[str, Json]] = []
        self._running: list[tuple[Supervisor, asyncio.Event, asyncio.Task[None]]] = []

    def offers_streamer(self) -> None:
        """Let `userPreference` name the streamer from now on."""
        self.schwab.says(PREFERENCE, *[said(200, self.streamer.preference())] * 50)

    def start(self) -> Supervisor:
        """Start a stream process."""
        supervisor, stop = Supervisor(), asyncio.Event()
        self._running.append((supervisor, stop, asyncio.create_task(supervisor.run(stop))))
        return supervisor

    async def stop(self, supervisor: Supervisor) -> None:
        """Stop one as SIGTERM does."""
        (found,) = [each for each in self._running if each[0] is supervisor]
        found[1].set()
        await asyncio.wait_for(found[2], 20)
        self._running.remove(found)

    async def kill(self, supervisor: Supervisor) -> None:
        """End one as a power cut does: no goodbye, no lease given back."""
        (found,) = [each for each in self._running if each[0] is supervisor]
        self._running.remove(found)

        async def nothing(_: object) -> None:
            """Give nothing back."""

        setattr(supervisor, "_end", nothing)  # noqa: B010 (no method of its own)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        coroutines = {task: getattr(task.get_coro(), "cr_frame", None) for task in others}
        mine = {
            task
            for task, frame in coroutines.items()
            if frame
            and frame.f_locals.get("self")
            in (
                supervisor,
                supervisor.flusher,
                supervisor.books,
                supervisor.books.relay,
                *supervisor.keepers.values(),
            )
        }
        await self.streamer.drop()
        await end_all(mine)
        await supervisor.flusher.writer.close()

    def messages(self, kind: str) -> list[Json]:
        """Return the messages of a kind that were published so far."""
        while (found := self._listener.get_message(timeout=0.01)) is not None:
            self.heard.append((found["channel"].decode(), json.loads(found["data"])))
        return [message for _, message in self.heard if message["type"] == kind]

    def kept_marks(self, account_id: int) -> Json | None:
        """Return the marks that a newcomer would get."""
        kept: Any = self.store.hgetall(lastmarks.KEY.format(account_id))
        text = lastmarks.message_of(account_id, kept)
        return None if text is None else json.loads(text)

    async def close(self) -> None:
        """Stop what runs."""
        for supervisor, _, _ in list(self._running):
            await self.stop(supervisor)
        self._listener.close()
        self.store.close()


@asynccontextmanager
async def staged(schwab: FakeSchwab) -> AsyncIterator[Stage]:
    """Set a stage for the length of a block."""
    async with fake_streamer() as streamer:
        stage = Stage(streamer, schwab)
        stage.offers_streamer()
        try:
            yield stage
        finally:
            await stage.close()


def play(schwab: FakeSchwab, work: Callable[[Stage], Awaitable[None]]) -> None:
    """Run a test on a stage."""

    async def whole() -> None:
        async with staged(schwab) as stage:
            await work(stage)

    asyncio.run(whole())


async def sync(connection: BrokerConnection) -> None:
    """Sync as the worker does."""
    await in_thread(services.sync_connection, connection, "manual")


async def state(connection: BrokerConnection) -> StreamState:
    """Return what the screen would be told."""
    return await in_thread(read_state, connection.pk)


async def standing(connection: BrokerConnection, name: str, symbols: int) -> StreamState:
    """Wait until the screen would be told this state with so many streamed symbols; return it."""
    for _ in range(1000):
        found = await state(connection)
        if (found.state, found.symbols) == (name, symbols):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"it never was {name} with {symbols} symbols, last {found}")


def quicken(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything happen soon."""
    settings.THOR_STREAM_LOOK, settings.THOR_STREAM_LEASE = 0.1, 2.0
    settings.THOR_FLUSH_PER_SECOND, settings.THOR_STREAM_DEBOUNCE = 20.0, 0.05
    settings.THOR_QUOTE_SECONDS = dict.fromkeys(settings.THOR_QUOTE_SECONDS, 0.2)
    settings.THOR_STREAM_FIRST_PAUSE = 0.1
    room = "livedata.schwab.streamer."
    for name, seconds in (("backoff.SHORTEST", 0.05), ("keeper.FIRST_POLL", 0.3)):
        monkeypatch.setattr(room + name, seconds)
    for name, seconds in (("flusher.STATES_ANEW", 0.1), ("books.LOOK", 0.3)):
        monkeypatch.setattr(room + name, seconds)


def ten_shares(schwab: FakeSchwab) -> BrokerConnection:
    """Return a synced connection with one account: 10 AAPL worth 1,000 and 1,000 in cash."""
    schwab.holds(account(NUMBER, share("AAPL", 10, 100)))
    connection = connected(numbers=[NUMBER])
    services.sync_connection(connection, "manual")
    return connection


def aapl(mark: float, **more: Any) -> dict[str, Any]:
    """Return a change of AAPL."""
    return {"key": "AAPL", "33": mark, "34": TIME, "35": TIME, "32": "Normal", **more}


async def streaming(stage: Stage, *keys: str) -> None:
    """Wait until these keys are subscribed."""
    wanted = f"LEVELONE_EQUITIES SUBS {','.join(keys)}"
    await until(lambda: wanted in stage.streamer.asked())


async def marked(stage: Stage, net_liq: str) -> dict[str, Any]:
    """Wait until marks with this net liq are published; return the message."""
    return await until(
        lambda: next(
            (each for each in stage.messages("marks") if each["balances"].get("net_liq") == net_liq), None
        )
    )
