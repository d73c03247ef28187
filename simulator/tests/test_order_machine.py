"""Brackets, replacements, expiries and orders of several legs, by control, and what the book makes of them."""

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


def test_several_legs_are_filled_together(wire: Wire) -> None:
    wire.sign_in()
    legs = [
        {"symbol": "KO    270115C00070000", "side": "buy", "quantity": 2},
        {"symbol": "KO    270115C00075000", "side": "sell", "quantity": 2},
    ]
    made = wire.control("order", account=2, legs=legs, type="limit", price=4.9)
    advance(wire, 5)
    order = read(wire, 2, made["order"]["orderId"])
    assert (order["status"], order["orderType"], order["quantity"]) == ("FILLED", "NET_DEBIT", 2)
    assert order["complexOrderStrategyType"] == "VERTICAL"
    (activity,) = order["orderActivityCollection"]
    assert [leg["legId"] for leg in activity["executionLegs"]] == [1, 2]
    rows = [row for row in check_story(wire, 2) if row.get("orderId") == order["orderId"]]
    assert [row["transferItems"][-1]["amount"] for row in rows] == [2, -2]
    too_dear = wire.control("order", account=2, legs=legs, type="limit", price=0.01)
    assert too_dear["fills"] == []


def test_options_by_hand_end_at_the_close_of_their_last_day(wire: Wire) -> None:
    wire.sign_in()
    for symbol, side in (
        ("JPM   261218C00100000", "buy"),
        ("JPM   261218P00900000", "sell"),
        ("JPM   261218C00900000", "sell"),
        ("XOM   261218C00050000", "sell"),
        ("PG    261218C00050000", "sell"),
    ):
        wire.control("order", account=1, symbol=symbol, side=side, quantity=1, parts=1)
    wire.control("clock", set="2026-12-18T20:59:59Z")
    wire.sign_in()
    before = positions(wire)
    assert sum(symbol[6:12] == "261218" for symbol in before) == 5
    advance(wire, 2)
    after = positions(wire)
    assert not [symbol for symbol in after if symbol[6:12] == "261218"]
    assert after["JPM"]["longQuantity"] == before["JPM"]["longQuantity"] + 200
    assert after["XOM"]["longQuantity"] == before["XOM"]["longQuantity"] - 100
    assert (after["PG"]["shortQuantity"], after["PG"]["averagePrice"]) == (100, 50)
    rows = [row for row in check_story(wire, 1) if row["time"] == "2026-12-18T21:00:00+0000"]
    ends = Counter(row["description"] for row in rows)
    assert ends == {
        "ASSIGNED": 3,
        "EXERCISED": 1,
        "OPTION ASSIGNED": 3,
        "OPTION EXERCISED": 1,
        "OPTION EXPIRED": 1,
    }
    assert sorted(row["netAmount"] for row in rows if row["type"] == "TRADE") == [-90000, -10000, 5000, 5000]


def positions(wire: Wire) -> dict[str, Row]:
    path = f"/trader/v1/accounts/{wire.hash_of(1)}"
    rows = wire.get(path, fields="positions").json()["securitiesAccount"]["positions"]
    return {row["instrument"]["symbol"]: row for row in rows}


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
