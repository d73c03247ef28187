"""From activity in an account to a re-read of orders and positions: soon, and once for many events."""

import asyncio
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import Error as DatabaseError

from livedata.schwab import tasks
from livedata.schwab.streamer.threads import in_thread

log = logging.getLogger(__name__)

ATTEMPTS = 20
BUSY = "not due"


class Trigger:
    """Call `fire` as often as you like; `run` syncs at most once in a while, and again for what came meanwhile."""

    def __init__(self, connection_ids: Callable[[], list[int]]) -> None:
        self._connection_ids = connection_ids
        self._fired = asyncio.Event()

    def fire(self) -> None:
        """Ask for a sync."""
        self._fired.set()

    async def run(self) -> None:
        """Sync when fired, until cancelled."""
        while True:
            await self._fired.wait()
            await asyncio.sleep(settings.THOR_STREAM_DEBOUNCE)
            self._fired.clear()
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
