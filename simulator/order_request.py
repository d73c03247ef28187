"""Reads an order as a client posts it: what Schwab refuses at once, and what it takes and then rejects."""

from dataclasses import replace
from datetime import UTC, datetime
from math import gcd
from typing import Annotated, Literal

import msgspec

from simulator.world.accounts import Account
from simulator.world.cover import with_cover
from simulator.world.market import known_contract, known_listing
from simulator.world.orders import Leg, Order
from simulator.world.planner import GTC_LIFE, Spec
from simulator.world.snapshot import buying_power
from simulator.world.tickets import held_at_last
from simulator.world.world import World

_Amount = Annotated[float, msgspec.Meta(gt=0)]
_OVERSOLD = "Example text: Position_Sys_0001 this order may result in an oversold or overbought position."
_NO_SHORT = "Example text: Account_Sys_0005 this account may not sell short."
_WRONG_SIDE = "Example text: Order_Sys_0002 the stop price is on the wrong side of the market."
_TOO_DEAR = "Example text: Account_Sys_0012 this account does not have the buying power for this order."


class BadOrder(ValueError):
    """An order that is refused with 400."""


class _Instrument(msgspec.Struct, rename="camel"):
    symbol: str
    asset_type: Literal["EQUITY", "OPTION"]


class _Leg(msgspec.Struct, rename="camel"):
    instruction: Literal[
        "BUY",
        "SELL",
        "BUY_TO_COVER",
        "SELL_SHORT",
        "BUY_TO_OPEN",
        "BUY_TO_CLOSE",
        "SELL_TO_OPEN",
        "SELL_TO_CLOSE",
    ]
    quantity: _Amount
    instrument: _Instrument


class OrderRequest(msgspec.Struct, rename="camel"):
    """The fields that a user chooses; prices may be numbers or numeric text."""

    order_strategy_type: Literal["SINGLE", "TRIGGER", "OCO"]
    session: Literal["NORMAL", "AM", "PM", "SEAMLESS"] = "NORMAL"
    duration: Literal["DAY", "GOOD_TILL_CANCEL"] = "DAY"
    order_type: (
        Literal["MARKET", "LIMIT", "STOP", "STOP_LIMIT", "NET_DEBIT", "NET_CREDIT", "NET_ZERO"] | None
    ) = None
    complex_order_strategy_type: str = "NONE"
    price: float | None = None
    stop_price: _Amount | None = None
    cancel_time: str | None = None
    order_leg_collection: list[_Leg] = []
    child_order_strategies: "list[OrderRequest]" = []
    requested_destination: str | None = None


def read(body: bytes) -> OrderRequest:
    """The request; `BadOrder` says what is wrong with it."""
    try:
        request = msgspec.convert(msgspec.json.decode(body), OrderRequest, strict=False)
    except msgspec.MsgspecError as problem:
        raise BadOrder(str(problem)) from problem
    _check(request)
    return request


def _check(request: OrderRequest) -> None:
    if request.requested_destination is not None:
        raise BadOrder("requestedDestination must not be sent")
    if request.order_strategy_type == "OCO":
        if len(request.child_order_strategies) != 2 or request.order_leg_collection:
            raise BadOrder("an OCO has two childOrderStrategies and no legs")
    elif request.order_strategy_type == "SINGLE" and request.child_order_strategies:
        raise BadOrder("a SINGLE order has no childOrderStrategies")
    else:
        _check_terms(request)
    for child in request.child_order_strategies:
        _check(child)


def _check_terms(request: OrderRequest) -> None:
    legs = request.order_leg_collection
    if not legs:
        raise BadOrder("orderLegCollection must not be empty")
    kind = request.order_type
    if kind is None:
        raise BadOrder("orderType must not be null")
    has_limit = kind in ("LIMIT", "STOP_LIMIT", "NET_DEBIT", "NET_CREDIT")
    if has_limit and (request.price is None or request.price <= 0):
        raise BadOrder("price must be above zero")
    if not has_limit and request.price:
        raise BadOrder("price is not allowed with this orderType")
    if ("STOP" in kind) != (request.stop_price is not None):
        raise BadOrder("stopPrice belongs to STOP and STOP_LIMIT")
    if (len(legs) > 1) != kind.startswith("NET_"):
        raise BadOrder("orderType does not fit the number of legs")
    for leg in legs:
        _check_leg(leg)


