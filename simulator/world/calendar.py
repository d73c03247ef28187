"""The exchange's calendar: trading days, half days, sessions and previous closes (NYSE, US Eastern)."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

import holidays

from simulator.wire.times import eastern_date, eastern_epoch

POINTS = 26


@dataclass(frozen=True, slots=True)
class Session:
    """One trading day's instants in epoch seconds: pre-market start, open, close, post-market end."""

    day: date
    pre: float
    open: float
    close: float
    post: float
    half_day: bool


@cache
def _holidays_of(year: int, category: str) -> dict[date, str]:
    found = holidays.financial_holidays("NYSE", years=[year], categories=(category,))
    return dict(found.items())


def is_trading_day(day: date) -> bool:
    """Weekday and no exchange holiday; half days count."""
    return day.weekday() < 5 and day not in _holidays_of(day.year, "public")


def is_half_day(day: date) -> bool:
    """Closes at 13:00 Eastern."""
    return day in _holidays_of(day.year, "half_day")


@lru_cache(maxsize=8192)
def session_of(day: date) -> Session | None:
    """The session of a trading day; None on a closed day."""
    if not is_trading_day(day):
        return None
    half = is_half_day(day)
    return Session(
        day=day,
        pre=eastern_epoch(day, 7),
        open=eastern_epoch(day, 9, 30),
        close=eastern_epoch(day, 13 if half else 16),
        post=eastern_epoch(day, 17 if half else 20),
        half_day=half,
    )


@lru_cache(maxsize=4096)
def session_before(day: date) -> Session:
    """The last session of a day strictly before `day`."""
    while True:
        day -= timedelta(days=1)
        session = session_of(day)
        if session is not None:
            return session


def previous_close(now: float) -> float:
    """The instant of the close that day P/L is measured from: the last session before today's Eastern date."""
    return session_before(eastern_date(now)).close


def last_session(now: float) -> Session:
    """The session that began last: today's from its open on, else the one before."""
    day = eastern_date(now)
    today = session_of(day)
    return today if today is not None and now >= today.open else session_before(day)


def quiet_instant(now: float) -> float:
    """The instant whose prices hold when prices stand still outside pre-market to post-market."""
    day = eastern_date(now)
    today = session_of(day)
    if today is not None and now >= today.pre:
        return min(now, today.post)
    return session_before(day).post


def next_trading_day(day: date) -> date:
    """The first trading day strictly after `day`."""
    day += timedelta(days=1)
    while not is_trading_day(day):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=1024)
def session_points(session: Session) -> tuple[float, ...]:
    """The instants at which a session is looked at, open and close included."""
    step = (session.close - session.open) / POINTS
    return (*(session.open + step * number for number in range(POINTS)), session.close)


def looks_of(now: float) -> tuple[Session | None, int]:
    """The session that open, high and low come from at an instant, None before the open, and its points so far."""
    day = eastern_date(now)
    today = session_of(day)
    if today is not None and eastern_epoch(day, 3, 30) <= now < today.open:
        return None, 0
    session = last_session(now)
    return session, bisect_left(session_points(session), now)
