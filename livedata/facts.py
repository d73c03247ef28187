"""What is known of symbols for whoever keeps a book: the price now and the next dividend."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

import redis
from django.utils import timezone

from livedata.freshness import allowance_at
from livedata.models import Instrument
from livedata.quotes import read_quotes

Known = tuple[Decimal | None, date | None, Decimal | None]


def known_facts(symbols: Collection[str]) -> dict[str, Known]:
    """Return price, ex-dividend date and dividend a share; a price too old for its session counts as none."""
    prices = _prices(symbols)
    rows = Instrument.objects.filter(symbol__in=symbols)
    dividends = {row.symbol: (row.ex_dividend_date, row.dividend_amount) for row in rows}
    return {
        symbol: (prices.get(symbol), *dividends.get(symbol, (None, None)))
        for symbol in symbols
        if symbol in prices or symbol in dividends
    }


def _prices(symbols: Collection[str]) -> dict[str, Decimal]:
    """Return the marks of fresh quotes; none when Redis is down."""
    now = timezone.now()
    try:
        found = read_quotes(list(symbols), allowance_at(now), now)
    except redis.RedisError:
        return {}
    return {
        each["symbol"]: Decimal(each["mark"]) for each in found.quotes if each["mark"] and not each["stale"]
    }
