"""Spells one order with all that belongs to it."""

from actandpos.plain import instant, plain
from actandpos.shown_orders import FillView, OrderDetail, TimelineEntry
from actandpos.wire import Wire, order_dict


def detail_dict(detail: OrderDetail) -> Wire:
    """Return an order with its parent, its children, its fills and its timeline."""
    return {
        "order": order_dict(detail.order),
        "parent": order_dict(detail.parent) if detail.parent else None,
        "children": [order_dict(child) for child in detail.children],
        "fills": [_fill(fill) for fill in detail.fills],
        "timeline": [_entry(entry) for entry in detail.timeline],
    }


def _fill(fill: FillView) -> Wire:
    return {
        "leg_id": fill.leg_id,
        "symbol": fill.symbol,
        "side": fill.side,
        "quantity": plain(fill.quantity),
        "price": plain(fill.price),
        "filled_at": instant(fill.filled_at),
    }


def _entry(entry: TimelineEntry) -> Wire:
    return {
        "at": instant(entry.at),
        "noticed": entry.noticed,
        "kind": entry.kind,
        "status": entry.status,
        "text": entry.text,
        "quantity": plain(entry.quantity),
        "price": plain(entry.price),
        "order_id": entry.order_id,
    }
