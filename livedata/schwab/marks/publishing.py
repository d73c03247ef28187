"""What a flush writes to Redis: quotes and marks, kept for those who come later and published for those who listen."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec

from livedata import lastmarks
from livedata.bus import POSITIONS, QUOTES
from livedata.freshness import Allowance
from livedata.quotes import KEPT_SECONDS, KEY, VOUCHED, Board, spelled
from livedata.schwab.marks.book import Book, Message

Command = tuple[Any, ...]
VOUCH_SECONDS = 15.0
_encoder = msgspec.json.Encoder()


class QuotePublisher:
    """Remembers what was said of each symbol, so that a quote that grows stale in silence is told again."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._stale: dict[str, bool] = {}

    def commands(
        self, symbols: Iterable[str], allowance: Allowance, now: datetime, *, publish: bool = True
    ) -> list[Command]:
        """Return what keeps and publishes the quotes of symbols, or only keeps them."""
        found: list[Command] = []
        for symbol in symbols:
            stale = self._stale[symbol] = self._is_stale(symbol, allowance, now)
            text = _encoder.encode(spelled(self._board.quotes[symbol], stale=stale))
            found.append(("SET", KEY.format(symbol), text, "EX", KEPT_SECONDS))
            if publish:
                found.append(("PUBLISH", QUOTES.format(symbol), text))
        return found

    def aged(self, allowance: Allowance, now: datetime) -> list[str]:
        """Return the symbols whose staleness is no longer what was said."""
        return [
            symbol for symbol, said in self._stale.items() if said != self._is_stale(symbol, allowance, now)
        ]

    def _is_stale(self, symbol: str, allowance: Allowance, now: datetime) -> bool:
        quote = self._board.quotes[symbol]
        return allowance.is_stale(quote.newest, quote.received_at, now, held=self._board.is_held(symbol))


def vouch_commands(symbols: Collection[str], now: datetime) -> list[Command]:
    """Return what tells other processes that every change of these symbols is received, for a while."""
    if not symbols:
        return []
    until = now.timestamp() + VOUCH_SECONDS
    scores = [part for symbol in symbols for part in (until, symbol)]
    return [("ZADD", VOUCHED, *scores), ("ZREMRANGEBYSCORE", VOUCHED, "-inf", now.timestamp())]


def clear_commands(account_id: int) -> list[Command]:
    """Return what forgets the kept marks of an account: they were of another version."""
    return [("DEL", lastmarks.KEY.format(account_id))]


def marks_commands(book: Book, message: Message) -> list[Command]:
    """Return what keeps and publishes an account's marks; fields that Redis missed earlier go along.

    Kept before published: whoever reads the kept ones after subscribing misses nothing.
    """
    key = lastmarks.KEY.format(message.account_id)
    book.unkept.update(message.fields)
    fields = [part for item in book.unkept.items() for part in item]
    return [
        ("HSET", key, *fields),
        ("EXPIRE", key, lastmarks.KEPT_SECONDS),
        ("PUBLISH", POSITIONS.format(message.account_id), message.text),
    ]


def keep_alive_commands(books: Iterable[Book]) -> list[Command]:
    """Return what lets kept marks live on while they are still what is shown."""
    return [
        ("EXPIRE", lastmarks.KEY.format(book.account_id), lastmarks.KEPT_SECONDS)
        for book in books
        if book.seq and not book.is_moved_on
    ]
