"""Quotes: one for each symbol and process, the newest wins; kept in Redis for other processes and the API."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import redis
from django.conf import settings
from msgspec import Struct

from livedata.freshness import Allowance
from livedata.plain import instant, plain

KEY = "live_quote:{}"
VOUCHED = "live_quotes:vouched"
"""Sorted set: until when somebody receives every change of a symbol (seconds since 1970)."""
KEPT_SECONDS = 7 * 24 * 3600
HALTED = "Halted"
FIGURES = (
    *("bid", "ask", "last", "bid_size", "ask_size", "mark", "mark_change", "mark_percent_change"),
    *("net_change", "net_percent_change", "open", "high", "low", "close", "volume"),
)


class Quote(Struct, frozen=True, kw_only=True):
    """What is known of a symbol. US dollars for one share or option unit; `close` is the previous close."""

    symbol: str
    bid: Decimal | None = None
    ask: Decimal | None = None
    last: Decimal | None = None
    bid_size: Decimal | None = None
    ask_size: Decimal | None = None
    mark: Decimal | None = None
    mark_change: Decimal | None = None
    mark_percent_change: Decimal | None = None
    net_change: Decimal | None = None
    net_percent_change: Decimal | None = None
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    close: Decimal | None = None
    volume: Decimal | None = None
    quote_time: datetime | None = None
    trade_time: datetime | None = None
    status: str | None = None
    source: str
    """`stream` or `poll`."""
    received_at: datetime
    moved_at: datetime | None = None
    """`newest` by this machine's clock, where the source told how far its own clock is off."""

    @property
    def newest(self) -> datetime | None:
        """When it last moved at the market: the later of quote and trade."""
        return later(self.quote_time, self.trade_time)

    def says_as(self, other: "Quote") -> bool:
        """Tell whether two quotes differ in nothing but when they came."""
        same = msgspec.structs.replace(other, received_at=self.received_at, moved_at=self.moved_at)
        return self == same

    def is_after(self, moment: datetime) -> bool:
        """Tell whether it moved, as far as anybody knows, at a moment of this machine's clock or later."""
        moved_at = self.moved_at or self.newest
        return self.received_at >= moment and (moved_at is None or moved_at >= moment)


def later(a: datetime | None, b: datetime | None) -> datetime | None:
    """Return the later of two moments, the only one there is, or None."""
    return a or b if a is None or b is None else max(a, b)


def spelled(quote: Quote, *, stale: bool) -> dict[str, Any]:
    """Return a quote as it travels: decimals as text, times in UTC."""
    return {
        "type": "quote",
        "symbol": quote.symbol,
        **{name: plain(getattr(quote, name)) for name in FIGURES},
        "quote_time": instant(quote.quote_time),
        "trade_time": instant(quote.trade_time),
        "received_at": instant(quote.received_at),
        "status": quote.status,
        "source": quote.source,
        "stale": stale,
        "halted": quote.status == HALTED,
    }


class Found(Struct, frozen=True):
    """Quotes in the order asked for, and the symbols that nobody has a quote of."""

    quotes: list[dict[str, Any]]
    unknown: list[str]


class _Times(Struct):
    """What tells a kept quote's age."""

    quote_time: datetime | None
    trade_time: datetime | None
    received_at: datetime


def read_quotes(symbols: Sequence[str], allowance: Allowance, now: datetime) -> Found:
    """Return the kept quotes of symbols; whether each is stale is decided now, not when it was kept.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    if not symbols:
        return Found([], [])
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=1.0) as client:
        kept: Any = client.mget([KEY.format(symbol) for symbol in symbols])
        vouched: Any = client.zmscore(VOUCHED, list(symbols))
    quotes, unknown = [], []
    for symbol, text, until in zip(symbols, kept, vouched, strict=True):
        if text is None:
            unknown.append(symbol)
            continue
        held = until is not None and until >= now.timestamp()
        quotes.append(_aged(text, allowance, now, held=held))
    return Found(quotes, unknown)


def _aged(text: bytes, allowance: Allowance, now: datetime, *, held: bool) -> dict[str, Any]:
    """Return a kept quote with its staleness as of now."""
    times = msgspec.json.decode(text, type=_Times)
    newest = max((each for each in (times.quote_time, times.trade_time) if each), default=None)
    quote: dict[str, Any] = msgspec.json.decode(text)
    quote["stale"] = allowance.is_stale(newest, times.received_at, now, held=held)
    return quote


class Board:
    """The quotes of this process. `changed` and `renewed` collect symbols since they were last taken."""

    def __init__(self) -> None:
        self.quotes: dict[str, Quote] = {}
        self.changed: set[str] = set()
        self.renewed: set[str] = set()
        """Symbols whose quote says the same as before, but is known to be of now."""
        self._held: dict[str, set[object]] = {}

    def put(self, quote: Quote) -> bool:
        """Take a quote unless a newer one is there; tell whether it was taken."""
        known = self.quotes.get(quote.symbol)
        if known is not None and not self._may_replace(known, quote):
            return False
        self.quotes[quote.symbol] = quote
        same = known is not None and quote.says_as(known)
        (self.renewed if same else self.changed).add(quote.symbol)
        return True

    def _may_replace(self, known: Quote, quote: Quote) -> bool:
        """A quote replaces an equally old or older one; a poll replaces no stream that is alive unless newer."""
        if known.newest is None or quote.newest is None:
            return quote.newest is not None or known.newest is None
        if known.newest == quote.newest and quote.source == "poll" and self.is_held(quote.symbol):
            return False
        return quote.newest >= known.newest

    def take_changed(self) -> tuple[set[str], set[str]]:
        """Return the symbols that changed since the last call, and those that were only renewed."""
        changed, renewed = self.changed, self.renewed - self.changed
        self.changed, self.renewed = set(), set()
        return changed, renewed

    def hold(self, source: object, symbol: str) -> None:
        """Note that a source receives every change of a symbol from now on."""
        self._held.setdefault(symbol, set()).add(source)

    def let_go(self, source: object, symbols: Collection[str] | None = None) -> None:
        """Note that a source receives changes of these symbols (or of none at all) no more."""
        for symbol in list(self._held) if symbols is None else symbols:
            holders = self._held.get(symbol, set())
            holders.discard(source)
            if not holders:
                self._held.pop(symbol, None)

    def is_held(self, symbol: str) -> bool:
        """Tell whether somebody receives every change of a symbol: then its quote is of now, however old."""
        return symbol in self._held

    def held(self) -> list[str]:
        """Return all symbols that somebody receives every change of."""
        return list(self._held)
