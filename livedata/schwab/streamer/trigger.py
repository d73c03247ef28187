"""From activity in an account to a re-read of orders and positions: soon, once for many events, and at their end."""

import asyncio
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import Error as DatabaseError

from livedata.schwab import tasks
from livedata.schwab.streamer.threads import in_thread
from livedata.schwab.streamer.waiting import within

log = logging.getLogger(__name__)

ATTEMPTS = 20
BUSY = "not due"
AFTERWARDS = 4.0
"""Seconds without an event after which is read once more: Schwab may list a fill only after it told of it."""
QUICK = 4
"""So many reads of a burst come at once; a storm of events after them is read ever more seldom."""


class Trigger:
    """Call `fire` as often as you like; `run` syncs at most once in a while, and again for what came meanwhile."""

    def __init__(self, connection_ids: Callable[[], list[int]]) -> None:
        self._connection_ids = connection_ids
        self._fired = asyncio.Event()

    def fire(self) -> None:
        """Ask for a sync."""
        self._fired.set()

    async def run(self) -> None:
        """Sync when fired, and once more when the burst is over, until cancelled."""
        reads = 0
        while True:
            if await within(AFTERWARDS if reads else None, self._fired):
                await asyncio.sleep(self._pause(reads))
                self._fired.clear()
                reads += 1
            else:
                reads = 0
            await self._sync_all()

    @staticmethod
    def _pause(reads: int) -> float:
        """Return the seconds in which further events are waited for, after so many reads of the same burst."""
        pause: float = settings.THOR_STREAM_DEBOUNCE
        return pause if reads < QUICK else min(AFTERWARDS, pause * 2 ** min(reads - QUICK, 10))

    async def _sync_all(self) -> None:
        """Sync every connection of the customer."""
        for connection_id in self._connection_ids():
            try:
                await self._sync(connection_id)
            except DatabaseError as error:
                log.warning("activity could not be re-read: %s", type(error).__name__)

    async def _sync(self, connection_id: int) -> None:
        """Sync one connection; a sync under way may have read before the event, so wait for it and read again."""
        for _ in range(ATTEMPTS):
            if await in_thread(tasks.sync_connection, connection_id, "stream") != BUSY:
                return
            await asyncio.sleep(settings.THOR_STREAM_DEBOUNCE)
