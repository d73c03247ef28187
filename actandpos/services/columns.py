"""Spells positions as rows of text for `upsert`, and single values for the other rows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import msgspec

from actandpos.models import Position, RejectedRow
from actandpos.services.upsert import Target, TextColumn
from actandpos.types import PositionRow

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
HELD = Target(
    model=Position,
    columns=tuple(name for name in POSITIONS.columns if name not in POSITIONS.key),
    keep=POSITIONS.keep,
)
"""The same for rows that are known by their id."""
REJECTED = Target(model=RejectedRow, columns=("account_id", "symbol", "reason", "seen_at"))
DESCRIPTIONS = Target(model=Position, columns=("description", "as_of"))
TEXT = ("symbol", "asset_type", "broker_asset_type", "underlying", "description", "put_call", "digest")
DESCRIPTION_LENGTH = 200
REASON_LENGTH = 300
SYMBOL_LENGTH = 64


def moment(value: datetime) -> str:
    """Return a time as both databases read it: in UTC, without a zone as SQLite compares text."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


def position_columns(
    target: Target, account_id: int, rows: Sequence[PositionRow], as_of: datetime
) -> list[TextColumn]:
    """Return the rows as a target's columns: whole columns at once, since that spares a step per cell."""
    same = {"account_id": str(account_id), "as_of": moment(as_of)}
    return [
        [same[name]] * len(rows) if name in same else _column(name, list(map(attrgetter(name), rows)))
        for name in target.columns
    ]


def _column(name: str, values: list[Any]) -> TextColumn:
    """Return values as text, null staying null."""
    if name in TEXT:
        return values
    if name == "missing":
        return _jsons(values)
    if all(values):
        return list(map(str, values))
    return [None if value is None else str(value) for value in values]


def _jsons(values: Sequence[dict[str, str]]) -> list[str]:
    """Return objects as JSON, each that several rows share spelled once."""
    texts = {id(value): json_text(value) for value in {id(value): value for value in values}.values()}
    return [texts[id(value)] for value in values]


def json_text(value: object) -> str:
    """Return a value as JSON."""
    return msgspec.json.encode(value).decode()


def text(value: object) -> str | None:
    """Return a value as both databases read it; null stays null."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, (list, dict)):
        return json_text(value)
    return str(value)
