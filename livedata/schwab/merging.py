"""Rows of one answer that mean the same position become one, quantity-weighted."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from hashlib import blake2b

import msgspec

from actandpos.types import PositionRow
from livedata.schwab.numbers import money, price

_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


def merge_duplicates(rows: list[PositionRow]) -> tuple[list[PositionRow], list[str]]:
    """Return one row per (symbol, asset type) and a note for each that was merged."""
    by_key: dict[tuple[str, str], list[PositionRow]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    if len(by_key) == len(rows):
        return rows, []
    notes = [f"{len(same)} rows of {key[0]} were merged." for key, same in by_key.items() if len(same) > 1]
    return [same[0] if len(same) == 1 else _merge(same) for same in by_key.values()], notes


def _merge(rows: list[PositionRow]) -> PositionRow:
    """Add up quantities and amounts; prices and percentages follow from the sums."""
    first = rows[0]
    held = sum((row.quantity for row in rows), Decimal(0))
    units = held * first.multiplier
    cost = _total([row.cost_basis for row in rows])
    value = _total([row.market_value for row in rows])
    pl_open, pl_day = _total([row.pl_open for row in rows]), _total([row.pl_day for row in rows])
    values = {
        "avg_price": price(_ratio(cost, units), "average price"),
        "mark_price": price(_ratio(value, units), "mark"),
        "cost_basis": cost,
        "market_value": value,
        "pl_open": pl_open,
        "pl_open_percent": money(_ratio(_hundred(pl_open), abs(cost) if cost else None), "percentage"),
        "pl_day": pl_day,
        "pl_day_percent": None,
    }
    reason = "Schwab sent this position in several rows, which leaves no base for it."
    missing = {name: reason for name, figure in values.items() if figure is None}
    digest = blake2b("".join(row.digest for row in rows).encode(), digest_size=16).hexdigest()
    kept = {name: text for name, text in first.missing.items() if name not in values}
    return msgspec.structs.replace(first, quantity=held, missing=kept | missing, digest=digest, **values)


def _total(values: list[Decimal | None]) -> Decimal | None:
    """Add up, or None when a part is not known."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def _ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Divide, or None when either side is missing or the base is 0."""
    return None if part is None or not whole else _EXACT.divide(part, whole)


def _hundred(value: Decimal | None) -> Decimal | None:
    """Return a value in hundredths."""
    return None if value is None else value * 100
