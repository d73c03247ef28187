"""`/quotes` (reference §4.1) for the symbols that no stream carries, or for all while there is no stream."""

from datetime import datetime
from decimal import Decimal

import msgspec
from django.utils import timezone
from msgspec import Struct

from livedata.quotes import Quote
from livedata.schwab import errors
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.models import BrokerConnection
from livedata.schwab.streamer.frames import moment, number

AT_ONCE = 500
Figure = Decimal | None


class QuoteBody(Struct, rename="camel", frozen=True):
    """§4.1 `quote`; which keys come depends on the kind of instrument."""

    bid_price: Figure = None
    ask_price: Figure = None
    last_price: Figure = None
    bid_size: Figure = None
    ask_size: Figure = None
    mark: Figure = None
    mark_change: Figure = None
    mark_percent_change: Figure = None
    net_change: Figure = None
    net_percent_change: Figure = None
    open_price: Figure = None
    high_price: Figure = None
    low_price: Figure = None
    close_price: Figure = None
    total_volume: Figure = None
    quote_time: int | None = None
    trade_time: int | None = None
    security_status: str | None = None


class Entry(Struct, frozen=True):
    """One symbol's entry."""

    quote: QuoteBody | None = None


PLACES = {
    "bid": "bid_price",
    "ask": "ask_price",
    "last": "last_price",
    "open": "open_price",
    "high": "high_price",
    "low": "low_price",
    "close": "close_price",
    "volume": "total_volume",
} | {
    name: name
    for name in (
        *("bid_size", "ask_size", "mark", "mark_change", "mark_percent_change"),
        *("net_change", "net_percent_change"),
    )
}


def fetch(connection: BrokerConnection, symbols: list[str]) -> list[Quote]:
    """Ask for quotes, 500 symbols a call. Raises `SchwabError`."""
    api, found = SchwabTraderAPI(connection), []
    for start in range(0, len(symbols), AT_ONCE):
        body = api.fetch_quotes(symbols[start : start + AT_ONCE], "quote").body
        found += read(body, timezone.now())
    return found


def read(body: bytes, now: datetime) -> list[Quote]:
    """Read an answer; `errors` and entries that cannot be read are left out.

    Raises:
        SchwabOddAnswer: it is no object of entries.
    """
    try:
        entries = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise errors.SchwabOddAnswer("The quotes were not readable.") from error
    found = (_quote(symbol, raw, now) for symbol, raw in entries.items() if symbol != "errors")
    return [quote for quote in found if quote is not None]


def _quote(symbol: str, raw: msgspec.Raw, now: datetime) -> Quote | None:
    """Return one entry's quote."""
    try:
        body = msgspec.json.decode(raw, type=Entry).quote
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if body is None:
        return None
    return Quote(
        symbol=symbol,
        quote_time=moment(body.quote_time),
        trade_time=moment(body.trade_time),
        status=body.security_status,
        source="poll",
        received_at=now,
        moved_at=None,
        **{name: number(getattr(body, place)) for name, place in PLACES.items()},
    )
