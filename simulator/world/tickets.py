"""Orders by control: tickets, their bracket, what they replace, turned into what an order's future is laid out from."""

from dataclasses import replace
from math import gcd
from typing import Annotated, Literal

import msgspec

from simulator.wire.times import eastern_date
from simulator.world.accounts import Account
from simulator.world.changes import replaced
from simulator.world.cover import kind_of, with_cover
from simulator.world.market import known_contract, known_listing
from simulator.world.orders import Leg, Order, flat, own_trades
from simulator.world.planner import Spec
from simulator.world.world import World, instruction_for

_Price = Annotated[float, msgspec.Meta(gt=0)]
_Quantity = Annotated[int, msgspec.Meta(ge=1)]
Side = Literal["buy", "sell"]


class TicketLeg(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One leg of an order that has several."""

    symbol: str
    side: Side
    quantity: _Quantity


class Bracket(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the order leaves again once it is filled, with a gain or with a loss."""

    target: _Price
    stop: _Price


class Ticket(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is ordered; `quantity` is whole and positive, times are seconds, `reject` is Schwab's reason.

    `legs` stand for symbol, side and quantity; the `price` of several legs is their net, below zero a credit.
    """

    symbol: str = ""
    side: Side = "buy"
    quantity: _Quantity = 1
    legs: list[TicketLeg] = []
    type: Literal["market", "limit", "stop", "stop_limit"] = "market"
    price: float | None = None
    stop: _Price | None = None
    session: Literal["normal", "seamless"] = "seamless"
    duration: Literal["day", "gtc"] = "day"
    bracket: Bracket | None = None
    parts: Annotated[int, msgspec.Meta(ge=1, le=9)] = 2
    acknowledge_seconds: Annotated[float, msgspec.Meta(ge=0)] = 0.5
    fill_seconds: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    reject: str = ""
    tag: str = "TA_example-app"


_DURATIONS = {"day": "DAY", "gtc": "GOOD_TILL_CANCEL"}


def place(world: World, account: Account, ticket: Ticket, now: float) -> Order:
    """Enter an order; ValueError when Schwab would not take it or it cannot be carried out here."""
    return world.lay_out(account, spec_of(world, account, ticket, now), now)


def replace_by(world: World, identifier: int, ticket: Ticket, now: float) -> tuple[Account, Order]:
    """Put a ticket's order in the place of an open one."""
    for account in world.accounts:
        old = world.outermost(account, identifier, now)
        if old is not None:
            spec = spec_of(world, account, ticket, now, instead=old)
            return replaced(world, identifier, spec, now)
    raise ValueError(f"there is no order {identifier}")


def terms_of(world: World, identifier: int, now: float) -> dict[str, object]:
    """A ticket like an order; ValueError when there is none."""
    found = (world.outermost(account, identifier, now) for account in world.accounts)
    order = next((order for order in found if order is not None), None)
    if order is None or not order.legs:
        raise ValueError(f"there is no order {identifier} to be replaced")
    legs = [
        {"symbol": leg.symbol, "side": "buy" if leg.sign > 0 else "sell", "quantity": int(leg.quantity)}
        for leg in order.legs
    ]
    credit = -1 if order.order_type == "NET_CREDIT" else 1
    kind = order.order_type.lower() if len(legs) == 1 else "limit"
    price = order.price if order.price is None else order.price * credit
    terms = {"type": kind, "price": price, "stop": order.stop}
    return {**(legs[0] if len(legs) == 1 else {"legs": legs}), **terms}


def spec_of(world: World, account: Account, ticket: Ticket, now: float, instead: Order | None = None) -> Spec:
    """The ticket with what is held taken into account."""
    _check(ticket)
    wanted = ticket.legs or [TicketLeg(ticket.symbol, ticket.side, ticket.quantity)]
    book = world.book(account, world.board(now))
    legs = with_cover(tuple(_leg(world, account, leg, now, instead) for leg in wanted), book)
    order_type, price = ticket.type.upper(), ticket.price
    if len(legs) > 1 and price is not None:
        order_type = "NET_DEBIT" if price >= 0 else "NET_CREDIT"
    return Spec(
        legs=legs,
        quantity=float(gcd(*(int(leg.quantity) for leg in legs))),
        order_type=order_type,
        price=abs(price) if price is not None else None,
        stop=ticket.stop,
        session=ticket.session.upper(),
        duration=_DURATIONS[ticket.duration],
        complex_type=kind_of(legs),
        strategy="SINGLE" if ticket.bracket is None else "TRIGGER",
        children=() if ticket.bracket is None else (_bracket(legs, ticket, ticket.bracket),),
        parts=ticket.parts,
        acknowledge_seconds=ticket.acknowledge_seconds,
        fill_seconds=ticket.fill_seconds,
        reject=ticket.reject,
        tag=ticket.tag,
    )


def _bracket(legs: tuple[Leg, ...], ticket: Ticket, bracket: Bracket) -> Spec:
    if len(legs) != 1:
        raise ValueError("a bracket has one leg")
    (leg,) = legs
    side = instruction_for(leg.symbol, -leg.sign * leg.quantity, False)
    away = Spec(
        legs=(Leg(leg.symbol, side, "CLOSING", leg.quantity),),
        quantity=leg.quantity,
        order_type="LIMIT",
        price=bracket.target,
        session=ticket.session.upper(),
        duration="GOOD_TILL_CANCEL",
        parts=ticket.parts,
        fill_seconds=ticket.fill_seconds,
        tag=ticket.tag,
    )
    stop = replace(away, order_type="STOP", price=None, stop=bracket.stop)
    return Spec(strategy="OCO", children=(away, stop), tag=ticket.tag)


def _leg(world: World, account: Account, wanted: TicketLeg, now: float, instead: Order | None) -> Leg:
    sign = 1 if wanted.side == "buy" else -1
    held = held_at_last(world, account, wanted.symbol, now, instead)
    opening = held * sign >= 0
    if not opening and wanted.quantity > abs(held):
        raise ValueError(f"only {abs(held):g} can be closed; what goes beyond needs an order of its own")
    is_option = known_contract(wanted.symbol) is not None
    if opening and sign < 0 and not account.is_margin and not is_option:
        raise ValueError("a cash account sells nothing short")
    effect = "OPENING" if opening else "CLOSING"
    side = instruction_for(wanted.symbol, sign * wanted.quantity, opening)
    return Leg(wanted.symbol, side, effect, float(wanted.quantity))


def _check(ticket: Ticket) -> None:
    for symbol in [leg.symbol for leg in ticket.legs] or [ticket.symbol]:
        listing = known_listing(symbol)
        if known_contract(symbol) is None and (listing is None or listing.kind not in ("EQUITY", "ETF")):
            raise ValueError(f"{symbol!r} cannot be ordered")
    if ("limit" in ticket.type) != (ticket.price is not None):
        raise ValueError("a limit order needs a price, a market order has none")
    if ("stop" in ticket.type) != (ticket.stop is not None):
        raise ValueError("a stop order needs a stop, others have none")
    if len(ticket.legs) > 1 and ticket.stop is not None:
        raise ValueError("several legs have no stop")
    if len(ticket.legs) < 2 and ticket.price is not None and ticket.price <= 0:
        raise ValueError("a price is above zero")


def held_at_last(world: World, account: Account, symbol: str, now: float, instead: Order | None) -> float:
    """What the account will hold when all that is ordered by hand has been filled, but for what is replaced."""
    book = world.book(account, world.board(now))
    left_out = {order.order_id for order in flat(instead)} if instead is not None else set()
    coming = [
        trade
        for owner, order in world.edits.pairs()
        if owner == account.index
        for single in flat(order)
        if single.order_id not in left_out
        for trade in own_trades(single)
        if trade.symbol == symbol and trade.at > now and eastern_date(trade.at) == eastern_date(now)
    ]
    return book.quantity(symbol) + sum(trade.quantity for trade in coming)
