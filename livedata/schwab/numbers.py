"""Numbers on their way in: rounded once, half-even, to the stored scale; refused when they would not fit.

The book keeps at most 15 significant digits, since SQLite would change a longer number silently. Columns of numbers
are worked on by `map` over functions written in C: a step of Python per number costs several times more.
"""

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from itertools import repeat
from typing import Any

Column = Sequence[Decimal | None]

DIGITS = 15
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""For what is computed on the way; it is rounded for good at the end. Columns are worked on with it as the current
context: an operator then costs half of what the context's method does."""
_KEPT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
_is_nan: Callable[[Any], bool] = Decimal.is_nan
_SCALES = {places: Decimal(1).scaleb(-places) for places in (4, 6, 8)}


class UnusableNumber(ValueError):
    """A number that is not finite or has too many digits; the text says which."""


def rounded_column(values: Column, places: int, name: str) -> list[Decimal | None]:
    """Return `values` with `places` decimals each, None for None.

    Raises:
        UnusableNumber: one is not finite, or has more than 15 digits at this scale.
    """
    try:
        # `quantize` refuses infinity and whatever has more digits than its context, before any arithmetic:
        # 1E1000000 is a short text and a very long integer.
        result = each(_KEPT.quantize, values, repeat(_SCALES[places]))
    except InvalidOperation as error:
        raise UnusableNumber(f"{name} is out of range") from error
    if any(map(_is_nan, filter(None, result) if has_nulls(result) else result)):
        raise UnusableNumber(f"{name} is out of range")
    return result


def each(operation: Callable[..., Decimal], *columns: "Column | repeat[Decimal]") -> list[Decimal | None]:
    """Return what an operation makes of each row of some columns; a row with a null in it gives null."""
    try:
        return list(map(operation, *columns))
    except TypeError:
        rows = zip(*columns, strict=False)  # a repeated number has no end
        return [None if any(cell is None for cell in row) else operation(*row) for row in rows]


def has_nulls(values: Column) -> bool:
    """Tell whether a column has a null; most columns have not even a zero."""
    return not all(values) and any(value is None for value in values)


def rounded(value: Decimal | None, places: int, name: str) -> Decimal | None:
    """Return one number as `rounded_column` does."""
    return rounded_column([value], places, name)[0]


def money(value: Decimal | None, name: str) -> Decimal | None:
    """Round US dollars (or percent) to 4 decimals."""
    return rounded(value, 4, name)


def price(value: Decimal | None, name: str) -> Decimal | None:
    """Round a price to 8 decimals."""
    return rounded(value, 8, name)


def quantity(value: Decimal | None, name: str) -> Decimal | None:
    """Round a quantity to 6 decimals."""
    return rounded(value, 6, name)


def moneys(values: Column, name: str) -> list[Decimal | None]:
    """Round a column of US dollars (or percent) to 4 decimals."""
    return rounded_column(values, 4, name)


def prices(values: Column, name: str) -> list[Decimal | None]:
    """Round a column of prices to 8 decimals."""
    return rounded_column(values, 8, name)


def quantities(values: Column, name: str) -> list[Decimal | None]:
    """Round a column of quantities to 6 decimals."""
    return rounded_column(values, 6, name)
