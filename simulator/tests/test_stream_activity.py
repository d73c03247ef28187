"""Account activity: the messages of an order's life, their decimals and times, and who is told."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from simulator.streamer.protodecimal import decimal
from simulator.tests.conftest import Wire
from simulator.tests.streaming import ACTIVITY, Row, Stream, streaming
from simulator.wire.times import EASTERN

ENTRY = [
    "OrderCreated",
    "OrderAccepted",
    "ExecutionRequested",
    "ExecutionRequestCreated",
    "ExecutionRequestCompleted",
]


def number(parts: Row) -> Decimal | None:
    """The decimal as a client reads it."""
    if not parts:
        return None
    scale = int(parts.get("signScale", 0))
    value = Decimal(parts.get("lo", "0")) / 10 ** (scale >> 1)
    return -value if scale & 1 else value


def listening(stream: Stream, wire: Wire, key: str = "Account Activity") -> None:
    wire.control("stream", tick_seconds=0.02)
    assert stream.ask(ACTIVITY, "SUBS", keys=key, fields="0,1,2,3") == {
        "code": 0,
        "msg": "SUBS command succeeded",
    }
    stream.until(lambda: stream.activity)


def events(stream: Stream) -> list[Any]:
    """The decoded field 3 of all but the opening message."""
    return [json.loads(row["3"]) for row in stream.activity[1:]]


def inner(event: Any) -> Any:
    """The event's own object."""
    base = event["BaseEvent"]
    (name,) = set(base) - {"EventType"}
    assert name.startswith(base["EventType"] + "Event")
    assert base[name]["EventType"] == base["EventType"]
    return base[name]


@pytest.mark.parametrize("value", [220.47, -3.25, 0, 0.000001, 98765432.1, None])
def test_decimals_in_parts(value: float | None) -> None:
    assert number(decimal(value)) == (None if value is None else Decimal(str(value)))
    assert decimal(220.47) == {"lo": "220470000", "signScale": 12}
    assert decimal(-1) == {"lo": "1000000", "signScale": 13}


