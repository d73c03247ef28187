"""Reads many numbers as fast as the driver gives them.

SQLite keeps a `DecimalField` as a double, which Django rounds back to the column's scale at four times the price of
its shortest spelling. Stored numbers have at most 15 significant digits, within which that spelling is the number.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, F, Field, QuerySet


def exact_rows(rows: QuerySet[Any], names: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Return what `values_list` does, the model's numbers being Decimals of the same value as stored."""
    fields = rows.model._meta.concrete_fields
    numbers = {each.name for each in fields if isinstance(each, DecimalField)}
    asked = [ExpressionWrapper(F(name), output_field=Field()) if name in numbers else name for name in names]
    columns = zip(*rows.values_list(*asked), strict=True)
    read = [
        _decimals(column) if name in numbers else column for name, column in zip(names, columns, strict=False)
    ]
    return zip(*read, strict=True)


def _decimals(values: Iterable[Decimal | float | int | None]) -> list[Decimal | None]:
    """Return a column as the driver has it as Decimals: PostgreSQL's gives them, SQLite's integers and doubles."""
    return [
        value if value is None or isinstance(value, Decimal) else Decimal(repr(value)) for value in values
    ]
