"""Brackets, replacements and expiries of orders by control, and what the book makes of them."""

from collections import Counter
from typing import Any

import pytest

from simulator.tests.conftest import Wire
from simulator.tests.streaming import streaming
from simulator.tests.test_history import check_story
from simulator.tests.test_order_control import place, read
from simulator.tests.test_stream_activity import events, inner, listening

Row = dict[str, Any]


def mark(wire: Wire, symbol: str) -> float:
    """The mark now."""
    return float(wire.get("/marketdata/v1/quotes", symbols=symbol).json()[symbol]["quote"]["mark"])


def advance(wire: Wire, seconds: float) -> None:
    wire.control("clock", advance_seconds=seconds)


def children(order: Row) -> list[Row]:
    """The two orders inside a bracket."""
    found: list[Row] = order["childOrderStrategies"][0]["childOrderStrategies"]
    return found


def statuses(order: Row) -> list[str]:
    return [
        order["status"],
        order["childOrderStrategies"][0]["status"],
        *(row["status"] for row in children(order)),
    ]


def bracketed(wire: Wire, gain: float, loss: float) -> int:
    """A bracket around what F costs now; its id."""
    now = mark(wire, "F")
    around = {"target": round(now + gain, 2), "stop": round(now - loss, 2)}
    return place(wire, 1, symbol="F", side="buy", quantity=6, bracket=around)


def test_a_bracket_waits_works_and_one_child_ends_the_other(wire: Wire) -> None:
    wire.sign_in()
    identifier = bracketed(wire, 0.03, 5)
    seen = []
    for seconds in (0.6, 1.2, 2, 60, 60):
        seen.append(statuses(read(wire, 1, identifier)))
        advance(wire, seconds)
    assert seen[0] == ["PENDING_ACKNOWLEDGEMENT", *["AWAITING_PARENT_ORDER"] * 3]
    assert seen[1] == ["WORKING", *["AWAITING_PARENT_ORDER"] * 3]
    assert seen[3] == ["FILLED", "WORKING", "WORKING", "WORKING"]
    advance(wire, 86400)
    wire.sign_in()
    order = read(wire, 1, identifier)
    assert statuses(order) == ["FILLED", "FILLED", "FILLED", "CANCELED"]
    ids = [
        order["orderId"],
        order["childOrderStrategies"][0]["orderId"],
        *(row["orderId"] for row in children(order)),
    ]
    assert ids == list(range(identifier, identifier + 4))
    target, stop = children(order)
    assert (target["orderType"], stop["orderType"]) == ("LIMIT", "STOP")
    assert target["closeTime"] == stop["closeTime"]
    assert target["orderActivityCollection"][0]["executionLegs"][0]["price"] >= target["price"]
    check_story(wire, 1)


def test_a_stop_fills_at_the_mark_that_reaches_it(wire: Wire) -> None:
    wire.sign_in()
    order = read(wire, 1, bracketed(wire, 5, 0.03))
    advance(wire, 86400)
    wire.sign_in()
    order = read(wire, 1, order["orderId"])
    assert statuses(order) == ["FILLED", "FILLED", "CANCELED", "FILLED"]
    stop = children(order)[1]
    assert stop["orderActivityCollection"][0]["executionLegs"][0]["price"] <= stop["stopPrice"]


def test_taking_back_parents_and_children(wire: Wire) -> None:
    wire.sign_in()
    now = mark(wire, "F")
    around = {"target": now + 5, "stop": now - 5}
    waiting = place(wire, 1, symbol="F", side="buy", quantity=6, type="limit", price=1, bracket=around)
    advance(wire, 5)
    wire.control("order", cancel=waiting)
    assert read(wire, 1, waiting)["status"] == "PENDING_CANCEL"
    advance(wire, 5)
    assert statuses(read(wire, 1, waiting)) == ["CANCELED"] * 4
    with streaming(wire) as stream:
        listening(stream, wire)
        filled = bracketed(wire, 5, 5)
        advance(wire, 10)
        wire.control("order", cancel=filled + 2)
        advance(wire, 5)
        stream.until(lambda: stream.types().count("OrderUROutCompleted") == 2)
        told = Counter((int(row["SchwabOrderID"]), row["BaseEvent"]["EventType"]) for row in events(stream))
    assert told[filled, "OrderFillCompleted"] == 1
    for child in (filled + 2, filled + 3):
        kinds = ("OrderCreated", "OrderAccepted", "CancelAccepted", "OrderUROutCompleted")
        assert [told[child, kind] for kind in kinds] == [1, 1, 1, 1]
    assert not any(identifier == filled + 1 for identifier, _ in told)
    assert statuses(read(wire, 1, filled)) == ["FILLED", "CANCELED", "CANCELED", "CANCELED"]


def test_a_parent_that_never_fills_takes_its_children_along(wire: Wire) -> None:
    wire.sign_in()
    around = {"target": 3, "stop": 0.5}
    waiting = place(wire, 1, symbol="F", side="buy", quantity=6, type="limit", price=1, bracket=around)
    wire.control("clock", set="2026-11-25T05:00:30Z")
    wire.sign_in()
    assert statuses(read(wire, 1, waiting)) == ["EXPIRED", "CANCELED", "CANCELED", "CANCELED"]


