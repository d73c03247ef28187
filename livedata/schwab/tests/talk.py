"""One session against the streamer of the tests, and what it noticed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from livedata.schwab.streamer.codes import StreamEnded
from livedata.schwab.streamer.door import Key
from livedata.schwab.streamer.fields import EQUITIES, OPTIONS
from livedata.schwab.streamer.keys import KeyPlan
from livedata.schwab.streamer.session import Session
from livedata.schwab.tests.streaming import FakeStreamer, fake_streamer, until


class Talk:
    """A session against a streamer, and what it noticed."""

    def __init__(self, streamer: FakeStreamer) -> None:
        self.streamer, self.activities, self.ups, self.ticked = streamer, 0, 0, 0
        key = Key(streamer.door(), "I0.canary@", "customer")
        self.session = Session(key, on_activity=self._active, on_up=self._up, on_ticks=self._ticked)
        self.task = asyncio.create_task(self.session.serve())

    def _active(self) -> None:
        self.activities += 1

    def _up(self) -> None:
        self.ups += 1

    def _ticked(self) -> None:
        self.ticked += 1

    def want(self, equities: str = "", options: str = "") -> None:
        """Follow these keys."""
        wanted = {
            EQUITIES: [*filter(None, equities.split(","))],
            OPTIONS: [*filter(None, options.split(","))],
        }
        self.session.want(KeyPlan(wanted, []))

    async def asked(self, *commands: str) -> None:
        """Wait until these were the commands after LOGIN and ACCT_ACTIVITY."""
        first = ["ADMIN LOGIN", "ACCT_ACTIVITY SUBS Account Activity"]
        await until(lambda: self.streamer.asked()[2:] == list(commands) or self.task.done())
        assert self.streamer.asked() == [*first, *commands]

    async def end(self) -> str:
        """Wait for the end and return its name."""
        with pytest.raises(StreamEnded) as caught:
            await asyncio.wait_for(self.task, 20)
        assert not self.session.up
        return caught.value.kind


@asynccontextmanager
async def talking(prepare: Callable[[FakeStreamer], None] | None = None) -> AsyncIterator[Talk]:
    """Open a session for the length of a block."""
    async with fake_streamer() as streamer:
        if prepare:
            prepare(streamer)
        talk = Talk(streamer)
        try:
            yield talk
        finally:
            talk.task.cancel()
            await asyncio.gather(talk.task, return_exceptions=True)


def run(
    work: Callable[[Talk], Awaitable[None]], prepare: Callable[[FakeStreamer], None] | None = None
) -> None:
    """Run a test's talk."""

    async def whole() -> None:
        async with talking(prepare) as talk:
            await work(talk)

    asyncio.run(whole())


def answers(**codes: Any) -> Callable[[FakeStreamer], None]:
    """Let commands be answered with these codes, one after the other."""

    def prepare(streamer: FakeStreamer) -> None:
        for command, given in codes.items():
            queue = given if isinstance(given, list) else [given]
            streamer.codes[command].extend((each, "") if isinstance(each, int) else each for each in queue)

    return prepare
