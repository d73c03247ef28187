"""Turns an order by hand into a plan in time: acknowledged, working, filled in parts, or refused, or taken back."""

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

import msgspec

from simulator.wire.times import eastern_date, eastern_epoch
from simulator.world.accounts import Account
from simulator.world.market import Market, known_contract, known_listing
from simulator.world.orders import Fill, Leg, Order
from simulator.world.world import World, instruction_for

_CANCEL_SECONDS = 0.6
_CLOSE_LOOK, _FAR_LOOK, _NEAR = 1.0, 10.0, 3600.0
_OPEN = ("WORKING", "PENDING_ACKNOWLEDGEMENT")


class Ticket(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is ordered; `quantity` is whole and positive, times are seconds, `reject` is Schwab's reason."""

    symbol: str
    side: Literal["buy", "sell"]
    quantity: Annotated[int, msgspec.Meta(ge=1)]
    type: Literal["market", "limit"] = "market"
    price: Annotated[float, msgspec.Meta(gt=0)] | None = None
    parts: Annotated[int, msgspec.Meta(ge=1, le=9)] = 2
    acknowledge_seconds: Annotated[float, msgspec.Meta(ge=0)] = 0.5
    fill_seconds: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    reject: str = ""
    tag: str = "TA_example-app"


def place(world: World, account: Account, ticket: Ticket, now: float) -> Order:
    """Enter an order; ValueError when Schwab would not take it or it cannot be carried out here."""
    _check(ticket)
    sign = 1 if ticket.side == "buy" else -1
    held = _held_at_last(world, account, ticket.symbol, now)
    opening = held * sign >= 0
    if not opening and ticket.quantity > abs(held):
        raise ValueError(f"only {abs(held):g} can be closed; what goes beyond needs an order of its own")
    if opening and sign < 0 and not account.is_margin:
        raise ValueError("a cash account sells nothing short")
    leg = Leg(
        ticket.symbol,
        instruction_for(ticket.symbol, sign * ticket.quantity, opening),
        "OPENING" if opening else "CLOSING",
        float(ticket.quantity),
    )
    accepted = now + ticket.acknowledge_seconds
    day = eastern_date(now)
    order = Order(
        world.edits.next_id(day),
        now,
        legs=(leg,),
        quantity=float(ticket.quantity),
        order_type=ticket.type.upper(),
        price=ticket.price,
        session="SEAMLESS",
        fills=() if ticket.reject else tuple(_fills(world.market, ticket, sign, accepted)),
        expired_at=eastern_epoch(day + timedelta(days=1)),
        acknowledged=accepted,
        rejection=ticket.reject,
        tag=ticket.tag,
    )
    return world.enter(account, order)


def take_back(world: World, identifier: int, now: float) -> tuple[Account, Order]:
    """Ask for the cancellation of an open order by hand; parts that are filled stay filled. Returns its account too."""
    found = world.edits.find(identifier)
    if found is None:
        raise ValueError(f"there is no order {identifier} that was made by hand")
    index, order = found
    if order.status(now) not in _OPEN:
        raise ValueError(f"the order is {order.status(now)}")
    kept = tuple(fill for fill in order.fills if fill.at <= now)
    changed = world.exchange(
        index, order, fills=kept, cancel_asked=now, canceled_at=now + _CANCEL_SECONDS, expired_at=None
    )
    return world.accounts[index - 1], changed


def _check(ticket: Ticket) -> None:
    listing = known_listing(ticket.symbol)
    kinds = ("EQUITY", "ETF")
    if known_contract(ticket.symbol) is None and (listing is None or listing.kind not in kinds):
        raise ValueError(f"{ticket.symbol!r} cannot be ordered")
    if (ticket.type == "limit") != (ticket.price is not None):
        raise ValueError("a limit order needs a price, a market order has none")


def _held_at_last(world: World, account: Account, symbol: str, now: float) -> float:
    """What the account will hold when all that is ordered by hand has been filled."""
    row = world.book(account, world.board(now)).rows.get(symbol)
    coming = [
        trade for trade in world.edits.trades(account.index) if trade.symbol == symbol and trade.at > now
    ]
    return (row.quantity if row is not None else 0.0) + sum(trade.quantity for trade in coming)


def _fills(market: Market, ticket: Ticket, sign: int, accepted: float) -> Iterator[Fill]:
    """Parts of about the same size at the marks of their instants, never worse than the limit."""
    first = _reached(market, ticket, sign, accepted + ticket.fill_seconds)
    if first is None:
        return
    left = ticket.quantity
    for number in range(min(ticket.parts, ticket.quantity)):
        part = math.ceil(left / (min(ticket.parts, ticket.quantity) - number))
        left -= part
        at = first + number * ticket.fill_seconds
        price = market.mark_at(ticket.symbol, at)
        if ticket.price is not None:
            price = min(price, ticket.price) if sign > 0 else max(price, ticket.price)
        yield Fill(at, float(part), (price,))


def _reached(market: Market, ticket: Ticket, sign: int, start: float) -> float | None:
    """When the order can be filled: at once, or when the mark reaches the limit today; never while halted."""
    if market.seen_at(ticket.symbol, start) < start:
        return None
    if ticket.price is None:
        return start
    at, end = start, eastern_epoch(eastern_date(start) + timedelta(days=1)) - 60
    while at < end:
        if sign * (market.mark_at(ticket.symbol, at) - ticket.price) <= 0:
            return at
        at += _CLOSE_LOOK if at - start < _NEAR else _FAR_LOOK
    return None