def test_an_order_is_replaced_by_one_with_a_new_id(wire: Wire) -> None:
    wire.sign_in()
    old = place(wire, 1, symbol="F", side="buy", quantity=4, type="limit", price=1)
    advance(wire, 5)
    with streaming(wire) as stream:
        listening(stream, wire)
        made = wire.control(
            "order",
            replace=old,
            symbol="F",
            side="buy",
            quantity=6,
            type="limit",
            price=round(mark(wire, "F") + 1, 2),
        )
        new = made["order"]["orderId"]
        first = [read(wire, 1, number)["status"] for number in (old, new)]
        for seconds in (1, 2, 2):
            advance(wire, seconds)
        stream.until(lambda: "OrderFillCompleted" in stream.types())
        told = {(event["SchwabOrderID"], event["BaseEvent"]["EventType"]) for event in events(stream)}
    assert new > old
    assert first == ["PENDING_REPLACE", "PENDING_ACKNOWLEDGEMENT"]
    assert {(str(old), "ChangeCreated"), (str(old), "ChangeAccepted"), (str(new), "OrderCreated")} <= told
    rows = [read(wire, 1, number) for number in (old, new)]
    assert [row["status"] for row in rows] == ["REPLACED", "FILLED"]
    assert (rows[0]["remainingQuantity"], rows[0]["filledQuantity"]) == (0, 0)
    assert rows[0]["closeTime"] >= rows[0]["enteredTime"]
    check_story(wire, 1)


def test_what_a_replacement_does_not_say_stays(wire: Wire) -> None:
    wire.sign_in()
    old = place(wire, 1, symbol="F", side="buy", quantity=4, type="limit", price=1)
    advance(wire, 2)
    dearer = wire.control("order", replace=old, price=1.5)["order"]
    advance(wire, 2)
    more = wire.control("order", replace=dearer["orderId"], quantity=6)["order"]
    advance(wire, 2)
    market = wire.control("order", replace=more["orderId"], type="market")["order"]
    seen = [(row["quantity"], row["orderType"], row.get("price")) for row in (dearer, more, market)]
    assert seen == [(4, "LIMIT", 1.5), (6, "LIMIT", 1.5), (6, "MARKET", None)]
    advance(wire, 5)
    assert read(wire, 1, market["orderId"])["status"] == "FILLED"


def test_a_replacement_can_lose_the_race(wire: Wire) -> None:
    wire.sign_in()
    old = place(wire, 1, symbol="F", side="buy", quantity=4, parts=1)
    advance(wire, 1)
    made = wire.control("order", replace=old, symbol="F", side="buy", quantity=5)
    advance(wire, 3)
    assert [read(wire, 1, number)["status"] for number in (old, made["order"]["orderId"])] == [
        "FILLED",
        "REJECTED",
    ]


def test_orders_end_with_the_session_and_say_so(wire: Wire) -> None:
    wire.sign_in()
    day = place(wire, 1, symbol="F", side="buy", quantity=4, type="limit", price=1, session="normal")
    lasting = place(wire, 1, symbol="F", side="buy", quantity=4, type="limit", price=1, duration="gtc")
    wire.control("clock", set="2026-11-24T20:59:30Z")
    wire.sign_in()
    assert read(wire, 1, day)["status"] == "WORKING"
    with streaming(wire) as stream:
        listening(stream, wire)
        advance(wire, 60)
        stream.until(lambda: "OrderUROutCompleted" in stream.types())
        gone = [event for event in events(stream) if event["SchwabOrderID"] == str(day)]
    assert inner(gone[-1])["OutCancelType"] == "Expired"
    expired = read(wire, 1, day)
    assert (expired["status"], expired["closeTime"]) == ("EXPIRED", "2026-11-24T21:00:00+0000")
    standing = read(wire, 1, lasting)
    assert (standing["status"], standing["cancelTime"]) == ("WORKING", "2027-05-23T00:00:00+0000")
    wire.control("clock", set="2027-05-23T00:00:01Z")
    wire.sign_in()
    assert read(wire, 1, lasting)["status"] == "EXPIRED"


def test_an_order_outside_the_session_waits_for_it(wire: Wire) -> None:
    wire.control("clock", set="2026-11-22T20:00:00Z")
    wire.sign_in()
    waiting = place(wire, 1, symbol="F", side="buy", quantity=4, session="normal")
    advance(wire, 60)
    assert read(wire, 1, waiting)["status"] == "PENDING_ACTIVATION"
    wire.control("clock", set="2026-11-23T14:30:10Z")
    wire.sign_in()
    order = read(wire, 1, waiting)
    assert (order["status"], order["closeTime"][:16]) == ("FILLED", "2026-11-23T14:30")
    check_story(wire, 1)


@pytest.mark.parametrize(
    "ticket",
    [
        {"account": 1, "symbol": "F", "side": "buy", "quantity": 1, "type": "stop"},
        {"account": 1, "symbol": "F", "side": "buy", "quantity": 1, "type": "limit", "price": -1},
        {"replace": 1000982408099, "symbol": "F", "side": "buy", "quantity": 1},
        {"replace": "x", "symbol": "F", "side": "buy", "quantity": 1},
        {"account": 1, "legs": [{"symbol": "F"}]},
    ],
)
def test_what_cannot_be_ordered_or_replaced(wire: Wire, ticket: Row) -> None:
    answer = wire.http.post(f"{wire.base}/_control/order", json=ticket, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["detail"]
