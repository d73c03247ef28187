"""How an order's life ends in account activity when it was not filled: rejected, canceled, replaced, expired."""

from collections.abc import Iterator

from simulator.streamer.event import Event, event, execution, leg_id, route
from simulator.streamer.protodecimal import decimal, moment
from simulator.world.orders import Fill, Order


def ending(order: Order) -> Iterator[Event]:
    """Nothing for an order that is filled whole."""
    left = order.quantity - sum(fill.quantity for fill in order.fills)
    if order.rejection:
        rule = {"NgOMSRuleName": "Account_Sys_0005", "NgOMSRuleDescription": order.rejection}
        yield _out(order, order.accepted_at, "SystemReject", left, [rule])
    elif left <= 0:
        return
    elif order.canceled_at is not None:
        yield from _canceled(order, order.canceled_at, left)
    elif order.replaced_at is not None:
        yield from _replaced(order, order.replaced_at, left)
    elif order.expired_at is not None:
        yield from _gone(order, order.expired_at, "Expired", left)


def _canceled(order: Order, at: float, left: float) -> Iterator[Event]:
    if order.cancel_asked is not None:
        asked = order.cancel_asked
        info = [{"LegID": leg_id(order, 1), "CancelQuantity": decimal(left)}]
        body = {"CancelRequestType": "ClientCancel", "LegCancelRequestInfoList": info}
        yield event(asked, "CancelAccepted", "CancelAcceptedEvent", **body)
        yield from route(order, asked, "Cancel")
    yield from _gone(order, at, "ClientCancel", left)


def _replaced(order: Order, at: float, left: float) -> Iterator[Event]:
    asked = order.replace_asked if order.replace_asked is not None else at
    body = {"LegId": leg_id(order, 1), "CreatedTimeStamp": moment(asked), "LeavesQuantity": decimal(left)}
    yield event(asked, "ChangeCreated", "ChangeCreatedEvent", **body)
    yield event(at, "ChangeAccepted", "ChangeAcceptedEvent", **body)


def _gone(order: Order, at: float, kind: str, left: float) -> Iterator[Event]:
    nothing = Fill(at, left, (0.0,) * len(order.legs))
    out = execution(order, len(order.fills) + 1, nothing, "UROut")
    name = "ExecutionCreatedEventExecutionInfo"
    yield event(at, "ExecutionCreated", name, LegId=leg_id(order, 1), ExecutionInfo=out)
    yield _out(order, at, kind, left, [])


def _out(order: Order, at: float, kind: str, left: float, details: list[dict[str, str]]) -> Event:
    return event(
        at,
        "OrderUROutCompleted",
        "OrderUROutCompletedEvent",
        LegId=leg_id(order, 1),
        OutCancelType=kind,
        LeavesQuantity=decimal(0),
        CancelQuantity=decimal(left),
        ValidationDetail=details,
    )
