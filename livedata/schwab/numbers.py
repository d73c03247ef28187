"""Numbers on their way in: rounded once, half-even, to the stored scale; refused when they would not fit.

The book keeps at most 15 significant digits, since SQLite would change a longer number silently.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal

DIGITS = 15
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN, Emax=999999999, Emin=-999999999)
_SCALES = {places: Decimal(1).scaleb(-places) for places in (4, 6, 8)}


class UnusableNumber(ValueError):
    """A number that is not finite or has too many digits; the text says which."""


def rounded(value: Decimal | None, places: int, name: str) -> Decimal | None:
    """Return `value` with `places` decimals, or None for None.

    Raises:
        UnusableNumber: not finite, or more than 15 digits at this scale.
    """
    if value is None:
        return None
    # The exponent is looked at before any arithmetic: 1E1000000 is a short text and a very long integer.
    if not value.is_finite() or (value and value.adjusted() + 1 + places > DIGITS):
        raise UnusableNumber(f"{name} is out of range")
    result = value.quantize(_SCALES[places], context=_CONTEXT)
    if result and result.adjusted() + 1 + places > DIGITS:
        raise UnusableNumber(f"{name} is out of range")
    return result


def money(value: Decimal | None, name: str) -> Decimal | None:
    """Round US dollars (or percent) to 4 decimals."""
    return rounded(value, 4, name)


def price(value: Decimal | None, name: str) -> Decimal | None:
    """Round a price to 8 decimals."""
    return rounded(value, 8, name)


def quantity(value: Decimal | None, name: str) -> Decimal | None:
    """Round a quantity to 6 decimals."""
    return rounded(value, 6, name)
