"""Order lists: Schwab's nested orders (reference §2.4) into the book's flat rows, children naming their parent."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from actandpos.types import OrderLegRow, OrderRow, RejectedRow
from livedata.schwab import fills, wire
from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.identity import padded_number
from livedata.schwab.normalizers import UNREADABLE, reason_of
from livedata.schwab.numbers import UnusableNumber, price, quantity
from livedata.schwab.orderterms import SHELL, terms_of, why_null
from livedata.schwab.positions import ASSET_TYPES, OTHER, contract
from livedata.schwab.times import moment_of

CANCELED = {"CANCELED", "REJECTED", "EXPIRED", "REPLACED"}
OPEN = {
    *("WORKING", "QUEUED", "ACCEPTED", "NEW", "PENDING_ACTIVATION", "PENDING_ACKNOWLEDGEMENT"),
    *("AWAITING_PARENT_ORDER", "AWAITING_CONDITION", "AWAITING_STOP_CONDITION", "AWAITING_MANUAL_REVIEW"),
    *("AWAITING_RELEASE_TIME", "AWAITING_UR_OUT", "PENDING_CANCEL", "PENDING_REPLACE", "PENDING_RECALL"),
}
DEEPEST = 8
_list = msgspec.json.Decoder(list[msgspec.Raw])
_order = msgspec.json.Decoder(wire.OrderWire)
_orders = msgspec.json.Decoder(list[wire.OrderWire] | None)


class OrdersReading(Struct, frozen=True):
    """The orders of an answer by padded account number, and what could not be read."""

    by_number: dict[str, list[OrderRow]]
    rejected: list[RejectedRow]
    count: int = 0
    """The rows of the answer itself, nested orders not counted: as many as were asked for means there are more."""


class _Family(Struct):
    """What hangs together in one element of a list: its rows, and which order took the place of which."""

    rows: list[OrderRow] = field(default_factory=list)
    replaced: dict[str, str] = field(default_factory=dict)


def read_orders(body: bytes, number: str | None = None) -> OrdersReading:
    """Read the body of `GET /orders`, or of `GET /accounts/{hash}/orders` of the account with this padded number.

    Raises:
        SchwabOddAnswer: it is not a JSON list.
    """
    try:
        raws = _list.decode(body)
    except UNREADABLE as error:
        raise SchwabOddAnswer("It was not a list of orders.") from error
    return _read(raws, number)


def read_order(body: bytes, number: str) -> OrdersReading:
    """Read the body of `GET /accounts/{hash}/orders/{id}`: one order with what hangs under it."""
    return _read([msgspec.Raw(body)], number)


def _read(raws: list[msgspec.Raw], number: str | None) -> OrdersReading:
    by_number: dict[str, _Family] = {}
    rejected: list[RejectedRow] = []
    for raw in raws:
        try:
            order = _order.decode(raw)
            owner = number if order.account_number is None else padded_number(order.account_number)
            if owner is None:
                raise UnusableNumber("The order names no account.")
            family = _Family()
            _gather(order, None, family, 0)
        except UNREADABLE as error:
            rejected.append(RejectedRow(symbol=None, reason=reason_of(error)))
            continue
        whole = by_number.setdefault(owner, _Family())
        whole.rows += family.rows
        whole.replaced |= family.replaced
    return OrdersReading(
        {owner: list(_once(family)) for owner, family in by_number.items()}, rejected, len(raws)
    )


def _gather(order: wire.OrderWire, parent: str | None, family: _Family, depth: int) -> None:
    """Collect an order, its children and what took its place."""
    if depth > DEEPEST:
        raise UnusableNumber("The order is nested too deeply.")
    own = str(order.order_id)
    family.rows.append(order_row(order, parent))
    for child in order.child_order_strategies or []:
        _gather(child, own, family, depth + 1)
    for successor in _successors(order):
        family.replaced[str(successor.order_id)] = own
        if successor.status and successor.order_leg_collection:
            _gather(successor, None, family, depth + 1)


def _successors(order: wire.OrderWire) -> list[wire.OrderWire]:
    """Return the orders that Schwab names as having taken an order's place; what cannot be read names none."""
    try:
        return _orders.decode(order.replacing_order_collection) or []
    except UNREADABLE:
        return []


