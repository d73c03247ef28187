"""Spells positions and orders as rows of text for `upsert`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter

import msgspec

from actandpos.models import Order, Position, RejectedRow
from actandpos.plain import plain
from actandpos.services.upsert import Target, TextColumn
from actandpos.types import OrderRow, PositionRow

POSITIONS = Target(
    model=Position,
    columns=(
        *("account_id", "symbol", "asset_type", "broker_asset_type", "underlying", "description", "quantity"),
        *("avg_price", "mark_price", "mark_change", "multiplier", "market_value", "cost_basis", "pl_open"),
        *("pl_open_percent", "pl_day", "pl_day_percent", "put_call", "strike", "expiration", "missing"),
        *("digest", "as_of"),
    ),
    key=("account_id", "symbol", "asset_type"),
    keep=("description",),
)
ORDERS = Target(
    model=Order,
    columns=(
        *("account_id", "broker_order_id", "parent_broker_order_id", "symbol", "asset_type", "side"),
        *("position_effect", "quantity", "filled_quantity", "order_type", "limit_price", "stop_price"),
        *("avg_fill_price", "duration", "status", "status_group", "legs", "entered_at", "closed_at"),
        *("status_description", "replaces_broker_order_id", "structure", "spread", "session", "cancel_at"),
        "terms",
    ),
    key=("account_id", "broker_order_id"),
)
REJECTED = Target(model=RejectedRow, columns=("account_id", "symbol", "reason", "seen_at"))
DESCRIPTIONS = Target(model=Position, columns=("description", "as_of"))
TEXT = ("symbol", "asset_type", "broker_asset_type", "underlying", "description", "put_call", "digest")
NOT_TEXT = tuple(name for name in POSITIONS.columns if name not in (*TEXT, "account_id", "missing", "as_of"))
DESCRIPTION_LENGTH = 200
REASON_LENGTH = 300
SYMBOL_LENGTH = 64


def moment(value: datetime) -> str:
    """Return a time as both databases read it: in UTC, without a zone as SQLite compares text."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


def position_columns(account_id: int, rows: Sequence[PositionRow], as_of: datetime) -> list[TextColumn]:
    """Return the rows as the columns of `POSITIONS`: whole columns at once, since that spares a step per cell."""
    columns = {name: _texts(list(map(attrgetter(name), rows))) for name in NOT_TEXT}
    columns |= {name: list(map(attrgetter(name), rows)) for name in TEXT}
    columns["account_id"] = [str(account_id)] * len(rows)
    columns["as_of"] = [moment(as_of)] * len(rows)
    columns["missing"] = _jsons([row.missing for row in rows])
    return [columns[name] for name in POSITIONS.columns]


def _texts(column: Sequence[object]) -> TextColumn:
    """Return values as text, null staying null."""
    if all(column):
        return list(map(str, column))
    return [None if value is None else str(value) for value in column]


def _jsons(values: Sequence[dict[str, str]]) -> list[str]:
    """Return objects as JSON, each that several rows share spelled once."""
    texts = {id(value): _json(value) for value in {id(value): value for value in values}.values()}
    return [texts[id(value)] for value in values]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def legs_of(row: OrderRow) -> list[dict[str, object]]:
    """Return an order's legs as they are stored: the keys of the wire, numbers as text."""
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


def order_values(row: OrderRow) -> dict[str, object]:
    """Return an order's columns but the account, as the models hold them."""
    values: dict[str, object] = {name: getattr(row, name) for name in ORDERS.columns[1:]}
    values["legs"] = legs_of(row)
    if row.status_description:
        values["status_description"] = row.status_description[:REASON_LENGTH]
    return values


def order_columns(account_id: int, orders: Sequence[dict[str, object]]) -> list[TextColumn]:
    """Return orders, as `order_values` gives them, as the columns of `ORDERS`."""
    columns = [[_text(order[name]) for order in orders] for name in ORDERS.columns[1:]]
    return [[str(account_id)] * len(orders), *columns]


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, (list, dict)):
        return _json(value)
    return str(value)
