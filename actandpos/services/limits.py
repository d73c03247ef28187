"""Says which values the tables hold exactly: SQLite changes numbers of more than 15 significant digits."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import chain
from operator import attrgetter

from actandpos.types import PositionRow

MAX_DIGITS = 15
PLACES = Decimal("0.0001")
MONEY_DIGITS = MAX_DIGITS - 4
PRICE_DIGITS = MAX_DIGITS - 8
QUANTITY_DIGITS = MAX_DIGITS - 6
TOO_LONG = "A figure has more digits than can be kept exactly (15 in all)."
POSITION_DIGITS = (
    (
        attrgetter("market_value", "cost_basis", "pl_open", "pl_open_percent", "pl_day", "pl_day_percent"),
        MONEY_DIGITS,
    ),
    (attrgetter("avg_price", "mark_price", "mark_change", "strike"), PRICE_DIGITS),
    (attrgetter("quantity", "multiplier"), QUANTITY_DIGITS),
)


def fits(values: Iterable[Decimal | None], whole_digits: int) -> bool:
    """Return whether values have so few digits before the point. `None` fits; NaN and infinity do not.

    Digits after the point need no look: values come rounded to their column's scale.
    """
    known = list(filter(None, values))
    return max(map(Decimal.adjusted, known), default=0) < whole_digits and all(map(Decimal.is_finite, known))


def rows_fit(rows: Sequence[PositionRow]) -> bool:
    """Return whether every figure of every row can be stored as it is."""
    return all(fits(chain.from_iterable(map(figures, rows)), digits) for figures, digits in POSITION_DIGITS)


def money(value: Decimal) -> Decimal | None:
    """Return an amount rounded half-even to 4 places, or `None` when it is too large to be kept exactly."""
    if not fits([value], MONEY_DIGITS):
        return None
    return value.quantize(PLACES, rounding=ROUND_HALF_EVEN)


def sum_known(values: Iterable[Decimal | None]) -> tuple[Decimal, int, int]:
    """Return the sum of the known values, how many were known, and how many were not."""
    parts = list(values)
    known = [value for value in parts if value is not None]
    return sum(known, Decimal(0)), len(known), len(parts) - len(known)
