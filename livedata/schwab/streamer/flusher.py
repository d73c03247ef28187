"""A few times a second at most: what the ticks moved becomes quotes and marks, in one round trip to Redis."""

import asyncio
import logging
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from livedata import alive
from livedata.bus import LiveWriter
from livedata.freshness import Allowance, allowance_at
from livedata.quotes import Board
from livedata.schwab.marks import publishing
from livedata.schwab.marks.book import Book
from livedata.schwab.marks.desk import Desk
from livedata.schwab.streamer.keeper import Keeper
from livedata.schwab.streamer.state import keep_command
from livedata.schwab.streamer.threads import in_thread
from livedata.schwab.streamer.waiting import within

log = logging.getLogger(__name__)

HOUSEKEEPING, STATES_ANEW = 5.0, 2.0
AGEING = 2.0
EARLY = 0.9
"""Part of the interval after which the next flush may come. A little less than all of it: with a market that ticks in
the same rhythm each flush would come a little later after its ticks than the one before, until it waits it all."""
SOONEST = 0.2
"""The same when a newer book came: none of its marks are shown until they are said."""
GATHER = 0.005
"""Seconds in which the rest of what comes at once is waited for: frames of several services follow one another."""
SHOW_LIFE = 20.0


class Flusher:
    """Board and desk of the process, and their way to Redis."""

    def __init__(self, url: str, keepers: Callable[[], Iterable[Keeper]]) -> None:
        self.board = Board()
        self.desk = Desk(self.board)
        self.writer = LiveWriter(url)
        self.wake = asyncio.Event()
        """Set when there is something to flush: ticks or a newer book."""
        self._hurry = asyncio.Event()
        """Set when a newer book came."""
        self._keepers = keepers
        self._quotes = publishing.QuotePublisher(self.board)
        self._allowance: Allowance | None = None
        self._clear: set[int] = set()
        self._redis_missed = False
        self._told: dict[int, tuple[str, str, int, int]] = {}
        self._next = {"age": 0.0, "house": 0.0, "life": 0.0, "states": 0.0}

    def session_name(self) -> str:
        """Return the market's session."""
        return self._allowance.session if self._allowance else "closed"

    def clear(self, account_id: int) -> None:
        """Forget an account's kept marks at the next flush, before new ones are kept."""
        self._clear.add(account_id)

    def take(self, book: Book) -> None:
        """Take a newer book; its marks are said soon."""
        self.desk.put(book)
        self._hurry.set()
        self.wake.set()

    async def run(self) -> None:
        """Flush until cancelled: at once when ticks come after a pause, else in an even rhythm.

        A late flush is not made up for. Without ticks it looks as often, for what grows old in silence.
        """
        clock, every = asyncio.get_running_loop().time, 1.0 / settings.THOR_FLUSH_PER_SECOND
        await self._look_at_the_clock()
        while True:
            begun = clock()
            self.wake.clear()
            self._hurry.clear()
            await self.flush()
            await asyncio.sleep(begun + every * SOONEST - clock())
            await within(begun + every * EARLY - clock(), self._hurry)
            await self._look_at_the_clock()
            await self._ticks_within(every)

    async def _ticks_within(self, seconds: float) -> None:
        """Wait for ticks so long at most; those that came since the last flush count at once."""
        if not self.wake.is_set() and await within(seconds, self.wake):
            await asyncio.sleep(GATHER)

    async def flush(self) -> None:
        """Flush once."""
        now, allowance = timezone.now(), self._allowance
        if allowance is None:
            return
        for keeper in self._keepers():
            keeper.take_ticks(now)
        clears = set(self._clear)
        commands = [each for account_id in clears for each in publishing.clear_commands(account_id)]
        changed, renewed = self.board.take_changed()
        messages = self.desk.flush(changed | renewed, now)
        if self._redis_missed:
            changed, renewed = set(self.board.quotes), set()
            said = (book.whole(now) for book in self.desk.books.values() if not book.is_moved_on)
            messages = [message for message in said if message is not None]
        elif self._is_due("age", AGEING):
            changed |= set(self._quotes.aged(allowance, now))
        commands += self._quotes.commands(changed, allowance, now)
        commands += self._quotes.commands(renewed - changed, allowance, now, publish=False)
        for message in messages:
            commands += publishing.marks_commands(self.desk.books[message.account_id], message)
        commands += self._states(anew=self._is_due("states", STATES_ANEW))
        if self._is_due("house", HOUSEKEEPING):
            commands += publishing.vouch_commands(self.board.held(), now)
            commands += publishing.keep_alive_commands(self.desk.books.values())
        if await self.writer.send(commands) is None:
            self._redis_missed = True
            return
        self._redis_missed = False
        self._clear -= clears
        for message in messages:
            if message.account_id in self.desk.books:
                self.desk.books[message.account_id].unkept.clear()

    def _states(self, *, anew: bool) -> list[publishing.Command]:
        """Return what keeps how the streams stand: at once what changed, the rest `anew` before it expires."""
        commands: list[publishing.Command] = []
        for keeper in self._keepers():
            state = keeper.state()
            word = (state.state, state.reason, state.symbols, len(state.polled_symbols))
            if anew or self._told.get(keeper.connection_id) != word:
                self._told[keeper.connection_id] = word
                commands += [keep_command(each, state) for each in keeper.connection_ids]
        return commands

    async def _look_at_the_clock(self) -> None:
        """Learn what the session allows when that may have changed, and show that this process lives."""
        now = timezone.now()
        if self._allowance is None or now >= self._allowance.until:
            try:
                self._allowance = await in_thread(allowance_at, now)
            except DatabaseError as error:
                log.warning("the market's hours cannot be read: %s", type(error).__name__)
        if self._is_due("life", SHOW_LIFE):
            await in_thread(alive.mark, "stream")

    def _is_due(self, what: str, every: float) -> bool:
        clock = asyncio.get_running_loop().time()
        if clock < self._next[what]:
            return False
        self._next[what] = clock + every
        return True
