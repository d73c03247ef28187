"""Times as Schwab writes them (reference §2.0): `2026-05-14T13:45:02+0000`."""

from datetime import UTC, date, datetime

from actandpos.eastern import eastern_day
from livedata.schwab.numbers import UnusableNumber


def moment(text: str | None) -> datetime | None:
    """Read a time as UTC; a time without an offset is no moment.

    Raises:
        UnusableNumber: it cannot be read.
    """
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        in_utc = at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnusableNumber("A time is not readable.") from error
    if at.tzinfo is None:
        raise UnusableNumber("A time has no offset.")
    return in_utc


def day(text: str | None) -> date | None:
    """Return the Eastern day of a time; date-only facts come as midnight in New York."""
    at = moment(text)
    return None if at is None else eastern_day(at)
