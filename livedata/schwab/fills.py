"""What was executed of an order, at what average price, and whether that agrees with what Schwab counts as filled."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b

from msgspec import Struct

from actandpos.types import FillRow, OrderEventRow, OrderLegRow
from livedata.schwab import wire
from livedata.schwab.numbers import EXACT, price, quantity
from livedata.schwab.times import moment_of

SIGNS = {"BUY": 1, "SELL": -1}
UNKNOWN_LEG = 0
ZERO = Decimal(0)

NOTHING = "Nothing was filled."
UNTOLD = "Schwab lists no fill, though it counts {} as filled."
NO_LEG = "A fill does not say which leg it belongs to."
NO_SIGN = "A leg neither buys nor sells, so there is no net price."
MIXED = "Its legs count in different units, shares and contracts, so they have no common price."
UNEVEN = "Its legs are not filled evenly, so there is no net price yet."
DISAGREE = "Schwab counts {} as filled, the fills it lists add up to {}."


class Average(Struct, frozen=True):
    """The average price of the fills: per unit, for several legs net and paid positive; or why there is none."""

    price: Decimal | None
    reason: str = ""


def is_fill(activity: wire.ActivityWire) -> bool:
    """Tell whether something was executed: cancellations come as executions too, with price 0 (§2.4)."""
    return activity.execution_type == "FILL" and activity.activity_type in ("EXECUTION", "")


def read_fills(order: wire.OrderWire, legs: Sequence[OrderLegRow]) -> list[FillRow]:
    """Return the fills, one for each leg of each execution, oldest first: Schwab may list them in any order."""
    by_id = {leg.leg_id: leg for leg in legs}
    seen: Counter[tuple[str, int]] = Counter()
    fills = []
    for activity in filter(is_fill, order.order_activity_collection or []):
        for part in activity.execution_legs or []:
            at, units = price(part.price, "fill price"), quantity(part.quantity, "fill quantity")
            if at is None or units is None or units <= 0:
                continue
            leg = legs[0] if len(legs) == 1 else by_id.get(part.leg_id or UNKNOWN_LEG)
            leg_id = leg.leg_id if leg else UNKNOWN_LEG
            name = _name(activity, part.time, at, units)
            seen[name, leg_id] += 1
            again = seen[name, leg_id]
            fills.append(
                FillRow(
                    key=name if again == 1 else f"{name}/{again}",
                    leg_id=leg_id,
                    symbol=leg.symbol if leg else "",
                    side=leg.side if leg else "",
                    quantity=units,
                    price=at,
                    filled_at=moment_of(part.time),
                )
            )
    return sorted(fills, key=_order)


def _order(fill: FillRow) -> tuple[bool, float, str, int]:
    """Sort by time, what has none last."""
    at = fill.filled_at
    return (at is None, at.timestamp() if at else 0.0, fill.key, fill.leg_id)


def _name(activity: wire.ActivityWire, *said: object) -> str:
    """Return what an execution is known by: its id, or without one what it says, wherever it is listed."""
    if activity.activity_id is not None:
        return str(activity.activity_id)
    return "x" + blake2b(repr(said).encode(), digest_size=8).hexdigest()


def read_told(order: wire.OrderWire, closed_at: datetime | None) -> list[OrderEventRow]:
    """Return what Schwab tells of the order's life besides fills; what has no time cannot be placed and is left out."""
    return list(_told(order, closed_at))


def _told(order: wire.OrderWire, closed_at: datetime | None) -> Iterator[OrderEventRow]:
    seen: Counter[str] = Counter()
    for activity in order.order_activity_collection or []:
        parts = activity.execution_legs or []
        times = [at for part in parts if (at := moment_of(part.time)) is not None]
        at = min(times, default=closed_at)
        if is_fill(activity) or at is None:
            continue
        units = quantity(activity.quantity, "activity quantity")
        is_cancel = activity.execution_type == "CANCELED"
        word = f"{activity.activity_type} {activity.execution_type}".strip()
        name = _name(activity, word, at.isoformat(), units)
        seen[name] += 1
        yield OrderEventRow(
            key=f"told:{name}:{seen[name]}",
            at=at,
            kind="canceled" if is_cancel else "status",
            text="" if is_cancel else word[:300],
            quantity=units,
        )


def average(
    legs: Sequence[OrderLegRow], fills: Sequence[FillRow], ordered: Decimal | None, filled: Decimal | None
) -> Average:
    """Return Σ(price × quantity) ÷ Σ quantity; for several legs Σ(± price × quantity) ÷ combinations filled."""
    if not fills:
        return Average(None, UNTOLD.format(_plain(filled)) if filled else NOTHING)
    if len(legs) > 1:
        return _net(legs, fills, ordered, filled)
    amount = sum((fill.price * fill.quantity for fill in fills), ZERO)
    return Average(EXACT.divide(amount, sum((fill.quantity for fill in fills), ZERO)))


def _net(
    legs: Sequence[OrderLegRow], fills: Sequence[FillRow], ordered: Decimal | None, filled: Decimal | None
) -> Average:
    """Return the net price of a combination."""
    if len({leg.asset_type for leg in legs}) > 1:
        return Average(None, MIXED)
    if any(fill.leg_id == UNKNOWN_LEG for fill in fills):
        return Average(None, NO_LEG)
    signs = {leg.leg_id: SIGNS.get(leg.side.partition("_")[0]) for leg in legs}
    net = ZERO
    for fill in fills:
        sign = signs[fill.leg_id]
        if sign is None:
            return Average(None, NO_SIGN)
        net += sign * fill.price * fill.quantity
    units = combinations(legs, fills, ordered)
    count = filled if units is None and not ordered else units
    return Average(EXACT.divide(net, count)) if count else Average(None, UNEVEN)


def combinations(
    legs: Sequence[OrderLegRow], fills: Sequence[FillRow], ordered: Decimal | None
) -> Decimal | None:
    """Return how many units of the order its fills make up; None when the legs do not agree, or cannot be counted."""
    by_leg: defaultdict[int, Decimal] = defaultdict(Decimal)
    for fill in fills:
        by_leg[fill.leg_id] += fill.quantity
    if len(legs) <= 1:
        return sum(by_leg.values(), ZERO)
    if not ordered or not all(leg.quantity for leg in legs):
        return None
    counts = {EXACT.divide(by_leg[leg.leg_id] * ordered, leg.quantity or ordered) for leg in legs}
    return counts.pop() if len(counts) == 1 else None


def disagreement(
    legs: Sequence[OrderLegRow], fills: Sequence[FillRow], ordered: Decimal | None, filled: Decimal | None
) -> str:
    """Say where Schwab's count and the listed fills differ; empty when they agree or cannot be compared."""
    if filled is None or not legs or (not fills and not filled):
        return ""
    units = combinations(legs, fills, ordered)
    if units is None and (not ordered or not all(leg.quantity for leg in legs)):
        return ""
    listed = "uneven legs" if units is None else _plain(units)
    return "" if units == filled else DISAGREE.format(_plain(filled), listed)


def _plain(value: Decimal | None) -> str:
    return format(value.normalize(), "f") if value is not None else "none"