def _check_leg(leg: _Leg) -> None:
    symbol, is_option = leg.instrument.symbol, leg.instrument.asset_type == "OPTION"
    if leg.quantity % 1:
        raise BadOrder("quantity must be whole")
    listing = known_listing(symbol)
    known = known_contract(symbol) if is_option else listing
    if known is None or (not is_option and listing is not None and listing.kind not in ("EQUITY", "ETF")):
        raise BadOrder(f"instrument {symbol} cannot be traded")
    if is_option != leg.instruction.endswith(("_OPEN", "_CLOSE")):
        raise BadOrder("instruction does not fit the assetType")


def spec_of(
    world: World, account: Account, request: OrderRequest, now: float, instead: Order | None = None
) -> Spec:
    """What its future is laid out from, with the reason when Schwab's order system will reject it."""
    spec = _spec(request, now)
    reason = _refusal(world, account, spec, now, instead)
    legs = with_cover(spec.legs, world.book(account, world.board(now)))
    return replace(spec, legs=legs, reject=reason)


def _spec(request: OrderRequest, now: float) -> Spec:
    legs = tuple(
        Leg(leg.instrument.symbol, leg.instruction, _effect(leg.instruction), leg.quantity)
        for leg in request.order_leg_collection
    )
    price = 0.0 if request.order_type == "NET_ZERO" else request.price
    return Spec(
        legs=legs,
        quantity=float(gcd(*(int(leg.quantity) for leg in legs))) if legs else 0.0,
        order_type=request.order_type or "MARKET",
        price=price,
        stop=request.stop_price,
        session=request.session,
        duration=request.duration,
        complex_type=request.complex_order_strategy_type,
        strategy=request.order_strategy_type,
        cancel_time=_cancel_time(request.cancel_time, now),
        children=tuple(_spec(child, now) for child in request.child_order_strategies),
    )


def _cancel_time(text: str | None, now: float) -> float | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    except ValueError as problem:
        raise BadOrder("cancelTime cannot be read") from problem
    if not now < moment <= now + GTC_LIFE:
        raise BadOrder("cancelTime must be within 180 days")
    return moment


def _effect(instruction: str) -> str:
    return "OPENING" if instruction in ("BUY", "SELL_SHORT") or instruction.endswith("_OPEN") else "CLOSING"


def _refusal(world: World, account: Account, spec: Spec, now: float, instead: Order | None) -> str:
    for leg in spec.legs:
        held = held_at_last(world, account, leg.symbol, now, instead)
        quantity = leg.sign * leg.quantity
        if leg.effect == "CLOSING" and (held * quantity >= 0 or abs(held) < leg.quantity):
            return _OVERSOLD
        if leg.effect == "OPENING" and held * quantity < 0:
            return _OVERSOLD
        if leg.instruction == "SELL_SHORT" and not account.is_margin:
            return _NO_SHORT
    if spec.stop is not None:
        mark = world.market.mark_at(spec.legs[0].symbol, now)
        if spec.legs[0].sign * (spec.stop - mark) <= 0:
            return _WRONG_SIDE
    return _TOO_DEAR if _cost(world, spec, now) > _power(world, account, now) else ""


def _cost(world: World, spec: Spec, now: float) -> float:
    opening = [leg for leg in spec.legs if leg.effect == "OPENING"]
    parts = [
        leg.sign
        * leg.quantity
        * world.market.mark_at(leg.symbol, now)
        * (100 if len(leg.symbol) == 21 else 1)
        for leg in opening
    ]
    return max(0.0, sum(parts))


def _power(world: World, account: Account, now: float) -> float:
    return buying_power(world, account, world.board(now))
