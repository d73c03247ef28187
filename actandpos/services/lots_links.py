"""Recognises movements that belong together: an option and the shares delivered for it, an old name and a new one."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from actandpos.eastern import EASTERN
from actandpos.services.lots_types import Event, Key

DELIVERY_DAYS = timedelta(days=4)
"""Shares of an assignment on a Friday may be booked on the Monday, or after a holiday."""


class Step(Struct, frozen=True):
    """One thing to match, with what belongs to it."""

    key: Key
    event: Event
    delivery: Event | None = None
    """The shares that an assigned or exercised option brought or took."""
    successor: Event | None = None
    """What the units became: more of them by a split, or others by a change of name."""


def steps_of(events: Sequence[Event]) -> list[Step]:
    """Return the movements in the order in which they are matched.

    What happens to options by themselves happens at the end of its day, whatever time was booked: an option
    that was bought in the morning and expired is booked as of midnight.
    """
    ordered = sorted(events, key=lambda each: each.key)
    taken: set[int] = set()
    steps = [*_deliveries(ordered, taken), *_exchanges(ordered, taken)]
    for each in ordered:
        if id(each) not in taken:
            steps.append(Step(_closing(each) if each.kind == "option_event" else each.key, each))
    return sorted(steps, key=lambda step: step.key)


def _closing(*events: Event) -> Key:
    """Return the last place of the last of some days."""
    day = max(event.day for event in events)
    end = datetime.combine(day + timedelta(days=1), time.min, EASTERN)
    return Key(max(end, *(event.at for event in events)), max(event.key.activity for event in events))


def _deliveries(events: Sequence[Event], taken: set[int]) -> list[Step]:
    """Find options with the shares delivered for them, and note both as taken."""
    options = [each for each in events if each.kind == "option_event" and each.asset_type == "OPT"]
    wanted = {each.underlying for each in options}
    shares: dict[str, list[Event]] = {}
    for each in events:
        if each.symbol in wanted and each.asset_type != "OPT" and not each.from_order:
            shares.setdefault(each.symbol, []).append(each)
    steps = []
    for option in options:
        free = [each for each in shares.get(option.underlying, []) if id(each) not in taken]
        found = _shares_of(option, [each for each in free if _delivers(option, each)])
        if found:
            taken.update(map(id, [option, *found]))
            delivery = _as_one([_at_strike(option, each) for each in found])
            steps.append(Step(_closing(option, *found), option, delivery=delivery))
    return steps


def _shares_of(option: Event, candidates: Sequence[Event]) -> list[Event]:
    """Return the shares that came or went for an option: all that it stands for, in one row or in several."""
    wanted = abs(option.quantity) * option.multiplier
    whole = next((each for each in candidates if abs(each.quantity) == wanted), None)
    if whole is not None:
        return [whole]
    # What closes a holding and what goes beyond it are booked apart.
    together = sum((abs(each.quantity) for each in candidates), Decimal(0)) == wanted
    return list(candidates) if together else []


def _as_one(shares: Sequence[Event]) -> Event:
    """Return several rows of one delivery as one."""
    first = shares[0]
    cost = (
        None
        if any(each.cost is None for each in shares)
        else sum((each.cost or 0 for each in shares), Decimal(0))
    )
    units = sum((each.quantity for each in shares), Decimal(0))
    fees = sum((each.fees for each in shares), Decimal(0))
    opens = any(each.may_open for each in shares) or None
    return replace(first, quantity=units, cost=cost, fees=fees, may_open=opens)


def _delivers(option: Event, shares: Event) -> bool:
    """Tell whether shares may have come or gone for an option: at its strike and its way round."""
    if shares.kind == "trade" and shares.day != option.day:
        return False
    if not timedelta() <= shares.day - option.day <= DELIVERY_DAYS or option.strike is None:
        return False
    bought = (option.quantity > 0) == (option.put_call == "PUT")
    if (shares.quantity > 0) != bought or abs(shares.quantity) > abs(option.quantity) * option.multiplier:
        return False
    at_strike = abs(shares.cost or 0) == option.strike * abs(shares.quantity)
    return at_strike or shares.price == option.strike or not (shares.cost or shares.price)


def _at_strike(option: Event, shares: Event) -> Event:
    """Return the delivery with its price where only units were booked: the contract says what was paid."""
    if shares.cost or option.strike is None:
        return shares
    return replace(
        shares, cost=-(shares.quantity * option.strike).quantize(Decimal("0.0001")), price=option.strike
    )


def _exchanges(events: Sequence[Event], taken: set[int]) -> list[Step]:
    """Find transactions that replace units by others, without cash, and note both sides as taken."""
    by_transaction: dict[int, list[Event]] = {}
    for each in events:
        if each.kind in ("transfer", "option_event") and id(each) not in taken:
            by_transaction.setdefault(each.transaction_id, []).append(each)
    steps = []
    for pair in by_transaction.values():
        if len(pair) == 2 and not any(each.cost for each in pair):
            old, new = sorted(pair, key=lambda each: each.quantity)
            same_kind = (old.asset_type == "OPT") == (new.asset_type == "OPT")
            if old.quantity < 0 < new.quantity and same_kind:
                taken.update((id(old), id(new)))
                steps.append(Step(old.key, old, successor=new))
    return steps
