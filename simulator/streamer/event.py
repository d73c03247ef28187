"""What every message of account activity is made of: events, routes, executions."""

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.streamer.protodecimal import decimal, moment
from simulator.wire.times import eastern_date
from simulator.world.instruments import Json
from simulator.world.orders import Fill, Order

_ROUTED, _TAKEN, ANSWERED = 0.02, 0.05, 0.08


@dataclass(frozen=True, slots=True)
class Event:
    """One message: its instant, its type (field 2) and its body inside BaseEvent."""

    at: float
    type: str
    body: Json


def event(at: float, kind: str, name: str, **body: object) -> Event:
    return Event(at, kind, {name: {"EventType": kind, **body}})


def leg_id(order: Order, number: int) -> str:
    return str(order.order_id) if number == 1 else f"{order.order_id}.{number}"


def route(order: Order, at: float, requested: str) -> Iterator[Event]:
    by = "RR" if requested == "New" else "Client"
    routed = {
        "RouteInfo": {"RouteRequestedType": requested, "RouteName": order.venue},
        "RouteRequestedBy": by,
    }
    own = {"RouteSequenceNumber": 1, "LegId": leg_id(order, 1)}
    name = "ExecutionRequestedEventRoutedInfo"
    yield event(at + _ROUTED, "ExecutionRequested", name, **own, **routed)
    if requested == "New":
        yield event(at + _TAKEN, "ExecutionRequestCreated", "ExecutionRequestCreatedEvent", **own)
    # Schwab writes these codes as text in some messages and as numbers in others.
    status: object = "RouteAcknowledged" if order.order_id % 2 else 2
    kind = "ExecutionRequestCompleted"
    yield event(at + ANSWERED, kind, f"{kind}Event", **own, ResponseType="Accepted", RouteStatus=status)


def execution(order: Order, sequence: int, fill: Fill, kind: str) -> Json:
    return {
        "ExecutionSequenceNumber": sequence,
        "ExecutionId": execution_id(order, sequence, fill.at),
        "ExecutionQuantity": decimal(fill.quantity),
        "ExecutionPrice": decimal(fill.prices[0]),
        "ExecutionTimeStamp": moment(fill.at),
        "ExecutionTransType": kind,
        "RouteSequenceNumber": 1,
        "AsOfTimeStamp": {},
        "ActualChargedCommissionAmount": decimal(0),
        "ClientOrderID": f"{order.order_id}.1",
    }


def execution_id(order: Order, sequence: int, at: float) -> str:
    return f"{eastern_date(at):%Y%m%d}-EST-ngOMS-{order.order_id % 1_000_000:06d}{sequence}"
