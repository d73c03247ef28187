"""Writes the broker's order list into the book. Orders are never deleted: a list only reaches so far back."""

from datetime import datetime

from django.db import transaction

from actandpos.models import Account, Order
from actandpos.services.columns import ORDERS, order_columns, order_values
from actandpos.services.limits import PRICE_DIGITS, QUANTITY_DIGITS, TOO_LONG, fits
from actandpos.services.upsert import upsert
from actandpos.types import OrderRow, OrdersChange, RejectedRow

COMPARED = ORDERS.columns[1:]


def apply_orders(
    account: Account, rows: list[OrderRow], observed_at: datetime, *, window_start: datetime
) -> OrdersChange:
    """Bring an account's orders to a list, asked for at `observed_at`, of those entered since `window_start`.

    Joins the caller's transaction and writes only orders that differ. A list asked for no later than the
    applied one is refused (`older`). Working orders that the window should show but the list lacks are
    named, and stay.
    """
    with transaction.atomic():
        locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if locked.orders_observed_at is not None and observed_at <= locked.orders_observed_at:
            return OrdersChange(
                outcome="older",
                account_id=locked.pk,
                base_version=locked.orders_version,
                version=locked.orders_version,
                reason="A newer order list is already in the book.",
            )
        return _apply(locked, rows, observed_at, window_start)


def _apply(
    account: Account, rows: list[OrderRow], observed_at: datetime, window_start: datetime
) -> OrdersChange:
    """Write the orders that differ, then the account's version of them."""
    listed = {row.broker_order_id: row for row in rows if _fits(row)}
    rejected = [_unfit(row) for row in rows if not _fits(row)]
    stored = _stored(account.pk, [row.broker_order_id for row in rows])
    values = {id: order_values(row) for id, row in listed.items()}
    differing = [id for id, value in values.items() if stored.get(id) != value]
    upsert(ORDERS, order_columns(account.pk, [values[id] for id in differing]))
    base = account.orders_version
    version = base + 1 if differing else base
    Account.objects.filter(pk=account.pk).update(
        orders_version=version, orders_observed_at=observed_at, orders_checked_at=observed_at
    )
    return OrdersChange(
        outcome="applied" if differing else "unchanged",
        account_id=account.pk,
        base_version=base,
        version=version,
        changed_ids=_ids(account.pk, differing),
        unlisted=_unlisted(account.pk, [row.broker_order_id for row in rows], window_start),
        rejected=rejected,
    )


def _fits(row: OrderRow) -> bool:
    """Return whether every figure of the order can be stored as it is."""
    prices = (row.limit_price, row.stop_price, row.avg_fill_price)
    return fits((row.quantity, row.filled_quantity), QUANTITY_DIGITS) and fits(prices, PRICE_DIGITS)


def _unfit(row: OrderRow) -> RejectedRow:
    return RejectedRow(symbol=row.symbol, reason=f"Order {row.broker_order_id}: {TOO_LONG}")


def _stored(account_id: int, broker_ids: list[str]) -> dict[str, dict[str, object]]:
    """Return the stored columns of the listed orders."""
    found = Order.objects.filter(account_id=account_id, broker_order_id__in=broker_ids).order_by()
    return {str(values["broker_order_id"]): dict(values) for values in found.values(*COMPARED)}


def _ids(account_id: int, broker_ids: list[str]) -> list[int]:
    """Return Thor's ids of orders, in the order given."""
    if not broker_ids:
        return []
    found = Order.objects.filter(account_id=account_id, broker_order_id__in=broker_ids).order_by()
    by_broker_id = dict(found.values_list("broker_order_id", "id"))
    return [by_broker_id[broker_id] for broker_id in broker_ids]


def _unlisted(account_id: int, broker_ids: list[str], window_start: datetime) -> list[str]:
    """Return broker ids of stored working orders of the window that the list lacks."""
    orders = Order.objects.filter(account_id=account_id, entered_at__gte=window_start)
    working = orders.filter(status_group="working")
    return list(working.exclude(broker_order_id__in=broker_ids).values_list("broker_order_id", flat=True))
