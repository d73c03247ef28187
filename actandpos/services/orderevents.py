"""What changed about an order between two readings: noticed by us, since the broker's list tells only how it is now."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from actandpos.plain import plain
from actandpos.types import OrderEventRow, OrderRow

AMOUNTS = {"limit_price": "Limit price", "stop_price": "Stop price", "quantity": "Quantity"}
WORDS = {"order_type": "Type", "duration": "Duration", "session": "Session"}


class StoredOrder(Struct, frozen=True):
    """What is stored of an order, as far as a newer reading is compared with it."""

    id: int
    digest: str
    observed_at: datetime | None
    parent_broker_order_id: str | None
    replaces_broker_order_id: str | None
    status: str
    status_group: str
    limit_price: Decimal | None
    stop_price: Decimal | None
    quantity: Decimal | None
    order_type: str
    duration: str
    session: str


def changes(stored: StoredOrder, row: OrderRow, observed_at: datetime) -> list[OrderEventRow]:
    """Return what is new about an order. That it is over is left to the broker's own time when there is one."""
    found = [
        _event(observed_at, name, _moved(label, getattr(stored, name), getattr(row, name)), row)
        for name, label in (AMOUNTS | WORDS).items()
        if getattr(stored, name) != getattr(row, name) and _both_told(stored, row, name)
    ]
    over = row.status_group != "working" and row.closed_at is not None
    if stored.status != row.status and not over:
        text = f"Status {stored.status or 'unknown'} → {row.status or 'unknown'}"
        found.append(_event(observed_at, "status", text, row))
    return found


def _both_told(stored: StoredOrder, row: OrderRow, name: str) -> bool:
    """Words were not kept of orders read long ago: what was unknown has not changed."""
    return name in AMOUNTS or bool(getattr(stored, name) and getattr(row, name))


def _moved(label: str, before: Any, after: Any) -> str:
    return f"{label} {_shown(before)} → {_shown(after)}"


def _shown(value: Decimal | str | None) -> str:
    return "none" if value is None else value if isinstance(value, str) else plain(value) or ""


def _event(at: datetime, name: str, text: str, row: OrderRow) -> OrderEventRow:
    """Return the event of one column; reading the same again gives the same key."""
    price = {"limit_price": row.limit_price, "stop_price": row.stop_price}.get(name)
    return OrderEventRow(
        key=f"{round(at.timestamp() * 1_000_000)}:{name}",
        at=at,
        kind="status" if name == "status" else "changed",
        status=row.status,
        text=text[:300],
        quantity=row.quantity if name == "quantity" else None,
        price=price,
    )
