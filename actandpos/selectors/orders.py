"""Reads orders as they are shown: of the trading day, with children naming their parent."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from actandpos.eastern import day_bounds, eastern_day
from actandpos.models import Account, Order
from actandpos.selectors.accounts import oldest
from actandpos.shown import OrdersToday, OrderView

COLUMNS = OrderView.__struct_fields__


def orders_today(accounts: Sequence[Account], now: datetime) -> OrdersToday:
    """Return the orders of the Eastern day of `now`.

    Working orders are shown whatever their day; closed ones when they closed (or, with no such time, were
    entered) on the day.
    """
    day = eastern_day(now)
    start, end = day_bounds(day)
    orders = Order.objects.filter(account__in=[account.pk for account in accounts])
    orders = orders.annotate(ended=Coalesce("closed_at", "entered_at"))
    rows = _views(orders.filter(Q(status_group="working") | Q(ended__gte=start, ended__lt=end)))
    return OrdersToday(
        trading_day=day,
        orders_checked_at=oldest([account.orders_checked_at for account in accounts]),
        working=[row for row in rows if row.status_group == "working"],
        filled=[row for row in rows if row.status_group == "filled"],
        canceled=[row for row in rows if row.status_group not in ("working", "filled")],
    )


def order_rows(accounts: Sequence[Account], ids: Collection[int]) -> list[OrderView]:
    """Return some orders of accounts, newest first."""
    return _views(Order.objects.filter(account__in=[account.pk for account in accounts], pk__in=ids))


def _views(orders: QuerySet[Order]) -> list[OrderView]:
    """Return shown orders, newest first, each with its parent's id."""
    parents = Order.objects.filter(
        account_id=OuterRef("account_id"), broker_order_id=OuterRef("parent_broker_order_id")
    )
    rows = orders.annotate(parent_id=Subquery(parents.values("pk")[:1]))
    newest = (F("entered_at").desc(nulls_last=True), "-broker_order_id")
    return [OrderView(*row) for row in rows.order_by(*newest).values_list(*COLUMNS)]
