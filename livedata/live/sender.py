"""Sends one browser what it is told: at once when it reads, from its mailbox when it does not keep up."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from types import CoroutineType
from typing import Any

from livedata.live.mailbox import Mailbox
from livedata.live.messages import CLOSE, Event, Message

Send = Callable[[Event], Awaitable[None]]


class Rest:
    """A call that was begun outside of a task and found that it must wait: awaited in a task, it goes on."""

    def __init__(self, call: "CoroutineType[Any, Any, None]", waits_for: Any) -> None:
        self._call = call
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        try:
            yield self._waits_for
            yield from self._call.__await__()
        finally:
            self._call.close()


class Sender:
    """The way to one browser. `since`: when the call that still waits was begun, 0 while none does.

    Most messages find a browser that has read the one before. Waking a task for each of them would cost more than
    the sending: such a message is sent right where it comes from, and a task takes over only when that must wait.
    """

    def __init__(self, send: Send, mailbox: Mailbox) -> None:
        self.since = 0.0
        self._send = send
        self._mailbox = mailbox
        self._idle: asyncio.Future[Awaitable[None] | None] | None = None
        self._clock = asyncio.get_running_loop().time

    def put(self, message: Message) -> None:
        """Send a message now, or let it wait for its turn. Raises what the server's `send` raises."""
        idle = self._idle
        if idle is None or idle.done():
            self._mailbox.put(message)
            return
        if message.kind == CLOSE:
            self._mailbox.put(message)
            idle.set_result(None)
            return
        rest = call = self._send(message.event)
        if isinstance(call, CoroutineType):
            try:
                rest = Rest(call, call.send(None))
            except StopIteration:
                return
        self.since = self._clock()
        idle.set_result(rest)

    async def run(self) -> None:
        """Send what waits until a close was sent. Raises what the server's `send` raises."""
        while True:
            if not self._mailbox:
                await self._rest()
                continue
            message = self._mailbox.pop()
            self.since = self._clock()
            await self._send(message.event)
            self.since = 0.0
            if message.kind == CLOSE:
                return

    async def _rest(self) -> None:
        """Be idle until something waits, or until a call that was begun must be brought to its end."""
        self._idle = asyncio.get_running_loop().create_future()
        rest = await self._idle
        if rest is not None:
            await rest
            self.since = 0.0
