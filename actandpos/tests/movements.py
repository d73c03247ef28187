"""Movements of securities for the tests of matching, all invented, by hand or at random under a seed."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from actandpos.services.lots_types import Event, Key, Matched

MORNING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CALL, PUT = "XYZ   260320C00100000", "XYZ   260320P00090000"
EXPIRY = date(2026, 3, 20)


def day_of(number: int) -> date:
    """Return the day so many days after the first."""
    return MORNING.date() + timedelta(days=number)


def moved(number: int, quantity: str, cost: str | None, day: int = 0, **more: Any) -> Event:
    """Return a movement of XYZ; `number` is its transaction and its minute of the day."""
    at = MORNING + timedelta(days=day, minutes=number)
    usual: dict[str, Any] = {
        "transaction_id": number,
        "key": Key(at, f"{number:032}"),
        "at": at,
        "day": at.date(),
        "kind": "trade",
        "symbol": "XYZ",
        "underlying": "XYZ",
        "asset_type": "EQ",
        "quantity": Decimal(quantity),
        "cost": None if cost is None else Decimal(cost),
    }
    return Event(**usual | more)


def contract(number: int, quantity: str, cost: str | None, day: int = 0, **more: Any) -> Event:
    """Return a movement of the call at 100 or, with `symbol=PUT`, of the put at 90, both ending on day 18."""
    put = more.get("symbol") == PUT
    usual: dict[str, Any] = {
        "symbol": CALL,
        "asset_type": "OPT",
        "multiplier": Decimal(100),
        "put_call": "PUT" if put else "CALL",
        "strike": Decimal(90 if put else 100),
        "expiration": EXPIRY,
    }
    return moved(number, quantity, cost, day, **usual | more)


def at_random(rng: random.Random) -> list[Event]:
    """Return up to twenty trades of a share and its call: long, short, fractional, with fees, across zero."""
    events = []
    for number in range(rng.randint(1, 20)):
        units = Decimal(rng.randint(1, 4000)) / rng.choice([1, 10, 1000]) * rng.choice([1, -1])
        cash = -units * Decimal(rng.randint(1, 90000)) / 100
        fees = Decimal(rng.randint(0, 300)) / 100
        make = rng.choice([moved, contract])
        opens = rng.choice([True, None, None, None, False])
        day = rng.randint(0, 15)
        events.append(
            make(
                number + 1,
                str(units),
                str(cash.quantize(Decimal("0.0001"))),
                day,
                fees=fees,
                may_open=opens,
            )
        )
    return events


def cash_of(events: Sequence[Event]) -> Decimal:
    """Return what movements brought, fees paid."""
    return sum(((each.cost or Decimal(0)) - each.fees for each in events), Decimal(0))


def cash_in(matched: Matched) -> Decimal:
    """Return the cash that lots and P/L account for: gains, what is invested, and closings of nothing known."""
    gains = sum((each.pl for each in matched.realized if each.pl is not None), Decimal(0))
    loose = [each for each in matched.realized if each.pl is None]
    nobodys = sum(((each.proceeds or Decimal(0)) - (each.fees or Decimal(0)) for each in loose), Decimal(0))
    held = [lot for lots in matched.lots.values() for lot in lots]
    return gains + nobodys - sum((lot.cost or Decimal(0) for lot in held), Decimal(0))


def shown(matched: Matched) -> tuple[object, ...]:
    """Return what was matched, comparable."""
    lots = {
        symbol: [(lot.quantity, lot.gross, lot.fees, lot.opened_by) for lot in each]
        for symbol, each in matched.lots.items()
        if each
    }
    return lots, sorted(matched.realized, key=lambda each: (each.closed_by, each.opened_by or 0))
