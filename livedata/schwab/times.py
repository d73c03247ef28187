"""Reads Schwab's times (reference §2.0)."""

from datetime import UTC, datetime

from livedata.schwab.numbers import UnusableNumber


def moment_of(text: str | None) -> datetime | None:
    """Read `2026-05-14T13:45:02+0000` as UTC, null when there is none.

    Raises:
        UnusableNumber: it is no time, or a time without an offset, which is no moment.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        in_utc = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnusableNumber("A time is not readable.") from error
    if moment.tzinfo is None:
        raise UnusableNumber("A time has no offset.")
    return in_utc
