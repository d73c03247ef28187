"""Spells positions and orders as rows of text for `upsert`."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from actandpos.models import Order, Position, RejectedRow
from actandpos.plain import plain
from actandpos.services.upsert import Target, TextRow
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
        "status_description",
    ),
    key=("account_id", "broker_order_id"),
)
REJECTED = Target(model=RejectedRow, columns=("account_id", "symbol", "reason", "seen_at"))
DESCRIPTIONS = Target(model=Position, columns=("description", "as_of"))
DESCRIPTION_LENGTH = 200
REASON_LENGTH = 300
SYMBOL_LENGTH = 64


def moment(value: datetime) -> str:
    """Return a time as both databases read it: in UTC, without a zone as SQLite compares text."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


def _number(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def position_texts(account_id: int, rows: Iterable[PositionRow], as_of: datetime) -> list[TextRow]:
    """Return the rows in the column order of `POSITIONS`."""
    account, seen = str(account_id), moment(as_of)
    return [
        (
            *(account, row.symbol, row.asset_type, row.broker_asset_type, row.underlying),
            row.description[:DESCRIPTION_LENGTH] if row.description else row.description,
            *(str(row.quantity), _number(row.avg_price), _number(row.mark_price), _number(row.mark_change)),
            *(str(row.multiplier), _number(row.market_value), _number(row.cost_basis), _number(row.pl_open)),
            *(_number(row.pl_open_percent), _number(row.pl_day), _number(row.pl_day_percent), row.put_call),
            *(_number(row.strike), row.expiration and row.expiration.isoformat()),
            *(_json(row.missing) if row.missing else "{}", row.digest, seen),
        )
        for row in rows
    ]


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


def order_text(account_id: int, values: dict[str, object]) -> TextRow:
    """Return one order in the column order of `ORDERS`."""
    return [str(account_id), *(_text(values[name]) for name in ORDERS.columns[1:])]


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, list):
        return _json(value)
    return str(value)