def test_the_life_of_a_filled_order(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        listening(stream, wire, "my key")
        assert stream.activity[0] == {"seq": 1, "key": "my key", "1": "", "2": "SUBSCRIBED", "3": ""}
        made = wire.control("order", account=1, symbol="F", side="buy", quantity=5)
        for seconds in (0.6, 1.0, 1.0):
            wire.control("clock", advance_seconds=seconds)
        stream.until(lambda: "OrderFillCompleted" in stream.types())
    assert stream.types()[1:] == [*ENTRY, "ExecutionCreated", "ExecutionCreated", "OrderFillCompleted"]
    assert [row["seq"] for row in stream.activity] == list(range(1, 10))
    account = wire.state()["accounts"][0]["number"]
    assert {(row["key"], row["1"]) for row in stream.activity[1:]} == {("my key", account)}
    told = events(stream)
    assert {(event["SchwabOrderID"], event["AccountNumber"]) for event in told} == {
        (str(made["order"]["orderId"]), account)
    }
    assert [event["BaseEvent"]["EventType"] for event in told] == stream.types()[1:]
    fills = [
        inner(event)["ExecutionInfo"]
        for event in told
        if event["BaseEvent"]["EventType"] == "ExecutionCreated"
    ]
    assert [(number(fill["ExecutionQuantity"]), number(fill["ExecutionPrice"])) for fill in fills] == [
        (Decimal(str(fill["quantity"])), Decimal(str(fill["prices"][0]))) for fill in made["fills"]
    ]
    for fill, plan in zip(fills, made["fills"], strict=True):
        eastern = datetime.fromisoformat(fill["ExecutionTimeStamp"]["DateTimeString"]).replace(tzinfo=EASTERN)
        assert eastern.timestamp() == pytest.approx(plan["at"], abs=0.0011)
    whole = inner(told[-1])
    paid = sum(fill["quantity"] * fill["prices"][0] for fill in made["fills"])
    assert number(whole["QuantityInfo"]["AveragePrice"]) == Decimal(str(round(paid / 5, 6)))
    assert (
        number(whole["QuantityInfo"]["CumulativeQuantity"]),
        number(whole["QuantityInfo"]["LeavesQuantity"]),
    ) == (Decimal(5), Decimal(0))
    assert whole["OrderInfoForTransactionPosting"]["BuySellCode"] == "Buy"
    assert inner(told[1])["ExpiryTimeStamp"] == {"DateTimeString": "2026-11-24"}
    assert inner(told[1])["CreatedTimeStamp"] == {"DateTimeString": "2026-11-24 12:00:00.500"}


def test_messages_come_as_the_order_goes(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        listening(stream, wire)
        wire.control("order", account=1, symbol="F", side="buy", quantity=5)
        wire.control("clock", advance_seconds=0.3)
        stream.until(lambda: len(stream.types()) > 1)
        assert stream.types()[1:] == ["OrderCreated"]
        wire.control("clock", advance_seconds=0.3)
        stream.until(lambda: len(stream.types()) > 5)
        assert stream.types()[1:] == ENTRY


def test_cancellation_and_rejection(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        listening(stream, wire)
        made = wire.control("order", account=1, symbol="F", side="buy", quantity=4, type="limit", price=1)
        wire.control("clock", advance_seconds=5)
        wire.control("order", cancel=made["order"]["orderId"])
        wire.control("clock", advance_seconds=5)
        stream.until(lambda: "OrderUROutCompleted" in stream.types())
        assert stream.types()[6:] == [
            "CancelAccepted",
            "ExecutionRequested",
            "ExecutionRequestCompleted",
            "ExecutionCreated",
            "OrderUROutCompleted",
        ]
        *_, out, ended = events(stream)
        assert inner(out)["ExecutionInfo"]["ExecutionTransType"] == "UROut"
        assert (inner(ended)["OutCancelType"], number(inner(ended)["CancelQuantity"])) == (
            "ClientCancel",
            Decimal(4),
        )
        stream.activity[1:] = []
        wire.control("order", account=1, symbol="F", side="buy", quantity=1, reject="Example text: no.")
        wire.control("clock", advance_seconds=5)
        stream.until(lambda: "OrderUROutCompleted" in stream.types())
        assert stream.types()[1:] == ["OrderCreated", "OrderUROutCompleted"]
        (detail,) = inner(events(stream)[-1])["ValidationDetail"]
        assert (inner(events(stream)[-1])["OutCancelType"], detail["NgOMSRuleDescription"]) == (
            "SystemReject",
            "Example text: no.",
        )


def test_the_orders_of_the_day_are_told_too(wire: Wire) -> None:
    wire.sign_in()
    wire.control("clock", set="2026-11-24T14:41:00Z")
    wire.sign_in()
    with streaming(wire) as stream:
        listening(stream, wire)
        wire.control("clock", advance_seconds=60)
        stream.until(lambda: "OrderFillCompleted" in stream.types())
        assert stream.types()[1:] == [*ENTRY, "ExecutionCreated", "ExecutionCreated", "OrderFillCompleted"]


def test_funds_and_bonds_are_told_without_bid_and_ask(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        listening(stream, wire)
        for symbol in ("SWPPX", "91282CNT4"):
            wire.control("accounts", account=1, add={"symbol": symbol, "quantity": 10})
        wire.control("clock", advance_seconds=5)
        stream.until(lambda: stream.types().count("OrderFillCompleted") == 2)
    assert stream.types().count("OrderAccepted") == 2


def test_only_the_ticked_accounts_of_the_customer_are_told(wire: Wire) -> None:
    numbers = [item["number"] for item in wire.state()["accounts"]]
    wire.sign_in("demo", keep=lambda ticked: ticked != numbers[1])
    with streaming(wire) as stream:
        listening(stream, wire)
        for account in (6, 2, 1):
            wire.control("order", account=account, symbol="KO", side="buy", quantity=1)
        wire.control("clock", advance_seconds=5)
        stream.until(lambda: "OrderFillCompleted" in stream.types())
        assert {row["1"] for row in stream.activity[1:]} == {numbers[0]}


def test_unsubscribing_and_beginning_anew(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        listening(stream, wire)
        assert stream.ask(ACTIVITY, "VIEW", keys="x", fields="0,1")["code"] == 25
        assert stream.ask(ACTIVITY, "UNSUBS", keys="Account Activity")["code"] == 0
        wire.control("order", account=1, symbol="F", side="buy", quantity=1)
        wire.control("clock", advance_seconds=5)
        stream.activity.clear()
        listening(stream, wire)
        wire.control("order", account=1, symbol="F", side="buy", quantity=1, parts=1)
        wire.control("clock", advance_seconds=5)
        stream.until(lambda: "OrderFillCompleted" in stream.types())
        assert [row["seq"] for row in stream.activity] == list(range(1, 9))
