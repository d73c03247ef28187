"""Reads orders as they are shown: of the trading day, with the orders they hang together with and their fees."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Min, Q, QuerySet

from actandpos.eastern import day_bounds, eastern_day
from actandpos.models import Account, Order
from actandpos.selectors.accounts import oldest
from actandpos.selectors.orderlinks import Links, fees_of, links_of
from actandpos.shown import OrdersToday, OrderView

LINKS = ("parent_id", "replaces_id", "replaced_by_id", "fees")
STORED = tuple(name for name in OrderView.__struct_fields__ if name not in LINKS)
COLUMNS = (*STORED, "parent_broker_order_id", "replaces_broker_order_id")
DEEPEST = 8
NEWEST = (F("entered_at").desc(nulls_last=True), "-broker_order_id")

NOT_READ = "Transactions were not read yet; fees come with them."
NOT_BOOKED = "Its transactions are not in the book yet; fees come with them."
UNTOLD = "One of its transactions tells no fees."
NOT_ITS_OWN = "It only holds other orders together; they have the fees."
NO_FEES = "Nothing was filled, so there are no fees."
UNNAMED = "The broker does not say which order took its place."


def orders_today(accounts: Sequence[Account], now: datetime) -> OrdersToday:
    """Return the orders of the Eastern day of `now`.

    Working orders are shown whatever their day; closed ones when they closed (or, with no such time, were
    entered) on the day.
    """
    day = eastern_day(now)
    start, end = day_bounds(day)
    closed = Q(closed_at__gte=start, closed_at__lt=end)
    entered = Q(closed_at=None, entered_at__gte=start, entered_at__lt=end)
    rows = views(accounts, _of(accounts).filter(Q(status_group="working") | closed | entered))
    return OrdersToday(
        trading_day=day,
        orders_checked_at=oldest([account.orders_checked_at for account in accounts]),
        working=[row for row in rows if row.status_group == "working"],
        filled=[row for row in rows if row.status_group == "filled"],
        canceled=[row for row in rows if row.status_group not in ("working", "filled")],
    )


def order_rows(accounts: Sequence[Account], ids: Collection[int]) -> list[OrderView]:
    """Return some orders of accounts, newest first."""
    return views(accounts, _of(accounts).filter(pk__in=ids))


def open_roots(
    account: Account, broker_ids: Collection[str], *, before: datetime, with_lost: bool
) -> list[str]:
    """Return broker ids of what to ask for so that open orders are read again: the orders on top of their families.

    Meant are the working orders named, and all that were entered before a moment, oldest first; `with_lost` those
    too that the broker did not know when it was last asked.
    """
    own = Order.objects.filter(account_id=account.pk)
    working = own.filter(Q(broker_order_id__in=broker_ids) | Q(entered_at__lt=before), status_group="working")
    if not with_lost:
        working = working.exclude(missing__has_key="status")
    order = ("entered_at", "id")
    found = dict(working.order_by(*order).values_list("broker_order_id", "parent_broker_order_id"))
    for _ in range(DEEPEST):
        missing = {parent for parent in found.values() if parent and parent not in found}
        if not missing:
            break
        parents = own.filter(broker_order_id__in=missing)
        found |= dict(parents.values_list("broker_order_id", "parent_broker_order_id"))
        for name in missing:
            found.setdefault(name, None)
    return [broker_id for broker_id, parent in found.items() if parent is None]


def oldest_open(account: Account, before: datetime) -> datetime | None:
    """Return when the oldest order was entered that still works, of those entered before a moment."""
    working = Order.objects.filter(account_id=account.pk, status_group="working", entered_at__lt=before)
    found: datetime | None = working.aggregate(oldest=Min("entered_at"))["oldest"]
    return found


def _of(accounts: Sequence[Account]) -> QuerySet[Order]:
    return Order.objects.filter(account__in=[account.pk for account in accounts])


def views(accounts: Sequence[Account], orders: QuerySet[Order]) -> list[OrderView]:
    """Return shown orders of some accounts, newest first: three queries more, however many there are."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in orders.order_by(*NEWEST).values_list(*COLUMNS)]
    links = links_of(rows)
    fees = fees_of(rows)
    read = {account.pk for account in accounts if account.transactions_checked_at is not None}
    return [_view(row, links, fees, row["account_id"] in read) for row in rows]


def _view(
    row: dict[str, Any], links: Links, fees: dict[tuple[int, str], Decimal | None], is_read: bool
) -> OrderView:
    """Build the shown row from a stored one."""
    account_id, own = row["account_id"], row["broker_order_id"]
    missing = dict(row["missing"])
    replaced_by = links.successors.get((account_id, own))
    if row["status"] == "REPLACED" and replaced_by is None:
        missing["replaced_by_id"] = UNNAMED
    paid = fees.get((account_id, own))
    if paid is None:
        missing["fees"] = _no_fees(row, (account_id, own) in fees, is_read)
    return OrderView(
        **{name: row[name] for name in STORED if name != "missing"},
        parent_id=links.ids.get((account_id, row["parent_broker_order_id"])),
        replaces_id=links.ids.get((account_id, row["replaces_broker_order_id"])),
        replaced_by_id=replaced_by,
        fees=paid,
        missing=missing,
    )


def _no_fees(row: dict[str, Any], is_booked: bool, is_read: bool) -> str:
    """Say why the fees of an order are not known."""
    if is_booked:
        return UNTOLD
    if not row["legs"]:
        return NOT_ITS_OWN
    if not row["filled_quantity"] and row["avg_fill_price"] is None:
        return NO_FEES
    return NOT_BOOKED if is_read else NOT_READ
