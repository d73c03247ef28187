"""Reads the price history's parameters and answers with candles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from simulator.wire.answers import WireAnswer
from simulator.wire.errors import market_bad_request
from simulator.wire.times import central_midnight, eastern_date, eastern_epoch, millis
from simulator.world import calendar
from simulator.world.history import Bar, daily, grouped, minutes
from simulator.world.instruments import Json
from simulator.world.market import Market, known_listing

PERIODS = {"day": (1, 2, 3, 4, 5, 10), "month": (1, 2, 3, 6), "year": (1, 2, 3, 5, 10, 15, 20), "ytd": (1,)}
DEFAULT_PERIOD = {"day": 10, "month": 1, "year": 1, "ytd": 1}
FREQUENCIES = {
    "day": ("minute",),
    "month": ("daily", "weekly"),
    "year": ("daily", "weekly", "monthly"),
    "ytd": ("daily", "weekly"),
}
MINUTES = (1, 5, 10, 15, 30)


class BadParameter(Exception):
    """Names the parameter that cannot be read."""


@dataclass(frozen=True)
class Span:
    """What is asked: instants in epoch seconds, the candle's kind and its minutes."""

    start: float
    end: float
    kind: str
    every: int


def answer_history(market: Market, params: Mapping[str, str], now: float) -> Response:
    """Candles, or `empty: true` with 200 for an unknown symbol or an empty range."""
    symbol = params.get("symbol", "")
    try:
        if not symbol:
            raise BadParameter("symbol")
        span = _span(params, now)
        extended = _flag(params, "needExtendedHoursData")
        with_close = _flag(params, "needPreviousClose")
    except BadParameter as problem:
        return market_bad_request(f"Invalid value for {problem}.", {"parameter": str(problem)})
    listing = known_listing(symbol)
    known = listing is not None and listing.kind in ("EQUITY", "ETF", "INDEX")
    bars = _bars(market, symbol, span, now, extended) if known else []
    if not bars:
        return WireAnswer({"candles": [], "symbol": symbol, "empty": True})
    body: Json = {"symbol": symbol, "empty": False}
    if with_close:
        before = calendar.session_before(bars[0].day)
        body["previousClose"] = market.mark_at(symbol, before.close)
        body["previousCloseDate"] = millis(central_midnight(before.day))
    body["candles"] = [bar.json() for bar in bars]
    return WireAnswer(body)


def _bars(market: Market, symbol: str, span: Span, now: float, extended: bool) -> list[Bar]:
    if span.kind == "minute":
        return minutes(market, symbol, span.start, span.end, now=now, every=span.every, extended=extended)
    bars = daily(market, symbol, span.start, min(span.end, now), now)
    return bars if span.kind == "daily" else grouped(bars, span.kind)


def _flag(params: Mapping[str, str], name: str) -> bool:
    text = params.get(name, "false").lower()
    if text not in ("true", "false"):
        raise BadParameter(name)
    return text == "true"


def _whole(params: Mapping[str, str], name: str, default: int) -> int:
    text = params.get(name, str(default))
    if not text.removeprefix("-").isdecimal() or len(text) > 16:
        raise BadParameter(name)
    return int(text)


def _span(params: Mapping[str, str], now: float) -> Span:
    period_type = params.get("periodType", "day")
    if period_type not in PERIODS:
        raise BadParameter("periodType")
    kind = params.get("frequencyType", FREQUENCIES[period_type][-1])
    if kind not in FREQUENCIES[period_type]:
        raise BadParameter("frequencyType")
    period = _whole(params, "period", DEFAULT_PERIOD[period_type])
    if period not in PERIODS[period_type]:
        raise BadParameter("period")
    every = _whole(params, "frequency", 1)
    if every not in (MINUTES if kind == "minute" else (1,)):
        raise BadParameter("frequency")
    end = calendar.previous_close(now)
    if "endDate" in params:
        end = _whole(params, "endDate", 0) / 1000
    start = _begin(period_type, period, eastern_date(end))
    if "startDate" in params:
        start = _whole(params, "startDate", 0) / 1000
    # Twenty years back is the longest period there is; what lies before has no candles.
    return Span(max(start, now - 21 * 366 * 86400), min(end, now), kind, every)


def _begin(period_type: str, period: int, last: date) -> float:
    if period_type == "day":
        for _ in range(period - 1):
            last = calendar.session_before(last).day
        return eastern_epoch(last)
    if period_type == "ytd":
        return eastern_epoch(date(last.year, 1, 1))
    months = period * (12 if period_type == "year" else 1)
    index = last.year * 12 + last.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    return eastern_epoch(first + timedelta(days=last.day - 1))
