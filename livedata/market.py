"""Which session the US equity market is in, and when that changes: Schwab's word first, else a kept calendar."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays.constants import HALF_DAY, PUBLIC
from holidays.financial.ny_stock_exchange import NewYorkStockExchange
from msgspec import Struct

from livedata.models import MarketDay

EASTERN = ZoneInfo("America/New_York")
PRE_OPEN, OPEN, CLOSE, HALF_CLOSE, POST_CLOSE = time(7), time(9, 30), time(16), time(13), time(20)
HALF_POST_CLOSE = time(17)
SEARCH_DAYS = 14


class MarketSession(Struct, frozen=True, kw_only=True):
    """The session at one moment. `changes_at` is when `next_session` begins; `name` names a holiday."""

    session: str
    name: str | None
    trading_day: date
    changes_at: datetime
    next_session: str
    source: str
    now: datetime


class Span(Struct, frozen=True):
    """A stretch of one session."""

    session: str
    start: datetime
    end: datetime


def eastern_date(now: datetime) -> date:
    """Return the date in New York, which is what traders call today."""
    return now.astimezone(EASTERN).date()


@lru_cache(maxsize=16)
def _closures(year: int) -> tuple[dict[date, str], frozenset[date]]:
    """Return the full holidays by name and the half days of a year."""
    full = NewYorkStockExchange(years=year, categories=(PUBLIC,))
    half = NewYorkStockExchange(years=year, categories=(HALF_DAY,))
    return dict(full.items()), frozenset(half.keys())


def holiday_name(day: date) -> str | None:
    """Return the exchange holiday on this date, if any."""
    return _closures(day.year)[0].get(day)


def _calendar_spans(day: date) -> list[Span]:
    """Return the sessions of a date by the built-in calendar; none at weekends and on holidays."""
    if day.weekday() >= 5 or holiday_name(day):
        return []
    half = day in _closures(day.year)[1]
    close, post_close = (HALF_CLOSE, HALF_POST_CLOSE) if half else (CLOSE, POST_CLOSE)
    edges = [("pre", PRE_OPEN, OPEN), ("regular", OPEN, close), ("post", close, post_close)]
    at = datetime.combine
    return [Span(name, at(day, start, EASTERN), at(day, end, EASTERN)) for name, start, end in edges]


def _announced_spans(row: MarketDay) -> list[Span]:
    """Return the sessions of a date as the broker announced them."""
    spans = [
        Span(name, datetime.fromisoformat(start), datetime.fromisoformat(end))
        for name, (start, end) in row.hours.items()
    ]
    return sorted(spans, key=lambda span: span.start) if row.is_open else []


def _spans(day: date, row: MarketDay | None) -> list[Span]:
    """Return the sessions of a date: as the broker announced them, else by the calendar."""
    return _announced_spans(row) if row else _calendar_spans(day)


def _days(first: date) -> Iterator[tuple[date, list[Span], str]]:
    """Walk the days from `first` on, each with its sessions and who said so."""
    last = first + timedelta(days=SEARCH_DAYS)
    announced = {row.date: row for row in MarketDay.objects.filter(date__range=(first, last))}
    for offset in range(SEARCH_DAYS):
        day = first + timedelta(days=offset)
        row = announced.get(day)
        yield day, _spans(day, row), row.source if row else "calendar"


def session_at(now: datetime) -> MarketSession:
    """Return the session at `now` (`pre`, `regular`, `post`, `closed` or `holiday`) and the next change."""
    today = eastern_date(now)
    days = list(_days(today))
    source = days[0][2]
    upcoming = [span for _, spans, _ in days for span in spans if span.end > now]
    current = next((span for span in upcoming if span.start <= now), None)
    changes_at, next_session = _next_change(upcoming, current)
    name = holiday_name(today) if not days[0][1] else None
    closed = "holiday" if name else "closed"
    return MarketSession(
        session=current.session if current else closed,
        name=name,
        trading_day=today,
        changes_at=changes_at,
        next_session=next_session,
        source=source,
        now=now,
    )


def _next_change(upcoming: list[Span], current: Span | None) -> tuple[datetime, str]:
    """Return when the session changes, and into what; the exchange never closes for two weeks."""
    if current is None:
        return upcoming[0].start, upcoming[0].session
    following = next((span for span in upcoming if span.start == current.end), None)
    return current.end, following.session if following else "closed"


def regular_close_on(day: date) -> datetime | None:
    """Return when the regular session of a date ends; null on days without one."""
    spans = _spans(day, MarketDay.objects.filter(date=day).first())
    return next((span.end for span in spans if span.session == "regular"), None)


def session_day_before(day: date) -> date:
    """Return the last date before `day` that had a regular session."""
    days = (day - timedelta(days=back) for back in range(1, SEARCH_DAYS))
    return next((each for each in days if regular_close_on(each)), day - timedelta(days=1))


def regular_open_before(now: datetime) -> datetime:
    """Return when the last regular session that had begun by `now` began."""
    today = eastern_date(now)
    first = today - timedelta(days=SEARCH_DAYS)
    announced = {row.date: row for row in MarketDay.objects.filter(date__range=(first, today))}
    for offset in range(SEARCH_DAYS):
        row = announced.get(day := today - timedelta(days=offset))
        for span in _spans(day, row):
            if span.session == "regular" and span.start <= now:
                return span.start
    return datetime.combine(first, OPEN, EASTERN)
