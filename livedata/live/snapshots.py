"""Reads snapshots for many browsers at once: who asks while one reading runs shares the next."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

import msgspec
from msgspec import Struct

from livedata.live import messages
from livedata.live.channels import Channel, channel_of
from livedata.live.gate import Gate
from livedata.live.messages import Message
from livedata.live.relay import Relay
from livedata.live.threads import in_thread

Read = Callable[[Collection[str]], Awaitable[dict[str, "Reading"]]]


class Reading(Struct, frozen=True):
    """A channel's snapshot with the marks that were kept then. Quotes have no snapshot; a lost account neither."""

    snapshot: Message | None = None
    marks: Message | None = None
    is_gone: bool = False


class _Batch:
    """Channels that will be read together."""

    def __init__(self) -> None:
        self.channels: set[str] = set()
        self.done: asyncio.Future[dict[str, Reading]] = asyncio.get_running_loop().create_future()


class SnapshotReader:
    """One reading at a time. A reading always begins after it was asked for, never before: a snapshot older than
    the question could lack a change that the subscription has not seen either.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._next: _Batch | None = None
        self._task: asyncio.Task[None] | None = None

    async def get(self, channels: Collection[str]) -> dict[str, Reading]:
        """Return what was read of these channels. Raises what the reading raised."""
        if self._next is None:
            self._next = _Batch()
        batch = self._next
        batch.channels.update(channels)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await asyncio.shield(batch.done)

    async def _work(self) -> None:
        """Read batch after batch until nobody waits."""
        while self._next is not None:
            batch, self._next = self._next, None
            try:
                (found,) = await asyncio.gather(self._read(batch.channels), return_exceptions=True)
            except asyncio.CancelledError:
                batch.done.cancel()
                raise
            if isinstance(found, BaseException):
                batch.done.set_exception(found)
                batch.done.exception()  # nobody may be left to ask
            else:
                batch.done.set_result(found)


async def read_channels(gate: Gate, relay: Relay, names: Collection[str]) -> dict[str, Reading]:
    """Read the snapshots of channels, then the marks kept on the bus. Raises `django.db.Error`."""
    channels = [channel for name in names if (channel := channel_of(name))]
    found = await in_thread(gate.snapshots, channels)
    kept = await relay.last_marks(
        {each.account_id for each in channels if each.kind == "positions" and each.account_id}
    )
    readings = {}
    for channel in channels:
        snapshot = found.get(channel.name)
        message = (
            None if snapshot is None else messages.from_book(channel.name, snapshot.text, snapshot.version)
        )
        marks = kept.get(channel.account_id or 0) if channel.kind == "positions" else None
        is_gone = snapshot is None and channel.account_id is not None
        readings[channel.name] = Reading(message, _marks(channel, marks), is_gone)
    return readings


def _marks(channel: Channel, data: bytes | None) -> Message | None:
    """Wrap the kept marks; what is not one of our messages counts as none."""
    try:
        return None if data is None else messages.from_bus(channel.name, data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
