"""Writes an order as the Trader API does at one instant."""

import math
from functools import lru_cache

import msgspec

from simulator.wire.times import wire_time
from simulator.world.instruments import Json, instrument_id, order_instrument
from simulator.world.orders import CLOSED, Fill, Leg, Order, flat

_GTC_LIFE = 180 * 86400


def order_json(order: Order, now: float, account_number: str) -> Json:
    """The order with its children nested, in the observed key order; the account number is an integer here."""
    body = {} if order.strategy == "OCO" else _terms(order, now)
    body |= _state(order, now, account_number)
    if order.strategy != "OCO":
        activities = _activities(order, now)
        if activities:
            body["orderActivityCollection"] = activities
    if order.children:
        body["childOrderStrategies"] = [order_json(child, now, account_number) for child in order.children]
    if order.status(now) == "REJECTED":
        body["statusDescription"] = order.rejection
    return body


def order_text(order: Order, now: float, account_number: str) -> msgspec.Raw:
    """The same as JSON text, remembered for orders that will never change: most of a year's."""
    if all(single.status(now) in CLOSED for single in flat(order)):
        return _final(order, account_number)
    return msgspec.Raw(msgspec.json.encode(order_json(order, now, account_number)))


@lru_cache(maxsize=16384)
def _final(order: Order, account_number: str) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(order_json(order, math.inf, account_number)))


def _terms(order: Order, now: float) -> Json:
    closed = order.status(now) in CLOSED
    filled = order.filled(now)
    body: Json = {"session": order.session, "duration": order.duration, "orderType": order.order_type}
    if order.duration == "GOOD_TILL_CANCEL":
        ends = order.cancel_time or (order.entered + _GTC_LIFE) // 86400 * 86400
        body["cancelTime"] = wire_time(ends)
    body |= {
        "complexOrderStrategyType": order.complex_type,
        "quantity": float(order.quantity),
        "filledQuantity": float(filled),
        "remainingQuantity": 0.0 if closed else float(order.quantity - filled),
        "requestedDestination": "AUTO",
        "destinationLinkName": order.venue if filled else "AutoRoute",
    }
    if order.price is not None:
        body["price"] = order.price
    if order.stop is not None:
        body |= {"stopPrice": order.stop, "stopType": "STANDARD"}
    body["orderLegCollection"] = [_leg(number, leg) for number, leg in enumerate(order.legs, 1)]
    return body


def _leg(number: int, leg: Leg) -> Json:
    return {
        "orderLegType": order_instrument(leg.symbol)["assetType"],
        "legId": number,
        "instrument": order_instrument(leg.symbol),
        "instruction": leg.instruction,
        "positionEffect": leg.effect,
        "quantity": float(leg.quantity),
    }


def _state(order: Order, now: float, account_number: str) -> Json:
    status = order.status(now)
    is_open = status not in CLOSED
    body: Json = {
        "orderStrategyType": order.strategy,
        "orderId": order.order_id,
        "cancelable": is_open,
        "editable": is_open and order.strategy == "SINGLE" and not order.child,
        "status": status,
        "enteredTime": wire_time(order.entered),
    }
    closed_at = order.closed_at(now)
    if closed_at is not None and order.strategy != "OCO":
        body["closeTime"] = wire_time(closed_at)
    return body | {"tag": order.tag, "accountNumber": int(account_number)}


def _activities(order: Order, now: float) -> list[Json]:
    found: list[Json] = []
    remaining = order.quantity
    for number, fill in enumerate(order.fills, 1):
        if fill.at <= now:
            remaining -= fill.quantity
            found.append(_activity(order, number, "FILL", fill, remaining))
    if order.status(now) == "CANCELED" and order.canceled_at is not None:
        nothing = Fill(order.canceled_at, remaining, (0.0,) * len(order.legs))
        found.append(_activity(order, len(order.fills) + 1, "CANCELED", nothing, 0.0))
    return found


def _activity(order: Order, number: int, kind: str, fill: Fill, remaining: float) -> Json:
    return {
        "activityType": "EXECUTION",
        "activityId": order.order_id * 10 + number,
        "executionType": kind,
        "quantity": float(fill.quantity),
        "orderRemainingQuantity": float(remaining),
        "executionLegs": [
            {
                "legId": leg_number,
                "quantity": float(leg.quantity * fill.quantity / order.quantity),
                "mismarkedQuantity": 0.0,
                "price": price,
                "time": wire_time(fill.at),
                "instrumentId": instrument_id(leg.symbol),
            }
            for leg_number, (leg, price) in enumerate(zip(order.legs, fill.prices, strict=True), 1)
        ],
    }
