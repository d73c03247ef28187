"""Writes and reads the wire's times; every instant inside the stand-in is epoch seconds."""

import re
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
CENTRAL = ZoneInfo("America/Chicago")

_QUERY = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|\+00:?00)$")


def wire_time(epoch: float) -> str:
    """`2026-05-14T13:45:02+0000`: UTC, whole seconds, offset without a colon."""
    return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def wire_date(day: date) -> str:
    """A date-only fact: midnight Eastern written in UTC."""
    return wire_time(eastern_epoch(day))


def iso_z(epoch: float) -> str:
    """`2026-05-14T04:00:00Z`, the form of the fundamentals' dates."""
    return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def millis(epoch: float) -> int:
    """Epoch milliseconds, the form of all market-data times."""
    return int(epoch * 1000)


def eastern_epoch(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> float:
    """The instant of a wall-clock time in US Eastern."""
    return datetime.combine(day, time(hour, minute, second), EASTERN).timestamp()


@lru_cache(maxsize=8192)
def eastern_midnight(day: date) -> float:
    """The instant at which an Eastern date begins."""
    return eastern_epoch(day)


def central_midnight(day: date) -> float:
    """Midnight US Central, which stamps a daily candle."""
    return datetime.combine(day, time(), CENTRAL).timestamp()


def eastern_date(epoch: float) -> date:
    """The US Eastern calendar date of an instant."""
    return datetime.fromtimestamp(epoch, EASTERN).date()


def parse_query_time(text: str) -> float | None:
    """`yyyy-MM-ddTHH:mm:ss.SSSZ` to epoch seconds; None when it is not one."""
    if not _QUERY.match(text):
        return None
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None
