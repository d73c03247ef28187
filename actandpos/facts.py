"""What the book asks of the market: prices and dividends by symbol. Who answers is named in the settings, so that
the book knows no feed."""

from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.module_loading import import_string
from msgspec import Struct


class Fact(Struct, frozen=True):
    """What is known of a symbol; US dollars a share. `ex_dividend` is the next date, else the last one known."""

    price: Decimal | None = None
    ex_dividend: date | None = None
    dividend: Decimal | None = None


def facts_of(symbols: Collection[str]) -> dict[str, Fact]:
    """Return what is known of symbols; of some, or without a feed of all, that may be nothing."""
    if not symbols or not settings.BOOK_FACTS:
        return {}
    ask: Callable[[Collection[str]], dict[str, tuple[Decimal | None, date | None, Decimal | None]]]
    ask = import_string(settings.BOOK_FACTS)
    return {symbol: Fact(*values) for symbol, values in ask(symbols).items()}
