"""Lays out what becomes of an order: when it is accepted, begins to work, is filled in parts, or ends unfilled."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from simulator.wire.times import eastern_date, eastern_epoch
from simulator.world import calendar
from simulator.world.market import Market
from simulator.world.orders import Fill, Leg, Order

GTC_LIFE = 180 * 86400.0
_DAY = timedelta(days=1)
_CLOSE_LOOK, _FAR_LOOK, _LATER_LOOK, _NEAR = 1.0, 10.0, 1800.0, 3600.0


@dataclass(frozen=True, slots=True)
class Spec:
    """What is ordered; times are seconds, `reject` is Schwab's reason, `price` of several legs is their net.

    `strategy` OCO has only children; they work when their parent is filled.
    """

    legs: tuple[Leg, ...] = ()
    quantity: float = 0.0
    order_type: str = "MARKET"
    price: float | None = None
    stop: float | None = None
    session: str = "NORMAL"
    duration: str = "DAY"
    complex_type: str = "NONE"
    strategy: str = "SINGLE"
    children: tuple["Spec", ...] = ()
    parts: int = 2
    acknowledge_seconds: float = 0.5
    fill_seconds: float = 1.0
    reject: str = ""
    cancel_time: float | None = None
    tag: str = "TA_example-app"


def lay_out(market: Market, spec: Spec, entered: float, ids: Iterator[int]) -> Order:
    """An order and what is nested under it, with consecutive ids and its whole future."""
    return _order(market, spec, entered, ids, None)


def _order(market: Market, spec: Spec, entered: float, ids: Iterator[int], parent: float | None) -> Order:
    """`parent` is when the parent was filled; None for an order that has none."""
    identifier = next(ids)
    accepted = entered + spec.acknowledge_seconds
    start = accepted if parent is None else parent
    if spec.strategy == "OCO":
        children = tuple(_order(market, child, entered, ids, start) for child in spec.children)
        return Order(identifier, entered, strategy="OCO", tag=spec.tag, children=_one_cancels_other(children))
    begins, ends = _life(spec, start)
    fills = () if spec.reject else tuple(_fills(market, spec, begins, ends))
    order = Order(
        identifier,
        entered,
        legs=spec.legs,
        quantity=spec.quantity,
        order_type=spec.order_type,
        price=spec.price,
        stop=spec.stop,
        session=spec.session,
        duration=spec.duration,
        complex_type=spec.complex_type,
        strategy=spec.strategy,
        fills=fills,
        expired_at=ends,
        rejection=spec.reject,
        awaits=parent,
        acknowledged=accepted if parent is None else None,
        released=begins if begins > start else None,
        cancel_time=ends if spec.duration == "GOOD_TILL_CANCEL" else None,
        child=parent is not None,
        tag=spec.tag,
    )
    return replace(order, children=tuple(_under(market, spec, order, ids)))


def _under(market: Market, spec: Spec, order: Order, ids: Iterator[int]) -> Iterator[Order]:
    """What is triggered: it works once the order is filled, and ends with an order that never is."""
    is_filled = order.filled(math.inf) >= order.quantity
    at = order.fills[-1].at if is_filled else end_of(order)
    for child in spec.children:
        made = _order(market, child, order.entered, ids, at)
        yield made if is_filled else never(made, at)


def end_of(order: Order) -> float:
    """When an order ends that is not filled whole."""
    if order.rejection:
        return order.accepted_at
    return order.expired_at if order.expired_at is not None else order.accepted_at


def never(order: Order, at: float) -> Order:
    """The same order and what is under it, canceled before it could work."""
    children = tuple(never(child, at) for child in order.children)
    return replace(order, fills=(), canceled_at=at, awaits=at, released=None, children=children)


def _one_cancels_other(children: tuple[Order, ...]) -> tuple[Order, ...]:
    first = min((child.fills[0].at for child in children if child.fills), default=None)
    if first is None:
        return children
    winner = next(child for child in children if child.fills and child.fills[0].at == first)
    at = winner.fills[-1].at
    return tuple(
        child if child is winner else replace(child, fills=(), canceled_at=at, expired_at=None)
        for child in children
    )


def _life(spec: Spec, start: float) -> tuple[float, float]:
    """When an order begins to work and when it ends by itself; the NORMAL session is that of the exchange."""
    day = eastern_date(start)
    begins, ends = start, eastern_epoch(day + _DAY)
    if spec.session == "NORMAL":
        session = calendar.session_of(day)
        if session is None or start >= session.close:
            session = calendar.session_of(calendar.next_trading_day(day))
        if session is not None:
            begins, ends = max(start, session.open), session.close
    if spec.duration == "GOOD_TILL_CANCEL":
        ends = spec.cancel_time or (start + GTC_LIFE) // 86400 * 86400
    return begins, ends


def _fills(market: Market, spec: Spec, begins: float, ends: float) -> Iterator[Fill]:
    """Parts of about the same size at the marks of their instants, a single leg's never worse than the limit."""
    first = _reached(market, spec, begins + spec.fill_seconds, ends)
    if first is None:
        return
    left, single = spec.quantity, len(spec.legs) == 1
    parts = min(spec.parts, max(1, int(spec.quantity))) if single else 1
    for number in range(parts):
        part = float(math.ceil(left / (parts - number))) if parts > 1 else left
        left -= part
        at = first + number * spec.fill_seconds
        if at >= ends:
            return
        yield Fill(at, part, tuple(_price(market, spec, leg, at, single) for leg in spec.legs))


def _price(market: Market, spec: Spec, leg: Leg, at: float, single: bool) -> float:
    price = market.mark_at(leg.symbol, at)
    if not single or spec.price is None:
        return price
    return min(price, spec.price) if leg.sign > 0 else max(price, spec.price)


def _reached(market: Market, spec: Spec, start: float, ends: float) -> float | None:
    """When an order can be filled: at once, or when the marks reach its stop and then its limit; never while halted."""
    if any(market.seen_at(leg.symbol, start) < start for leg in spec.legs):
        return None
    at: float | None = start
    if spec.stop is not None:
        stop, (leg,) = spec.stop, spec.legs
        at = _first(start, ends, lambda at: leg.sign * (market.mark_at(leg.symbol, at) - stop) >= 0)
    if at is not None and spec.price is not None:
        limit = spec.price if len(spec.legs) > 1 else spec.legs[0].sign * spec.price
        limit = -limit if spec.order_type == "NET_CREDIT" else limit
        at = _first(at, ends, lambda at: _net(market, spec, at) <= limit + 1e-9)
    return at if at is not None and at < ends else None


def _net(market: Market, spec: Spec, at: float) -> float:
    """What one unit of the order costs at the marks; below zero it brings in."""
    return sum(leg.sign * market.mark_at(leg.symbol, at) * leg.quantity / spec.quantity for leg in spec.legs)


def _first(start: float, ends: float, holds: Callable[[float], bool]) -> float | None:
    """The first looked-at instant at which something holds; the farther away, the fewer looks."""
    at, midnight = start, eastern_epoch(eastern_date(start) + _DAY)
    while at < ends:
        if holds(at):
            return at
        near = at - start < _NEAR
        at += _CLOSE_LOOK if near else _FAR_LOOK if at < midnight else _LATER_LOOK
    return None
