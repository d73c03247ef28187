"""Candles from the price function: daily ones stamped midnight US Central, minute ones at their start."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from simulator.wire.times import central_midnight, eastern_date, millis
from simulator.world import calendar, chance
from simulator.world.calendar import Session
from simulator.world.instruments import Json
from simulator.world.market import Market
from simulator.world.ranges import session_range

MINUTES_REACH = 48 * 86400
_INSIDE = (0.0, 0.3, 0.7)


@dataclass(frozen=True, slots=True)
class Bar:
    """One candle; `start` is epoch seconds, `day` its trading day."""

    day: date
    start: float
    open: float
    high: float
    low: float
    close: float
    volume: int

    def json(self) -> Json:
        """As the wire writes it."""
        return {
            "open": self.open,
            "high": self.high,
            "low": self.low,
            "close": self.close,
            "volume": self.volume,
            "datetime": millis(self.start),
        }


def sessions_between(start: float, end: float) -> Iterator[Session]:
    """Sessions of the Eastern dates from one instant to another."""
    day, last = eastern_date(start), eastern_date(end)
    while day <= last:
        session = calendar.session_of(day)
        if session is not None:
            yield session
        day += timedelta(days=1)


def daily(market: Market, symbol: str, start: float, end: float, now: float) -> list[Bar]:
    """One bar a session that has begun; the running one ends now."""
    found = []
    for session in sessions_between(start, end):
        if session.open <= now:
            until = min(now, session.close)
            prices = session_range(market, symbol, session, until)
            volume = chance.whole(500_000, 50_000_000, "volume", symbol, session.day)
            found.append(Bar(session.day, central_midnight(session.day), *prices, volume))
    return found


def grouped(bars: list[Bar], by: str) -> list[Bar]:
    """Daily bars put together by week or month, stamped with the first day's start."""
    groups: dict[tuple[int, int], list[Bar]] = {}
    for bar in bars:
        week = bar.day.isocalendar()
        key = (week.year, week.week) if by == "weekly" else (bar.day.year, bar.day.month)
        groups.setdefault(key, []).append(bar)
    return [
        Bar(
            group[0].day,
            group[0].start,
            group[0].open,
            max(bar.high for bar in group),
            min(bar.low for bar in group),
            group[-1].close,
            sum(bar.volume for bar in group),
        )
        for group in groups.values()
    ]


def minutes(
    market: Market, symbol: str, start: float, end: float, *, now: float, every: int, extended: bool
) -> list[Bar]:
    """Bars of `every` minutes inside the sessions, the last ending now; history reaches back about 48 days."""
    start, end = max(start, now - MINUTES_REACH), min(end, now)
    found = []
    for session in sessions_between(start, end):
        at, stop = (session.pre, session.post) if extended else (session.open, session.close)
        edge = None
        while at < stop:
            if start <= at <= end:
                until = min(at + 60 * every, now)
                bar, edge = _minute_bar(market, symbol, session.day, at, until=until, opened=edge)
                found.append(bar)
            at += 60 * every
    return found


def _minute_bar(
    market: Market, symbol: str, day: date, at: float, *, until: float, opened: float | None
) -> tuple[Bar, float]:
    width = until - at
    prices = [market.mark_at(symbol, at + width * part) for part in (_INSIDE[1:] if opened else _INSIDE)]
    if opened:
        prices.insert(0, opened)
    prices.append(market.mark_at(symbol, until))
    volume = chance.whole(1_000, 90_000, "minute", symbol, int(at))
    return Bar(day, at, prices[0], max(prices), min(prices), prices[-1], volume), prices[-1]
