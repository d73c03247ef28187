"""The life of an order and of those that belong to it, oldest first: the broker's own times, and what was noticed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from actandpos.models import Order, OrderEvent, OrderFill
from actandpos.plain import plain
from actandpos.shown_orders import TimelineEntry

RANKS = {name: rank for rank, name in enumerate(
    ("entered", "status", "changed", "fill", "canceled", "replaced", "closed")
)}  # fmt: skip
SAME_INSTANT = timedelta(seconds=1)
UNTOLD = "The broker does not say which order took its place."


def timeline(
    orders: Sequence[Order], fills: Sequence[OrderFill], events: Sequence[OrderEvent]
) -> list[TimelineEntry]:
    """Return what happened to orders; each line says whose it is."""
    by_id = {order.pk: order for order in orders}
    lines = [line for order in orders for line in _told(order, orders)]
    lines += [_fill(by_id[fill.order_id], fill) for fill in fills]
    lines += [_event(event) for event in events]
    return sorted(lines, key=lambda line: (line.at, RANKS.get(line.kind, len(RANKS)), line.order_id))


def _told(order: Order, family: Sequence[Order]) -> Iterator[TimelineEntry]:
    """Yield entry and end, with the times that the broker tells."""
    price = order.limit_price if order.limit_price is not None else order.stop_price
    if order.entered_at is not None:
        before = order.replaces_broker_order_id
        text = f"Entered in the place of order {before}" if before else "Entered"
        yield TimelineEntry(order.entered_at, False, "entered", "", text, order.quantity, price, order.pk)
    if order.closed_at is not None and order.status_group != "working":
        replaced = order.status == "REPLACED"
        text = _successor(order, family) if replaced else order.status_description or ""
        kind = "replaced" if replaced else "closed"
        yield TimelineEntry(order.closed_at, False, kind, order.status, text, None, None, order.pk)


def _successor(order: Order, family: Sequence[Order]) -> str:
    """Say what took an order's place: what the broker says, else what only looks like it, and that it does."""
    for other in family:
        if other.replaces_broker_order_id == order.broker_order_id:
            return f"Replaced by order {other.broker_order_id}"
    likely = [other for other in family if looks_like_successor(order, other)]
    if len(likely) != 1:
        return UNTOLD
    found = likely[0].broker_order_id
    return f"{UNTOLD} Order {found} was entered at that instant, with the same symbol and side."


def looks_like_successor(order: Order, other: Order) -> bool:
    """Tell whether an order was entered when the other was replaced, for the same thing: likely, not certain."""
    if order.closed_at is None or other.entered_at is None or other.pk == order.pk:
        return False
    same = (order.symbol, order.side) == (other.symbol, other.side)
    return same and abs(other.entered_at - order.closed_at) <= SAME_INSTANT


def _fill(order: Order, fill: OrderFill) -> TimelineEntry:
    """Return the line of one execution; one without a time stands where the order ended, marked as noticed."""
    at = fill.filled_at or order.closed_at or order.observed_at or datetime.min.replace(tzinfo=UTC)
    text = f"{fill.side} {plain(fill.quantity)} {fill.symbol}".strip()
    return TimelineEntry(at, fill.filled_at is None, "fill", "", text, fill.quantity, fill.price, order.pk)


def _event(event: OrderEvent) -> TimelineEntry:
    """Return the line of something stored."""
    text = event.text
    if event.kind == "canceled" and not text:
        text = f"{plain(event.quantity)} canceled" if event.quantity is not None else "Canceled"
    return TimelineEntry(
        event.at, event.noticed, event.kind, event.status, text, event.quantity, event.price, event.order_id
    )
