"""What a reader gets of one order: itself, what it hangs together with, its fills and its life."""

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from actandpos.shown import OrderView


class FillView(Struct, frozen=True):
    """One execution of one leg: units and US dollars per unit."""

    leg_id: int
    symbol: str
    side: str
    quantity: Decimal
    price: Decimal
    filled_at: datetime | None


class TimelineEntry(Struct, frozen=True):
    """One line of a life. `noticed`: `at` is when it was seen, since the broker tells no time for it."""

    at: datetime
    noticed: bool
    kind: str
    status: str
    text: str
    quantity: Decimal | None
    price: Decimal | None
    order_id: int


class OrderDetail(Struct, frozen=True):
    """One order with its parent, all that hangs under it, its own fills oldest first, and the life of all of them."""

    order: OrderView
    parent: OrderView | None
    children: list[OrderView]
    fills: list[FillView]
    timeline: list[TimelineEntry]
