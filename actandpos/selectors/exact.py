"""Reads many numbers as fast as the driver gives them.

SQLite keeps a `DecimalField` as a double, which Django rounds back to the column's scale at four times the price of
its shortest spelling. Stored numbers have at most 15 significant digits, within which that spelling is the number.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import ExpressionWrapper, F, Field

Driven = Decimal | float | int | None
"""As the driver has it: PostgreSQL's gives Decimals, SQLite's integers and doubles."""


def as_driven(name: str) -> ExpressionWrapper:
    """Return a column for `values_list` that is not converted."""
    return ExpressionWrapper(F(name), output_field=Field())


def decimals(values: Iterable[Driven]) -> list[Decimal | None]:
    """Return a column of numbers as Decimals, null staying null."""
    return [
        value if value is None or isinstance(value, Decimal) else Decimal(repr(value)) for value in values
    ]


def with_decimals(rows: Iterable[Sequence[Any]], places: Iterable[int]) -> Iterable[tuple[Any, ...]]:
    """Return rows with the columns at these places as Decimals."""
    columns: list[Any] = list(zip(*rows, strict=True))
    for place in places if columns else ():
        columns[place] = decimals(columns[place])
    return zip(*columns, strict=True)
