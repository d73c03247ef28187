"""The trading day: US Eastern, wherever the server stands."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")


def eastern_day(now: datetime) -> date:
    """Return the date in US Eastern at a moment."""
    return now.astimezone(EASTERN).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return when an Eastern day starts and when the next one does (23 to 25 hours apart)."""
    return (
        datetime.combine(day, time.min, tzinfo=EASTERN),
        datetime.combine(day + timedelta(days=1), time.min, tzinfo=EASTERN),
    )
