"""What waits for one browser: bounded, and the newest wins."""

import asyncio
from collections import OrderedDict
from itertools import count

from livedata.live.messages import BOOK, GAP, LATEST, REPLY, Message, gap

REPLIES = 64
"""Answers that may wait before the browser's next message is looked at."""

Key = int | tuple[str, str]


class Mailbox:
    """Messages in the order in which they will be sent; `pop` hands out the oldest.

    - book messages queue up to `limit`; beyond it the oldest is dropped and a `gap` stands in its place;
    - marks, quotes, heartbeats: a newer one replaces the waiting one of its channel;
    - a snapshot replaces all that waits of its channel.
    """

    __slots__ = ("_books", "_gaps", "_limit", "_numbers", "_replies", "_room", "_waiting")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: OrderedDict[Key, Message] = OrderedDict()
        self._gaps: dict[str, Key] = {}
        self._books = self._replies = 0
        self._numbers = count()
        self._room: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: Message) -> None:
        """Add a message."""
        key: Key = next(self._numbers)
        if message.kind == BOOK:
            self._books += 1
        elif message.kind == LATEST:
            key = (LATEST, message.channel)
            self._waiting.pop(key, None)
        elif message.kind == REPLY:
            self._replies += 1
        else:
            self.drop(message.channel)
        self._waiting[key] = message
        if self._books > self._limit:
            self._overflow()

    def pop(self) -> Message:
        """Return the oldest message. Raises `KeyError` when none waits."""
        message = self._waiting.popitem(last=False)[1]
        self._count_out(message)
        return message

    async def room(self) -> None:
        """Wait until few enough answers wait: who asks without reading is not listened to either."""
        while self._replies >= REPLIES:
            self._room = asyncio.get_running_loop().create_future()
            await self._room

    def drop(self, channel: str) -> None:
        """Forget what waits of a channel."""
        for key in [key for key, message in self._waiting.items() if message.channel == channel]:
            self._count_out(self._waiting.pop(key))

    def clear(self) -> None:
        """Forget everything."""
        self._waiting.clear()
        self._gaps.clear()
        self._books = self._replies = 0

    def _count_out(self, message: Message) -> None:
        """Keep the counts right when a message leaves."""
        if message.kind == BOOK:
            self._books -= 1
        elif message.kind == GAP:
            self._gaps.pop(message.channel, None)
        elif message.kind == REPLY:
            self._replies -= 1
            if self._room is not None and not self._room.done():
                self._room.set_result(None)

    def _overflow(self) -> None:
        """Turn the oldest book message into its channel's one gap."""
        key, oldest = next((key, each) for key, each in self._waiting.items() if each.kind == BOOK)
        earlier = self._gaps.pop(oldest.channel, None)
        if earlier is not None:
            del self._waiting[earlier]
        self._books -= 1
        self._waiting[key] = gap(oldest.channel, oldest.version)
        self._gaps[oldest.channel] = key
