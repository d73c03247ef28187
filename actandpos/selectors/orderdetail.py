"""Reads one order with all that belongs to it."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import Http404

from actandpos.models import Account, Order, OrderEvent, OrderFill
from actandpos.selectors.orders import DEEPEST, order_rows
from actandpos.selectors.timeline import SAME_INSTANT, looks_like_successor, timeline
from actandpos.shown import OrderView
from actandpos.shown_orders import FillView, OrderDetail

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

CHAIN = 20
"""So many replacements before and after an order are followed."""


class OrderNotFound(Http404):
    """No such order, or not this user's: the two are not told apart."""

    def __init__(self) -> None:
        super().__init__("There is no such order of yours.")


def order_detail(user: "User | AnonymousUser", order_id: int) -> OrderDetail:
    """Return one of the user's own orders. Raises `OrderNotFound` (404)."""
    order = Order.objects.select_related("account").filter(pk=order_id, account__owner_id=user.pk).first()
    if order is None:
        raise OrderNotFound
    own = Order.objects.filter(account_id=order.account_id)
    children = _descendants(own, order)
    chain = _chain(own, order)
    parent = own.filter(broker_order_id=order.parent_broker_order_id or "").first()
    likely = _likely(own, order) if order.status == "REPLACED" else []
    shown = _shown(order.account, [order, *children, *([parent] if parent else [])])
    fills = list(OrderFill.objects.filter(order=order).order_by("filled_at", "id"))
    family = [order, *children, *chain]
    more = OrderFill.objects.filter(order__in=[each.pk for each in family if each.pk != order.pk])
    events = OrderEvent.objects.filter(order__in=[each.pk for each in family])
    lines = timeline([*family, *likely], [*fills, *more], list(events))
    told = {each.pk for each in family}
    return OrderDetail(
        order=shown[order.pk],
        parent=shown[parent.pk] if parent else None,
        children=[shown[child.pk] for child in children],
        fills=[
            FillView(each.leg_id, each.symbol, each.side, each.quantity, each.price, each.filled_at)
            for each in fills
        ],
        timeline=[line for line in lines if line.order_id in told],
    )


def _shown(account: Account, orders: Collection[Order]) -> dict[int, OrderView]:
    return {view.id: view for view in order_rows([account], [each.pk for each in orders])}


def _descendants(own: QuerySet[Order], order: Order) -> list[Order]:
    """Return all that hangs under an order, nearest first."""
    found: list[Order] = []
    seen, names = {order.broker_order_id}, {order.broker_order_id}
    for _ in range(DEEPEST):
        level = own.filter(parent_broker_order_id__in=names).exclude(broker_order_id__in=seen)
        rows = list(level.order_by("broker_order_id"))
        if not rows:
            break
        found += rows
        names = {row.broker_order_id for row in rows}
        seen |= names
    return found


def _chain(own: QuerySet[Order], order: Order) -> list[Order]:
    """Return the orders whose place it took, and those that took its, as far as the broker says so."""
    found: dict[int, Order] = {}
    names = {order.broker_order_id, order.replaces_broker_order_id} - {None}
    for _ in range(CHAIN):
        near = own.filter(Q(broker_order_id__in=names) | Q(replaces_broker_order_id__in=names))
        rows = [row for row in near if row.pk != order.pk and row.pk not in found]
        if not rows:
            break
        found |= {row.pk: row for row in rows}
        links = {name for row in rows for name in (row.broker_order_id, row.replaces_broker_order_id)}
        names = links - {None}
    return list(found.values())


def _likely(own: QuerySet[Order], order: Order) -> list[Order]:
    """Return what was entered when the order was replaced, and looks like its successor."""
    if order.closed_at is None:
        return []
    instant = (order.closed_at - SAME_INSTANT, order.closed_at + SAME_INSTANT)
    near = own.filter(entered_at__range=instant, replaces_broker_order_id=None)
    return [other for other in near if looks_like_successor(order, other)]
