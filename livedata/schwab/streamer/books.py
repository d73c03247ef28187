"""Keeps the desk's books at the version of the database, and the keys of every stream at what the books hold."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from decimal import Decimal

import msgspec
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from livedata import lastmarks
from livedata.bus import BALANCES
from livedata.live.relay import Relay
from livedata.schwab.marks.book import Book
from livedata.schwab.marks.desk import Desk
from livedata.schwab.marks.reading import Readings, compare, read_books, record
from livedata.schwab.streamer import leases
from livedata.schwab.streamer.fields import EQUITIES, OPTIONS
from livedata.schwab.streamer.flusher import Flusher
from livedata.schwab.streamer.keeper import Keeper
from livedata.schwab.streamer.keys import plan_keys
from livedata.schwab.streamer.threads import in_thread
from livedata.schwab.streamer.waiting import within
from livedata.watchlist.selectors import watched_by_all

log = logging.getLogger(__name__)

LOOK = 3.0
"""Seconds after which versions are looked up although the bus said nothing: pub/sub may lose messages."""


class VersionOnly(msgspec.Struct):
    """What is read of a book message."""

    version: int = 0


class Books:
    """The link between book and desk. The bus only says *look*; what counts is read from the database."""

    def __init__(self, flusher: Flusher, keepers: Callable[[], list[Keeper]]) -> None:
        self._flusher, self._keepers = flusher, keepers
        self._look = asyncio.Event()
        self._channels: set[str] = set()
        self._wanted: dict[int, tuple[frozenset[str], tuple[tuple[str, int], ...]]] = {}
        self.relay = Relay(self._on_message, lambda up: self._look.set())

    def look(self) -> None:
        """Look now."""
        self._look.set()

    async def run(self) -> None:
        """Look whenever something may have changed, until cancelled."""
        while True:
            try:
                await self.refresh()
            except DatabaseError as error:
                log.warning("books cannot be read: %s", type(error).__name__)
            await within(LOOK, self._look)
            self._look.clear()

    async def refresh(self) -> None:
        """Read what moved on, and let the streams follow."""
        keepers = self._keepers()
        for keeper in keepers:
            keeper.connection_ids = await in_thread(leases.siblings, keeper.connection_id)
        connection_ids = {each for keeper in keepers for each in keeper.connection_ids}
        known = {pk: book.version for pk, book in self._flusher.desk.books.items()}
        readings = await in_thread(read_books, connection_ids, known)
        await self._take(readings)
        await self._listen(readings.owners)
        watched = await in_thread(watched_by_all, set(readings.owners.values()))
        for keeper in keepers:
            self._plan(keeper, readings, watched)

    def _on_message(self, channel: str, data: bytes) -> None:
        """A book moved on: say nothing of it until it was read again. (Marks do not come on this channel.)"""
        account_id = channel.removeprefix(BALANCES.format(""))
        if not account_id.isdecimal():
            return
        try:
            version = msgspec.json.decode(data, type=VersionOnly).version
        except msgspec.MsgspecError:
            return
        if self._flusher.desk.moved_on(int(account_id), version):
            self._look.set()

    async def _take(self, readings: Readings) -> None:
        """Put new books on the desk; record how far the marks were from Schwab's new figures."""
        desk, now = self._flusher.desk, timezone.now()
        comparisons = []
        for book in readings.books:
            before = desk.books.get(book.account_id)
            if (compared := compare(before, book)) is not None:
                comparisons.append(compared)
            if before is not None or not await self._take_over(book):
                self._flusher.clear(book.account_id)
            self._flusher.take(book)
        for account_id in set(desk.books) - set(readings.owners):
            desk.drop(account_id)
        if comparisons:
            await in_thread(record, comparisons, now)

    async def _take_over(self, book: Book) -> bool:
        """Go on from the marks that an earlier process kept; tell whether there were any of this version."""
        answers = await self._flusher.writer.send([("HGETALL", lastmarks.KEY.format(book.account_id))])
        kept = answers[0] if answers else {}
        return bool(kept) and Desk.take_over(book, kept)

    async def _listen(self, account_ids: Iterable[int]) -> None:
        """Hear of the accounts that are served, of no others."""
        wanted = {BALANCES.format(pk) for pk in account_ids}
        if gone := self._channels - wanted:
            self.relay.unwant(gone)
        if new := wanted - self._channels:
            await self.relay.want(new)
        self._channels = wanted

    def _plan(self, keeper: Keeper, readings: Readings, watched: dict[int, list[str]]) -> None:
        """Give a stream its keys when what is wanted, or what the server takes, is no longer the same."""
        books = self._flusher.desk.books
        ids = [pk for each in keeper.connection_ids for pk in readings.accounts.get(each, [])]
        mine = [books[pk] for pk in ids if pk in books]
        held: dict[str, Decimal] = {}
        for holding in (each for book in mine for each in book.holdings):
            held[holding.symbol] = held.get(holding.symbol, Decimal(0)) + abs(holding.market_value)
        rows = [row for book in mine for row in book.rows]
        underlyings = dict.fromkeys(row.underlying for row in rows if row.asset_type == "OPT")
        owners = dict.fromkeys(book.owner_id for book in mine)
        lists = [symbol for owner in owners for symbol in watched.get(owner, [])]
        caps = dict.fromkeys((EQUITIES, OPTIONS), settings.THOR_STREAM_KEYS) | keeper.caps
        # Values change with every tick; who is streamed only when symbols come or go.
        state = (frozenset([*held, *underlyings, *lists]), tuple(sorted(caps.items())))
        if self._wanted.get(keeper.connection_id) != state or not keeper.plan.streamed:
            self._wanted[keeper.connection_id] = state
            keeper.want(plan_keys(held, underlyings, lists, caps))

    def forget(self, connection_id: int) -> None:
        """Forget what a stream wanted."""
        self._wanted.pop(connection_id, None)
