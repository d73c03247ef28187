"""Shares an amount out among parts so that nothing is lost: what rounding leaves over goes to the last."""

from collections.abc import Sequence
from decimal import Decimal

from actandpos.services.lots_types import ZERO, Lot, Part

CENTS = Decimal("0.0001")


def share(value: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Return a part's share of an amount, to 4 places; the whole gets all, so that nothing is lost on the way."""
    if part == whole:
        return value
    return (value * part / whole).quantize(CENTS)


def outlay(lot: Lot) -> Decimal:
    """Return what a unit cost: of a short, less the more it brought."""
    return -(lot.gross or ZERO) / abs(lot.quantity)


def nobodys(rest: Decimal) -> list[Part]:
    """Return what of a movement closes nothing that is known, as a part of no lot."""
    return [Part(lot=None, quantity=-rest, gross=None, fees=ZERO)] if rest else []


def premium(part: Part, fees: Decimal | None) -> Decimal | None:
    """Return what a part of an option brought (or cost, negative) after the fees of both sides."""
    return None if part.gross is None else part.gross - part.fees - (fees or ZERO)


def spread(
    amount: Decimal | None, parts: Sequence[Part], whole: Decimal
) -> tuple[list[Decimal | None], Decimal | None]:
    """Return each part's share of a movement's amount, and what is left for the new lot."""
    if amount is None:
        return [None] * len(parts), None
    shares: list[Decimal | None] = []
    left, units = amount, -whole
    for part in parts:
        each = share(left, part.quantity, units)
        shares.append(each)
        left, units = left - each, units - part.quantity
    return shares, left
