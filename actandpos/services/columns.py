"""Spells positions as rows of text for `upsert`, and single values for the other rows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter

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
