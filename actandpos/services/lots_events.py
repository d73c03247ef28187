"""Turns stored transactions into the movements that lots are matched from."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet

from actandpos.models import TransferItem
from actandpos.services.lots_parts import share
from actandpos.services.lots_types import ZERO, Event, Key
from actandpos.transaction_types import IGNORED

COLUMNS = (
    *("transaction_id", "transaction__at", "transaction__broker_activity_id", "transaction__trade_date"),
    *("transaction__kind", "transaction__fees", "transaction__sub_account", "transaction__broker_order_id"),
    *("transaction__description", "symbol", "underlying", "asset_type", "quantity", "cost", "price"),
    *("position_effect", "multiplier", "put_call", "strike", "expiration"),
)
ID_WIDTH = 32
Row = dict[str, Any]


def counted_items(account_id: int) -> QuerySet[TransferItem]:
    """Return the securities that an account's transactions moved, without what counts in no sum."""
    items = TransferItem.objects.filter(transaction__account_id=account_id, fee_type=None).exclude(
        underlying=""
    )
    return items.exclude(Q(transaction__status__in=IGNORED) | Q(quantity=None) | Q(quantity=0)).order_by()


def events_of(items: QuerySet[TransferItem]) -> list[Event]:
    """Return the movements, one a security row. A transaction's fees are shared out by amount."""
    rows = items.order_by("transaction_id", "place").values(*COLUMNS)
    found: list[Event] = []
    for _, group in groupby(rows, key=itemgetter("transaction_id")):
        each = list(group)
        fees = _shared_fees(each)
        found += [_event(row, fee) for row, fee in zip(each, fees, strict=True)]
    return found


def events_of_transactions(account_id: int, ids: Collection[int]) -> list[Event]:
    """Return the movements of some transactions."""
    return events_of(counted_items(account_id).filter(transaction_id__in=ids))


def _event(row: Row, fees: Decimal | None) -> Event:
    kind = row["transaction__kind"] if row["transaction__kind"] in ("trade", "option_event") else "transfer"
    return Event(
        transaction_id=row["transaction_id"],
        key=Key(row["transaction__at"], row["transaction__broker_activity_id"].zfill(ID_WIDTH)),
        at=row["transaction__at"],
        day=row["transaction__trade_date"],
        kind=kind,
        symbol=row["symbol"],
        underlying=row["underlying"],
        asset_type=row["asset_type"],
        quantity=row["quantity"],
        cost=None if fees is None else row["cost"],
        fees=fees or ZERO,
        price=row["price"],
        may_open=_may_open(row, kind),
        from_order=row["transaction__broker_order_id"] is not None,
        text=row["transaction__description"],
        multiplier=row["multiplier"],
        put_call=row["put_call"],
        strike=row["strike"],
        expiration=row["expiration"],
    )


def _may_open(row: Row, kind: str) -> bool | None:
    """Tell whether a movement may open a lot: as the broker says, else as its side and sub-account show."""
    effect = row["position_effect"]
    if effect in ("OPENING", "CLOSING"):
        return bool(effect == "OPENING")
    bought = row["quantity"] > 0
    if kind == "trade":
        return True if bought or row["transaction__sub_account"] == "SHORT" else None
    return True if bought and kind == "transfer" else None


def _shared_fees(rows: Sequence[Row]) -> list[Decimal | None]:
    """Return each security's share of its transaction's fees; null where a trade does not tell them."""
    fees: Decimal | None = rows[0]["transaction__fees"]
    if fees is None:
        return [None if rows[0]["transaction__kind"] == "trade" else ZERO] * len(rows)
    if len(rows) == 1:
        return [fees]
    weights = [abs(row["cost"] or ZERO) for row in rows]
    left, weight = fees, sum(weights, ZERO)
    shares: list[Decimal | None] = []
    for each in weights[:-1]:
        part = share(left, each, weight) if weight else ZERO
        shares.append(part)
        left, weight = left - part, weight - each
    return [*shares, left]
