"""The stream process: takes leases, keeps a stream for each, flushes what they bring, gives all back at the end."""

import asyncio
import logging
import random
import uuid

from django.conf import settings
from django.db import Error as DatabaseError

from livedata.schwab.streamer import leases
from livedata.schwab.streamer.books import Books
from livedata.schwab.streamer.ending import end_all
from livedata.schwab.streamer.flusher import Flusher
from livedata.schwab.streamer.keeper import Keeper
from livedata.schwab.streamer.threads import in_lease_thread

log = logging.getLogger(__name__)

TAKEN_AT_ONCE = 20
"""Few at a time, so that processes that start together share what there is."""
GIVE_BACK_SECONDS = 1.5


class Supervisor:
    """All streams of one process."""

    def __init__(self) -> None:
        self.owner = uuid.uuid4().hex
        self.keepers: dict[int, Keeper] = {}
        self.flusher = Flusher(settings.REDIS_URL, lambda: list(self.keepers.values()))
        self.books = Books(self.flusher, lambda: list(self.keepers.values()))
        self._renewed_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Stream until told to stop, then say goodbye and give the leases back."""
        works = (self._hold(), self.flusher.run(), self.books.run(), self.books.relay.run())
        tasks = [asyncio.create_task(work) for work in works]
        waiting = asyncio.create_task(stop.wait())
        try:
            done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {waiting}:
                task.result()  # a part that broke ends the process: it is started again as a whole
        finally:
            await self._end([waiting, *tasks])

    async def _end(self, tasks: "list[asyncio.Task[None] | asyncio.Task[bool]]") -> None:
        """End everything within a few seconds."""
        await end_all(tasks)
        await self._stop(list(self.keepers))
        await self.flusher.writer.close()
        try:
            await asyncio.wait_for(in_lease_thread(leases.give_back, self.owner), GIVE_BACK_SECONDS)
        except (DatabaseError, TimeoutError) as error:
            log.warning("leases could not be given back (%s); they end by themselves", type(error).__name__)

    async def _hold(self) -> None:
        """Renew what is held and take what is free, until cancelled."""
        clock = asyncio.get_running_loop().time
        self._renewed_at = clock()
        while True:
            try:
                await self.look()
                self._renewed_at = clock()
            except DatabaseError as error:
                log.warning("leases cannot be renewed: %s", type(error).__name__)
                # Before they run out: another process may take them then, and Schwab allows one connection.
                if clock() - self._renewed_at > settings.THOR_STREAM_LEASE - 2 * settings.THOR_STREAM_LOOK:
                    await self._stop(list(self.keepers))
            # Jitter: two processes that took a customer at once both gave it back and must not meet again.
            await asyncio.sleep(settings.THOR_STREAM_LOOK * random.uniform(0.7, 1.3))  # noqa: S311 (no secret)

    async def look(self) -> None:
        """Renew, let go of what is no longer ours, take what is free. Raises `django.db.Error`."""
        held = await in_lease_thread(leases.renew, self.owner)
        lost = [pk for pk, keeper in self.keepers.items() if held.get(pk, keeper.customer) != keeper.customer]
        lost += [pk for pk, keeper in self.keepers.items() if pk not in held or keeper.broke()]
        unwanted = [pk for pk, keeper in self.keepers.items() if keeper.is_unwanted]
        await self._stop([*lost, *unwanted])
        if unwanted:
            await in_lease_thread(leases.give_back, self.owner, unwanted)
            held = {pk: customer for pk, customer in held.items() if pk not in unwanted}
        for connection_id, customer in held.items():
            if connection_id not in self.keepers:
                self._start(connection_id, customer)
        room = min(TAKEN_AT_ONCE, settings.THOR_STREAM_CONNECTIONS - len(self.keepers))
        if room <= 0:
            return
        for candidate in await in_lease_thread(leases.candidates, room):
            if await in_lease_thread(leases.take, candidate, self.owner):
                self._start(candidate.connection_id, candidate.customer)

    def _start(self, connection_id: int, customer: str) -> None:
        """Begin a stream."""
        flusher = self.flusher
        keeper = Keeper(connection_id, customer, flusher.board, flusher.session_name, flusher.wake.set)
        self.keepers[connection_id] = keeper
        keeper.start()
        self.books.look()
        log.info("streaming connection %s", connection_id)

    async def _stop(self, connection_ids: list[int]) -> None:
        """End streams side by side."""
        keepers = [self.keepers.pop(pk) for pk in dict.fromkeys(connection_ids)]
        for keeper in keepers:
            self.books.forget(keeper.connection_id)
        await asyncio.gather(*(keeper.stop() for keeper in keepers))
        if keepers:
            self.books.look()
