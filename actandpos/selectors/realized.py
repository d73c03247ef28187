"""Reads what closing lots brought, summed by symbol, day, month and year. Sums are made here: SQLite adds in floats."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from actandpos.models import Account, RealizedLot

ZERO = Decimal(0)


class Closing(Struct, frozen=True, gc=False):
    """Units of one lot that were closed; `pl` null when nobody can know it."""

    symbol: str
    underlying: str
    asset_type: str
    day: date
    closed_at: datetime
    quantity: Decimal
    proceeds: Decimal | None
    cost: Decimal | None
    fees: Decimal | None
    pl: Decimal | None
    unmatched: str


class BySymbol(Struct, frozen=True):
    """One symbol's closings. Units count without sign; sums are of those whose P/L is known."""

    symbol: str
    underlying: str
    asset_type: str
    quantity: Decimal
    proceeds: Decimal
    cost: Decimal
    fees: Decimal
    pl: Decimal | None
    unmatched_quantity: Decimal


class Sum(Struct, frozen=True):
    """P/L and fees of a day, a month or a year."""

    name: str
    pl: Decimal
    fees: Decimal


def closings(accounts: Sequence[Account], first: date, last: date) -> list[Closing]:
    """Return the closings of some Eastern days, newest first."""
    rows = RealizedLot.objects.filter(account__in=[each.pk for each in accounts], day__range=(first, last))
    return [
        Closing(*row) for row in rows.order_by("-closed_at", "-id").values_list(*Closing.__struct_fields__)
    ]


def by_symbol(rows: Sequence[Closing]) -> list[BySymbol]:
    """Return the sums of each symbol, by name."""
    groups: dict[tuple[str, str], list[Closing]] = {}
    for row in rows:
        groups.setdefault((row.symbol, row.asset_type), []).append(row)
    return [_symbol(groups[key]) for key in sorted(groups)]


def _symbol(rows: list[Closing]) -> BySymbol:
    known = [row for row in rows if row.pl is not None]
    return BySymbol(
        symbol=rows[0].symbol,
        underlying=rows[0].underlying,
        asset_type=rows[0].asset_type,
        quantity=total(abs(row.quantity) for row in rows),
        proceeds=total(row.proceeds for row in known),
        cost=total(row.cost for row in known),
        fees=total(row.fees for row in known),
        pl=total(row.pl for row in known) if known else None,
        unmatched_quantity=total(abs(row.quantity) for row in rows if row.pl is None),
    )


def by_period(rows: Sequence[Closing], name: Callable[[date], str]) -> list[Sum]:
    """Return the sums of each period that `name` tells of a day, oldest first."""
    groups: dict[str, list[Closing]] = {}
    for row in rows:
        if row.pl is not None:
            groups.setdefault(name(row.day), []).append(row)
    return [
        Sum(key, total(row.pl for row in groups[key]), total(row.fees for row in groups[key]))
        for key in sorted(groups)
    ]


def total(values: Iterable[Decimal | None]) -> Decimal:
    """Return the exact sum of what is known."""
    return sum((value for value in values if value is not None), ZERO)
