"""Says which values the tables hold exactly: SQLite changes numbers of more than 15 significant digits."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

MAX_DIGITS = 15
CENTS = Decimal("0.0001")
MONEY_DIGITS = MAX_DIGITS - 4
PRICE_DIGITS = MAX_DIGITS - 8
QUANTITY_DIGITS = MAX_DIGITS - 6


def fits(value: Decimal | None, whole_digits: int) -> bool:
    """Return whether a value has so few digits before the point. `None` fits; NaN and infinity do not."""
    return value is None or (value.is_finite() and value.adjusted() < whole_digits)


def money(value: Decimal) -> Decimal | None:
    """Return an amount rounded half-even to 4 places, or `None` when it is too large to be kept exactly."""
    if not fits(value, MONEY_DIGITS):
        return None
    return value.quantize(CENTS, rounding=ROUND_HALF_EVEN)


def sum_known(values: Iterable[Decimal | None]) -> tuple[Decimal, int, int]:
    """Return the sum of the known values, how many were known, and how many were not."""
    total, known, unknown = Decimal(0), 0, 0
    for value in values:
        if value is None:
            unknown += 1
        else:
            total += value
            known += 1
    return total, known, unknown
