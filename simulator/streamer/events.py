"""The account activity of one order: what the streamer tells at which instant of the order's plan."""

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.streamer.protodecimal import day, decimal, moment, whole
from simulator.wire.times import eastern_date
from simulator.world.instruments import Json
from simulator.world.market import Board, Market
from simulator.world.options import parse_contract
from simulator.world.orders import Fill, Leg, Order
from simulator.world.quotes import view_of
from simulator.world.views import View

_ROUTED, _TAKEN, _ANSWERED = 0.02, 0.05, 0.08


@dataclass(frozen=True, slots=True)
class Event:
    """One message: its instant, its type (field 2) and its body inside BaseEvent."""

    at: float
    type: str
    body: Json


def last_instant(order: Order) -> float:
    """After which nothing more is told of the order."""
    ends = [order.accepted_at + _ANSWERED, *(fill.at for fill in order.fills)]
    return max(ends) if order.canceled_at is None else max(*ends, order.canceled_at)


def events_of(order: Order, market: Market) -> list[Event]:
    """The whole life of an order, children left out, in the order of its instants."""
    if not order.legs:
        return []
    found = [*_entry(order, market), *_executions(order), *_ending(order)]
    return sorted(found, key=lambda event: event.at)


def envelope(order: Order, event: Event, number: str) -> Json:
    """What field 3 holds as text; ids are strings."""
    base = {"EventType": event.type, **event.body}
    return {"SchwabOrderID": str(order.order_id), "AccountNumber": number, "BaseEvent": base}


def _event(at: float, kind: str, name: str, **body: object) -> Event:
    return Event(at, kind, {name: {"EventType": kind, **body}})


def _entry(order: Order, market: Market) -> Iterator[Event]:
    is_option = parse_contract(order.legs[0].symbol) is not None
    kind = "Option" if is_option else "Equity"
    legs = [_leg(order, number, leg) for number, leg in enumerate(order.legs, 1)]
    terms: Json = {
        "EntryTimeStamp": moment(order.entered),
        "OrderTypeCode": order.order_type.title(),
        "LimitPrice": decimal(order.price),
        "StopPrice": decimal(order.stop),
        f"AssetOrder{kind}OrderLeg": {"OrderLegs": legs},
    }
    nested = {"SchwabOrderID": str(order.order_id), "Order": terms}
    yield _event(order.entered, "OrderCreated", f"OrderCreatedEvent{kind}Order", Order=nested)
    if order.rejection:
        return
    at = order.accepted_at
    yield _event(
        at,
        "OrderAccepted",
        "OrderAcceptedEvent",
        CreatedTimeStamp=moment(at),
        ExpiryTimeStamp=day(at),
        Status="Open",
        TradingSessionCodeOnOrderEntry="REG",
        QuoteOnOrderEntry=[_quote(order, leg, market) for leg in order.legs],
    )
    yield from _route(order, at, "New")


def _leg(order: Order, number: int, leg: Leg) -> Json:
    return {
        "LegID": _leg_id(order, number),
        "LegParentSchwabOrderID": str(order.order_id),
        "Quantity": decimal(leg.quantity),
        "LeavesQuantity": decimal(leg.quantity),
        "BuySellCode": "Buy" if leg.sign > 0 else "Sell",
        "Security": {"Symbol": leg.symbol},
    }


def _leg_id(order: Order, number: int) -> str:
    return str(order.order_id) if number == 1 else f"{order.order_id}.{number}"


def _quote(order: Order, leg: Leg, market: Market) -> Json:
    view = view_of(leg.symbol, Board(market, order.entered))
    prices: dict[str, object] = {"QuoteTimestamp": moment(order.entered), "Symbol": leg.symbol}
    if view is not None:
        for name, price, size in (("Ask", "askPrice", "askSize"), ("Bid", "bidPrice", "bidSize")):
            prices[name] = decimal(_number(view, price))
            prices[f"{name}Size"] = whole(int(_number(view, size)))
        prices["Mid"] = decimal(view.mark)
    return {**prices, "QuoteTypeCode": "Mark", "SchwabOrderID": str(order.order_id)}


def _number(view: View, key: str) -> float:
    found = view.sections["quote"][key](view)
    return float(found) if isinstance(found, int | float) else 0.0


def _route(order: Order, at: float, requested: str) -> Iterator[Event]:
    by = "RR" if requested == "New" else "Client"
    routed = {
        "RouteInfo": {"RouteRequestedType": requested, "RouteName": order.venue},
        "RouteRequestedBy": by,
    }
    own = {"RouteSequenceNumber": 1, "LegId": _leg_id(order, 1)}
    name = "ExecutionRequestedEventRoutedInfo"
    yield _event(at + _ROUTED, "ExecutionRequested", name, **own, **routed)
    if requested == "New":
        yield _event(at + _TAKEN, "ExecutionRequestCreated", "ExecutionRequestCreatedEvent", **own)
    # Schwab writes these codes as text in some messages and as numbers in others.
    status: object = "RouteAcknowledged" if order.order_id % 2 else 2
    kind = "ExecutionRequestCompleted"
    yield _event(at + _ANSWERED, kind, f"{kind}Event", **own, ResponseType="Accepted", RouteStatus=status)


