"""How live data spells numbers and times: as the book does, of which this room knows nothing."""

from datetime import UTC, datetime
from decimal import Decimal


def plain(value: Decimal | None) -> str | None:
    """Return a number without exponent and trailing zeros: `211.4`, `100`, `0`; null stays null."""
    if value is None:
        return None
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def instant(value: datetime | None) -> str | None:
    """Return a time in UTC with milliseconds and `Z`; null stays null."""
    if value is None:
        return None
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
