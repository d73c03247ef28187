"""Order lists: Schwab's nested orders (reference §2.4) into the book's flat rows, children naming their parent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal

import msgspec
from msgspec import Struct

from actandpos.types import OrderLegRow, OrderRow, RejectedRow
from livedata.schwab import wire
from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.identity import padded_number
from livedata.schwab.normalizers import UNREADABLE, reason_of
from livedata.schwab.numbers import UnusableNumber, price, quantity
from livedata.schwab.positions import ASSET_TYPES, OTHER, contract

CANCELED = {"CANCELED", "REJECTED", "EXPIRED", "REPLACED"}
OPEN = {
    *("WORKING", "QUEUED", "ACCEPTED", "NEW", "PENDING_ACTIVATION", "PENDING_ACKNOWLEDGEMENT"),
    *("AWAITING_PARENT_ORDER", "AWAITING_CONDITION", "AWAITING_STOP_CONDITION", "AWAITING_MANUAL_REVIEW"),
    *("AWAITING_RELEASE_TIME", "AWAITING_UR_OUT", "PENDING_CANCEL", "PENDING_REPLACE", "PENDING_RECALL"),
}
SIGNS = {"BUY": 1, "SELL": -1}
DEEPEST = 8
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_list = msgspec.json.Decoder(list[msgspec.Raw])
_order = msgspec.json.Decoder(wire.OrderWire)


class OrdersReading(Struct, frozen=True):
    """The orders of an answer by padded account number, and what could not be read."""

    by_number: dict[str, list[OrderRow]]
    rejected: list[RejectedRow]


def read_orders(body: bytes) -> OrdersReading:
    """Read the body of `GET /orders`.

    Raises:
        SchwabOddAnswer: it is not a JSON list.
    """
    try:
        raws = _list.decode(body)
    except UNREADABLE as error:
        raise SchwabOddAnswer("It was not a list of orders.") from error
    by_number: dict[str, list[OrderRow]] = {}
    rejected: list[RejectedRow] = []
    for raw in raws:
        try:
            order = _order.decode(raw)
            if order.account_number is None:
                raise UnusableNumber("The order names no account.")
            rows = list(_walk(order, None, 0))
            by_number.setdefault(padded_number(order.account_number), []).extend(rows)
        except UNREADABLE as error:
            rejected.append(RejectedRow(symbol=None, reason=reason_of(error)))
    return OrdersReading(by_number, rejected)


def _walk(order: wire.OrderWire, parent: str | None, depth: int) -> Iterator[OrderRow]:
    """Yield an order and its children."""
    if depth > DEEPEST:
        raise UnusableNumber("The order is nested too deeply.")
    yield order_row(order, parent)
    for child in order.child_order_strategies or []:
        yield from _walk(child, str(order.order_id), depth + 1)


def order_row(order: wire.OrderWire, parent: str | None) -> OrderRow:
    """Return the book's row for one order; an OCO shell has neither legs nor quantity."""
    legs = [_leg(leg) for leg in order.order_leg_collection or []]
    first = legs[0] if legs else None
    return OrderRow(
        broker_order_id=str(order.order_id),
        symbol=first.symbol if first else "",
        asset_type=first.asset_type if first else OTHER,
        side=first.side if first else "",
        position_effect=first.position_effect if first else None,
        quantity=quantity(order.quantity, "quantity"),
        filled_quantity=quantity(order.filled_quantity, "filledQuantity"),
        order_type=(order.order_type or order.order_strategy_type)[:32],
        limit_price=price(order.price, "price"),
        stop_price=price(order.stop_price, "stopPrice"),
        avg_fill_price=price(_avg_fill(order), "average fill price"),
        duration=order.duration[:32],
        status=order.status[:40],
        status_group=status_group(order),
        legs=legs,
        parent_broker_order_id=parent,
        entered_at=_time(order.entered_time),
        closed_at=_time(order.close_time),
        status_description=order.status_description[:300] if order.status_description else None,
    )


def status_group(order: wire.OrderWire) -> str:
    """Return `filled`, `canceled` or `working`; of a status that is new to us, `closeTime` tells whether it is over."""
    if order.status == "FILLED":
        return "filled"
    if order.status in CANCELED:
        return "canceled"
    if order.close_time and order.status not in OPEN:
        return "filled" if order.filled_quantity else "canceled"
    return "working"


def _leg(leg: wire.LegWire) -> OrderLegRow:
    """Return one leg."""
    instrument, asset_type = leg.instrument, _leg_type(leg)
    put_call, strike, expiration = contract(instrument) if asset_type == "OPT" else (None, None, None)
    return OrderLegRow(
        symbol=(instrument.symbol or "")[:64],
        asset_type=asset_type,
        side=leg.instruction[:24],
        position_effect=leg.position_effect[:16] if leg.position_effect else None,
        quantity=quantity(leg.quantity, "leg quantity"),
        put_call=put_call,
        strike=strike,
        expiration=expiration,
    )


class Fill(Struct, frozen=True):
    """One execution: price per unit and units, both rounded as they are kept."""

    leg_id: int | None
    price: Decimal
    units: Decimal


def _fills(order: wire.OrderWire) -> list[Fill]:
    """Return what was executed. Only `executionType` FILL counts: cancellations come as executions with price 0."""
    executions = [
        leg
        for activity in order.order_activity_collection or []
        if activity.execution_type == "FILL"
        for leg in activity.execution_legs or []
    ]
    fills = []
    for leg in executions:
        at, units = price(leg.price, "fill price"), quantity(leg.quantity, "fill quantity")
        if at is not None and units is not None and units > 0:
            fills.append(Fill(leg.leg_id, at, units))
    return fills


def _avg_fill(order: wire.OrderWire) -> Decimal | None:
    """Return Σ(price × quantity) ÷ Σ quantity over the fills; for several legs the net price, paid positive."""
    legs, fills = order.order_leg_collection or [], _fills(order)
    if not fills:
        return None
    if len(legs) > 1:
        return _net_price(order, legs, fills)
    amount = sum((fill.price * fill.units for fill in fills), Decimal(0))
    return _EXACT.divide(amount, sum((fill.units for fill in fills), Decimal(0)))


def _net_price(order: wire.OrderWire, legs: list[wire.LegWire], fills: list[Fill]) -> Decimal | None:
    """Return Σ(± price × quantity) ÷ filledQuantity; None where legs count in different units (shares, contracts)."""
    filled = quantity(order.filled_quantity, "filledQuantity")
    signs = {leg.leg_id: SIGNS.get(leg.instruction.partition("_")[0]) for leg in legs}
    if not filled or len(signs) < len(legs) or len({_leg_type(leg) for leg in legs}) > 1:
        return None
    net = Decimal(0)
    for fill in fills:
        sign = signs.get(fill.leg_id)
        if sign is None:
            return None
        net += sign * fill.price * fill.units
    return _EXACT.divide(net, filled)


def _leg_type(leg: wire.LegWire) -> str:
    """Return the book's asset type of a leg; orders call ETFs EQUITY."""
    return ASSET_TYPES.get(leg.order_leg_type or leg.instrument.asset_type, OTHER)


def _time(text: str | None) -> datetime | None:
    """Read `2026-05-14T13:45:02+0000` as UTC; a time without an offset is no moment."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        in_utc = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnusableNumber("A time is not readable.") from error
    if moment.tzinfo is None:
        raise UnusableNumber("A time has no offset.")
    return in_utc
