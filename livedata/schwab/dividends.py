"""Dividends of what is held and of what options are on: from the fundamentals of `/quotes`, asked once a day."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
from django.utils import timezone
from msgspec import Struct

from actandpos.models import Position
from livedata.models import Instrument
from livedata.schwab import errors
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.models import BrokerConnection
from livedata.schwab.numbers import UnusableNumber, price

KEPT = timedelta(days=1)
ASK_AGAIN = timedelta(hours=1)
AT_ONCE = 500
PAYERS = ("EQ", "ETF", "OPT")


class FundamentalWire(Struct, frozen=True, rename="camel"):
    """§4.1 `fundamental`: dates are ISO text; `divPayAmount` is one payment, US dollars a share."""

    next_div_ex_date: str | None = None
    div_ex_date: str | None = None
    div_pay_amount: Decimal | None = None


class QuoteWire(Struct, frozen=True):
    """§4.1 one entry, of which only the fundamentals are read here."""

    fundamental: FundamentalWire | None = None


class Dividend(Struct, frozen=True):
    """The next ex-dividend date, else the last; the amount of one payment."""

    ex_date: date | None
    amount: Decimal | None


def ask_for_dividends(connection: BrokerConnection) -> int:
    """Ask for dividends nobody asked about within a day, and keep them; return of how many symbols they were learned.

    Without an answer the same symbols are asked again an hour later.
    """
    symbols = _unasked(connection)
    if not symbols:
        return 0
    now = timezone.now()
    try:
        found = read_dividends(SchwabTraderAPI(connection).fetch_quotes(symbols, "fundamental").body)
    except (errors.SchwabNotFound, errors.SchwabUnavailable, errors.NotAuthorized, errors.SchwabRefused):
        _remember(symbols, {}, now - KEPT + ASK_AGAIN)
        return 0
    _remember(symbols, found, now)
    return len(found)


def _unasked(connection: BrokerConnection) -> list[str]:
    """Return the underlyings that are due, at most one call's worth."""
    rows = Position.objects.filter(account__schwab_link__connection=connection, asset_type__in=PAYERS)
    symbols = set(rows.values_list("underlying", flat=True).distinct())
    asked = Instrument.objects.filter(symbol__in=symbols, dividend_asked_at__gt=timezone.now() - KEPT)
    return sorted(symbols - set(asked.values_list("symbol", flat=True)))[:AT_ONCE]


def read_dividends(body: bytes) -> dict[str, Dividend]:
    """Read `{symbol: dividend}` from a `/quotes` answer; an entry that cannot be read, or says nothing, is left out.

    Raises:
        SchwabOddAnswer: it is not an object.
    """
    try:
        entries = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise errors.SchwabOddAnswer("The quotes were not readable.") from error
    found = {symbol: _read(raw) for symbol, raw in entries.items() if symbol != "errors"}
    return {symbol[:64]: dividend for symbol, dividend in found.items() if dividend is not None}


def _read(raw: msgspec.Raw) -> Dividend | None:
    """Read one entry; null when it says nothing or cannot be read."""
    try:
        told = msgspec.json.decode(raw, type=QuoteWire).fundamental
        if told is None:
            return None
        ex_date = _day(told.next_div_ex_date) or _day(told.div_ex_date)
        amount = price(told.div_pay_amount, "dividend") or None  # zero stands for a symbol that pays nothing
        return Dividend(ex_date, amount)
    except (msgspec.MsgspecError, UnusableNumber, ValueError):
        return None


def _day(text: str | None) -> date | None:
    return datetime.fromisoformat(text).date() if text else None


def _remember(symbols: list[str], found: dict[str, Dividend], asked_at: datetime) -> None:
    """Keep what was learned, and that the others were asked for; an answer without dividends takes none away."""
    nothing = Dividend(None, None)
    rows = [
        Instrument(
            symbol=symbol,
            asked_at=datetime.fromtimestamp(0, tz=asked_at.tzinfo),  # of the name, which was not asked for
            dividend_asked_at=asked_at,
            ex_dividend_date=found.get(symbol, nothing).ex_date,
            dividend_amount=found.get(symbol, nothing).amount,
        )
        for symbol in symbols
    ]
    columns = ["dividend_asked_at", "ex_dividend_date", "dividend_amount"] if found else ["dividend_asked_at"]
    Instrument.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["symbol"], update_fields=columns
    )
