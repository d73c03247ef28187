"""Rows of one answer that mean the same position become one, quantity-weighted."""

from decimal import Decimal
from hashlib import blake2b
from operator import attrgetter

import msgspec

from actandpos.types import PositionRow, RejectedRow
from livedata.schwab.numbers import EXACT, UnusableNumber, money, price, quantity
from livedata.schwab.positions import percent

KEY = attrgetter("symbol", "asset_type")


def merge_duplicates(
    rows: list[PositionRow],
) -> tuple[list[PositionRow], list[RejectedRow], list[str]]:
    """Return one row per (symbol, asset type), the positions whose sums do not fit, a note for each merged one."""
    if len(set(map(KEY, rows))) == len(rows):
        return rows, [], []
    by_key: dict[tuple[str, str], list[PositionRow]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    merged: list[PositionRow] = []
    rejected: list[RejectedRow] = []
    notes: list[str] = []
    for (symbol, _), same in by_key.items():
        if len(same) == 1:
            merged += same
            continue
        try:
            merged.append(_merge(same))
            notes.append(f"{len(same)} rows of {symbol} were merged.")
        except UnusableNumber as error:
            reason = f"{len(same)} rows could not be merged: {error}"
            rejected.append(RejectedRow(symbol=symbol, reason=reason))
    return merged, rejected, notes


def _merge(rows: list[PositionRow]) -> PositionRow:
    """Add up quantities and amounts; prices and percentages follow from the sums (§2.3's formulas).

    Raises:
        UnusableNumber: a sum has more digits than can be kept.
    """
    first = rows[0]
    held = quantity(sum((row.quantity for row in rows), Decimal(0)), "quantity") or Decimal(0)
    units = held * first.multiplier
    cost = _total([row.cost_basis for row in rows], "cost basis")
    value = _total([row.market_value for row in rows], "market value")
    pl_open = _total([row.pl_open for row in rows], "open P/L")
    pl_day = _total([row.pl_day for row in rows], "day P/L")
    before = None if value is None or pl_day is None else value - pl_day
    values = {
        "avg_price": price(_ratio(cost, units), "average price"),
        "mark_price": price(_ratio(value, units), "mark"),
        "cost_basis": cost,
        "market_value": value,
        "pl_open": pl_open,
        "pl_open_percent": percent(pl_open, cost),
        "pl_day": pl_day,
        "pl_day_percent": percent(pl_day, before),
    }
    reason = "Schwab sent this position in several rows, of which it cannot be computed."
    missing = {name: reason for name, figure in values.items() if figure is None}
    digest = blake2b("".join(row.digest for row in rows).encode(), digest_size=16).hexdigest()
    kept = {name: text for name, text in first.missing.items() if name not in values}
    return msgspec.structs.replace(first, quantity=held, missing=kept | missing, digest=digest, **values)


def _total(values: list[Decimal | None], name: str) -> Decimal | None:
    """Add up, or None when a part is not known."""
    known = [value for value in values if value is not None]
    return money(sum(known, Decimal(0)), name) if len(known) == len(values) else None


def _ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Divide, or None when either side is missing or the base is 0."""
    return None if part is None or not whole else EXACT.divide(part, whole)