def _once(family: _Family) -> Iterator[OrderRow]:
    """Yield every order once, listed twice the one that names its parent, and say whose place it took."""
    rows: dict[str, OrderRow] = {}
    for row in family.rows:
        known = rows.get(row.broker_order_id)
        if known is None or (known.parent_broker_order_id is None and row.parent_broker_order_id):
            rows[row.broker_order_id] = row
    for broker_id, row in rows.items():
        before = family.replaced.get(broker_id)
        yield msgspec.structs.replace(row, replaces_broker_order_id=before) if before else row


def order_row(order: wire.OrderWire, parent: str | None) -> OrderRow:
    """Return the book's row for one order; an OCO shell has neither legs nor quantity."""
    legs = _legs(order.order_leg_collection or [])
    first = legs[0] if legs else None
    closed_at = moment_of(order.close_time)
    executed = fills.read_fills(order, legs)
    figures = {
        "quantity": quantity(order.quantity, "quantity"),
        "filled_quantity": quantity(order.filled_quantity, "filledQuantity"),
        "limit_price": price(order.price, "price"),
        "stop_price": price(order.stop_price, "stopPrice"),
    }
    counted = (legs, executed, figures["quantity"], figures["filled_quantity"])
    average = fills.average(*counted)
    missing = why_null(order, figures)
    if average.price is None:
        missing["avg_fill_price"] = average.reason if legs else SHELL
    if doubt := fills.disagreement(*counted):
        missing["filled_quantity"] = doubt
    return OrderRow(
        broker_order_id=str(order.order_id),
        symbol=first.symbol if first else "",
        asset_type=first.asset_type if first else OTHER,
        side=first.side if first else "",
        position_effect=first.position_effect if first else None,
        quantity=figures["quantity"],
        filled_quantity=figures["filled_quantity"],
        order_type=(order.order_type or order.order_strategy_type)[:32],
        limit_price=figures["limit_price"],
        stop_price=figures["stop_price"],
        avg_fill_price=price(average.price, "average fill price"),
        duration=order.duration[:32],
        status=order.status[:40],
        status_group=status_group(order),
        legs=legs,
        parent_broker_order_id=parent,
        entered_at=moment_of(order.entered_time),
        closed_at=closed_at,
        status_description=order.status_description[:300] if order.status_description else None,
        structure=(order.order_strategy_type or "SINGLE")[:32],
        spread=(order.complex_order_strategy_type or "NONE")[:32],
        session=order.session[:32],
        cancel_at=moment_of(order.cancel_time),
        terms=terms_of(order),
        fills=executed,
        told=fills.read_told(order, closed_at),
        missing=missing,
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


def _legs(legs: list[wire.LegWire]) -> list[OrderLegRow]:
    """Return the legs with ids that tell them apart: Schwab's own, else their places."""
    ids = [leg.leg_id for leg in legs]
    told = None not in ids and 0 not in ids and len(set(ids)) == len(ids)
    return [_leg(leg, leg.leg_id if told and leg.leg_id else place) for place, leg in enumerate(legs, 1)]


def _leg(leg: wire.LegWire, leg_id: int) -> OrderLegRow:
    """Return one leg."""
    instrument = leg.instrument
    # Orders call ETFs EQUITY.
    asset_type = ASSET_TYPES.get(leg.order_leg_type or instrument.asset_type, OTHER)
    put_call, strike, expiration = contract(instrument) if asset_type == "OPT" else (None, None, None)
    symbol = (instrument.symbol or "")[:64]
    return OrderLegRow(
        leg_id=leg_id,
        symbol=symbol,
        underlying=(instrument.underlying_symbol or symbol[:6].strip())[:64]
        if asset_type == "OPT"
        else symbol,
        asset_type=asset_type,
        side=leg.instruction[:24],
        position_effect=leg.position_effect[:16] if leg.position_effect else None,
        quantity=quantity(leg.quantity, "leg quantity"),
        put_call=put_call,
        strike=strike,
        expiration=expiration,
    )