def _executions(order: Order) -> Iterator[Event]:
    done: list[Fill] = []
    for sequence, fill in enumerate(order.fills, 1):
        done.append(fill)
        info = _execution(order, sequence, fill, "Fill")
        name = "ExecutionCreatedEventExecutionInfo"
        yield _event(fill.at, "ExecutionCreated", name, LegId=_leg_id(order, 1), ExecutionInfo=info)
        if sum(part.quantity for part in done) >= order.quantity:
            yield from _completed(order, done, info)


def _execution(order: Order, sequence: int, fill: Fill, kind: str) -> Json:
    return {
        "ExecutionSequenceNumber": sequence,
        "ExecutionId": _execution_id(order, sequence, fill.at),
        "ExecutionQuantity": decimal(fill.quantity),
        "ExecutionPrice": decimal(fill.prices[0]),
        "ExecutionTimeStamp": moment(fill.at),
        "ExecutionTransType": kind,
        "RouteSequenceNumber": 1,
        "AsOfTimeStamp": {},
        "ActualChargedCommissionAmount": decimal(0),
        "ClientOrderID": f"{order.order_id}.1",
    }


def _execution_id(order: Order, sequence: int, at: float) -> str:
    return f"{eastern_date(at):%Y%m%d}-EST-ngOMS-{order.order_id % 1_000_000:06d}{sequence}"


def _completed(order: Order, done: list[Fill], info: Json) -> Iterator[Event]:
    last = done[-1]
    for number, leg in enumerate(order.legs, 1):
        paid = sum(fill.quantity * fill.prices[number - 1] for fill in done)
        quantity = {
            "ExecutionID": info["ExecutionId"],
            "CumulativeQuantity": decimal(leg.quantity),
            "LeavesQuantity": decimal(0),
            "AveragePrice": decimal(round(paid / order.quantity, 6)),
        }
        yield _event(
            last.at,
            "OrderFillCompleted",
            "OrderFillCompletedEventOrderLegQuantityInfo",
            LegId=_leg_id(order, number),
            LegStatus="LegClosed",
            QuantityInfo=quantity,
            PriceImprovement=decimal(0),
            LegSubStatus="LegSubStatusFilled",
            ExecutionInfo={**info, "ExecutionPrice": decimal(last.prices[number - 1])},
            OrderInfoForTransactionPosting=_posting(order, leg),
        )


def _posting(order: Order, leg: Leg) -> Json:
    return {
        "OrderTypeCode": order.order_type.title(),
        "BuySellCode": "Buy" if leg.sign > 0 else "Sell",
        "Quantity": decimal(leg.quantity),
        "StopPrice": decimal(order.stop),
        "Symbol": leg.symbol,
        "SettlementType": "SettlementType_Regular",
    }


def _ending(order: Order) -> Iterator[Event]:
    left = order.quantity - sum(fill.quantity for fill in order.fills)
    if order.rejection:
        rule = {"NgOMSRuleName": "Account_Sys_0005", "NgOMSRuleDescription": order.rejection}
        yield _out(order, order.accepted_at, "SystemReject", left, [rule])
    elif order.canceled_at is not None and left > 0:
        if order.cancel_asked is not None:
            asked = order.cancel_asked
            info = [{"LegID": _leg_id(order, 1), "CancelQuantity": decimal(left)}]
            name = "CancelAcceptedEvent"
            yield _event(
                asked, "CancelAccepted", name, CancelRequestType="ClientCancel", LegCancelRequestInfoList=info
            )
            yield from _route(order, asked, "Cancel")
        nothing = Fill(order.canceled_at, left, (0.0,) * len(order.legs))
        out = _execution(order, len(order.fills) + 1, nothing, "UROut")
        name = "ExecutionCreatedEventExecutionInfo"
        yield _event(order.canceled_at, "ExecutionCreated", name, LegId=_leg_id(order, 1), ExecutionInfo=out)
        yield _out(order, order.canceled_at, "ClientCancel", left, [])


def _out(order: Order, at: float, kind: str, left: float, details: list[dict[str, str]]) -> Event:
    return _event(
        at,
        "OrderUROutCompleted",
        "OrderUROutCompletedEvent",
        LegId=_leg_id(order, 1),
        OutCancelType=kind,
        LeavesQuantity=decimal(0),
        CancelQuantity=decimal(left),
        ValidationDetail=details,
    )
