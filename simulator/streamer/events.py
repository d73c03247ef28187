"""The account activity of one order: what the streamer tells at which instant of the order's plan."""

from collections.abc import Iterator

from simulator.streamer.ending import ending
from simulator.streamer.event import ANSWERED, Event, event, execution, leg_id, route
from simulator.streamer.protodecimal import day, decimal, moment, whole
from simulator.world.instruments import Json
from simulator.world.market import Board, Market
from simulator.world.options import parse_contract
from simulator.world.orders import Fill, Leg, Order
from simulator.world.quotes import view_of
from simulator.world.views import View


def last_instant(order: Order) -> float:
    """After which nothing more is told of the order."""
    ends = (order.canceled_at, order.replaced_at, order.expired_at)
    known = [works_at(order) + ANSWERED, *(fill.at for fill in order.fills)]
    return max([*known, *(at for at in ends if at is not None)])


def events_of(order: Order, market: Market) -> list[Event]:
    """The whole life of an order, children left out, in the order of its instants."""
    if not order.legs:
        return []
    found = [*_entry(order, market), *_executions(order), *ending(order)]
    return sorted(found, key=lambda event: event.at)


def works_at(order: Order) -> float:
    """When an order goes to the market: accepted, its session open, its parent filled."""
    return max(order.accepted_at, order.awaits or 0.0, order.released or 0.0)


def envelope(order: Order, event: Event, number: str) -> Json:
    """What field 3 holds as text; ids are strings."""
    base = {"EventType": event.type, **event.body}
    return {"SchwabOrderID": str(order.order_id), "AccountNumber": number, "BaseEvent": base}


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
    yield event(order.entered, "OrderCreated", f"OrderCreatedEvent{kind}Order", Order=nested)
    if order.rejection:
        return
    at = order.accepted_at
    yield event(
        at,
        "OrderAccepted",
        "OrderAcceptedEvent",
        CreatedTimeStamp=moment(at),
        ExpiryTimeStamp=day(at),
        Status="Open",
        TradingSessionCodeOnOrderEntry="REG",
        QuoteOnOrderEntry=[_quote(order, leg, market) for leg in order.legs],
    )
    begins = works_at(order)
    if order.canceled_at is None or begins < order.canceled_at:
        yield from route(order, begins, "New")


def _leg(order: Order, number: int, leg: Leg) -> Json:
    return {
        "LegID": leg_id(order, number),
        "LegParentSchwabOrderID": str(order.order_id),
        "Quantity": decimal(leg.quantity),
        "LeavesQuantity": decimal(leg.quantity),
        "BuySellCode": "Buy" if leg.sign > 0 else "Sell",
        "Security": {"Symbol": leg.symbol},
    }


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
    field = view.sections["quote"].get(key)
    found = field(view) if field is not None else None
    return float(found) if isinstance(found, int | float) else 0.0


def _executions(order: Order) -> Iterator[Event]:
    done: list[Fill] = []
    for sequence, fill in enumerate(order.fills, 1):
        done.append(fill)
        info = execution(order, sequence, fill, "Fill")
        name = "ExecutionCreatedEventExecutionInfo"
        yield event(fill.at, "ExecutionCreated", name, LegId=leg_id(order, 1), ExecutionInfo=info)
        if sum(part.quantity for part in done) >= order.quantity:
            yield from _completed(order, done, info)


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
        yield event(
            last.at,
            "OrderFillCompleted",
            "OrderFillCompletedEventOrderLegQuantityInfo",
            LegId=leg_id(order, number),
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
