"""Spells orders with their legs, fills and events as rows of text for `upsert`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from msgspec import Struct

from actandpos.models import Order, OrderEvent, OrderFill, OrderLeg
from actandpos.plain import plain
from actandpos.services.columns import json_text, moment, text
from actandpos.services.upsert import Target, TextColumn, upsert
from actandpos.types import OrderEventRow, OrderRow

ORDERS = Target(
    model=Order,
    columns=(
        *("account_id", "broker_order_id", "parent_broker_order_id", "symbol", "asset_type", "side"),
        *("position_effect", "quantity", "filled_quantity", "order_type", "limit_price", "stop_price"),
        *("avg_fill_price", "duration", "status", "status_group", "legs", "entered_at", "closed_at"),
        *("status_description", "replaces_broker_order_id", "structure", "spread", "session", "cancel_at"),
        *("terms", "missing", "digest", "observed_at"),
    ),
    key=("account_id", "broker_order_id"),
)
LEGS = Target(
    model=OrderLeg,
    columns=(
        *("order_id", "leg_id", "symbol", "underlying", "asset_type", "side", "position_effect"),
        *("quantity", "put_call", "strike", "expiration"),
    ),
    key=("order_id", "leg_id"),
)
FILLS = Target(
    model=OrderFill,
    columns=("order_id", "activity_id", "leg_id", "symbol", "side", "quantity", "price", "filled_at"),
    key=("order_id", "activity_id", "leg_id"),
)
EVENTS = Target(
    model=OrderEvent,
    columns=("order_id", "key", "noticed", "at", "kind", "status", "text", "quantity", "price"),
    key=("order_id", "key"),
)
BESIDE = ("account_id", "legs", "digest", "observed_at")
DESCRIPTION_LENGTH = 300


class Noticed(Struct, frozen=True):
    """A change of one order that was seen between two readings."""

    broker_order_id: str
    event: OrderEventRow


def write_orders(
    account_id: int, rows: Sequence[OrderRow], digests: Sequence[str], observed_at: datetime
) -> None:
    """Insert orders or bring them up to date; `digests` come beside the rows."""
    columns: dict[str, TextColumn] = {
        name: [text(getattr(row, name)) for row in rows] for name in ORDERS.columns if name not in BESIDE
    }
    columns["status_description"] = [
        (row.status_description or "")[:DESCRIPTION_LENGTH] or None for row in rows
    ]
    columns["account_id"] = [str(account_id)] * len(rows)
    columns["legs"] = [json_text(legs_of(row)) for row in rows]
    columns["digest"] = list(digests)
    columns["observed_at"] = [moment(observed_at)] * len(rows)
    upsert(ORDERS, [columns[name] for name in ORDERS.columns])


def write_parts(ids: Mapping[str, int], rows: Sequence[OrderRow], noticed: Sequence[Noticed]) -> None:
    """Write legs, fills and events of orders whose ids are known: one statement each, however many there are."""
    legs = [(ids[row.broker_order_id], leg) for row in rows for leg in row.legs]
    fills = [(ids[row.broker_order_id], fill) for row in rows for fill in row.fills]
    told = [(ids[row.broker_order_id], event) for row in rows for event in row.told]
    seen = [(ids[each.broker_order_id], each.event) for each in noticed]
    _write(LEGS, legs)
    _write(FILLS, fills, {"activity_id": "key"})
    _write(EVENTS, told, constant={"noticed": "0"})
    _write(EVENTS, seen, constant={"noticed": "1"})


def _write(
    target: Target,
    rows: Sequence[tuple[int, Struct]],
    names: Mapping[str, str] | None = None,
    constant: Mapping[str, str] | None = None,
) -> None:
    """Upsert parts of orders; `names` are those that the rows call otherwise, `constant` what all have."""
    if not rows:
        return
    columns: list[TextColumn] = []
    for column in target.columns:
        if column == "order_id":
            columns.append([str(order_id) for order_id, _ in rows])
        elif constant and column in constant:
            columns.append([constant[column]] * len(rows))
        else:
            read = attrgetter((names or {}).get(column, column))
            columns.append([text(read(row)) for _, row in rows])
    upsert(target, columns)


def legs_of(row: OrderRow) -> list[dict[str, object]]:
    """Return an order's legs as they are stored beside it: the keys of the wire, numbers as text."""
    return [
        {
            "symbol": leg.symbol,
            "asset_type": leg.asset_type,
            "side": leg.side,
            "position_effect": leg.position_effect,
            "quantity": plain(leg.quantity),
            "put_call": leg.put_call,
            "strike": plain(leg.strike),
            "expiration": leg.expiration and leg.expiration.isoformat(),
        }
        for leg in row.legs
    ]
