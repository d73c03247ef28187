"""Finds what orders hang together with: parents, whose place they took, and the transactions that tell their fees."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from actandpos.models import Order, Transaction

Key = tuple[int, str]
Rows = Iterable[Mapping[str, Any]]


class Links(Struct, frozen=True):
    """Thor's ids of orders by account and the broker's id; `successors` by the id of the order replaced."""

    ids: dict[tuple[int, str | None], int]
    successors: dict[Key, int]


def links_of(rows: Rows) -> Links:
    """Return the ids of the parents and replaced orders of some rows, and of what took their place."""
    rows = list(rows)
    named = {row[name] for row in rows for name in ("parent_broker_order_id", "replaces_broker_order_id")}
    replaced = {row["broker_order_id"] for row in rows if row["status"] == "REPLACED"}
    accounts = {row["account_id"] for row in rows}
    ids: dict[tuple[int, str | None], int] = {}
    successors: dict[Key, int] = {}
    if named - {None}:
        found = Order.objects.filter(account__in=accounts, broker_order_id__in=named - {None}).order_by()
        for pk, account_id, broker_id in found.values_list("pk", "account_id", "broker_order_id"):
            ids[account_id, broker_id] = pk
    if replaced:
        later = Order.objects.filter(account__in=accounts, replaces_broker_order_id__in=replaced).order_by()
        for pk, account_id, before in later.values_list("pk", "account_id", "replaces_broker_order_id"):
            successors[account_id, before or ""] = pk
    return Links(ids, successors)


def fees_of(rows: Rows) -> dict[Key, Decimal | None]:
    """Return Σ `fees` of the valid transactions of some rows' orders; null when one of them tells none."""
    rows = list(rows)
    booked = Transaction.objects.filter(
        account__in={row["account_id"] for row in rows},
        broker_order_id__in={row["broker_order_id"] for row in rows},
    ).exclude(status="INVALID")
    fees: dict[Key, Decimal | None] = {}
    for account_id, broker_id, paid in booked.order_by().values_list("account_id", "broker_order_id", "fees"):
        key = (account_id, broker_id or "")
        so_far = fees.get(key, Decimal(0))
        fees[key] = None if paid is None or so_far is None else so_far + paid
    return fees
