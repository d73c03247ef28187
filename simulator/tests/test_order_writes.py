"""Placing, replacing and canceling orders over the wire."""

from typing import Any

import pytest
import requests

from simulator.tests.conftest import Wire
from simulator.tests.test_history import check_story
from simulator.tests.test_order_control import read
from simulator.tests.test_order_machine import advance, mark, statuses

Row = dict[str, Any]


def leg(symbol: str, instruction: str, quantity: float) -> Row:
    kind = "OPTION" if len(symbol) == 21 else "EQUITY"
    return {
        "instruction": instruction,
        "quantity": quantity,
        "instrument": {"symbol": symbol, "assetType": kind},
    }


def order(*legs: Row, **terms: Any) -> Row:
    body = {"orderType": "MARKET", "session": "NORMAL", "duration": "DAY", "orderStrategyType": "SINGLE"}
    return {**body, "orderLegCollection": list(legs), **terms}


def send(wire: Wire, method: str, body: Any = None, identifier: int | str = "") -> requests.Response:
    path = f"{wire.base}/trader/v1/accounts/{wire.hash_of(1)}/orders" + (
        f"/{identifier}" if identifier else ""
    )
    return wire.http.request(method, path, json=body, headers=wire.headers, timeout=10)


def taken(answer: requests.Response, wire: Wire) -> int:
    """The id in the `Location` of a 201 without a body."""
    assert (answer.status_code, answer.content) == (201, b"")
    path, _, identifier = answer.headers["Location"].rpartition("/")
    assert path == f"{wire.base}/trader/v1/accounts/{wire.hash_of(1)}/orders"
    return int(identifier)


def test_placed_replaced_and_canceled(wire: Wire) -> None:
    wire.sign_in()
    first = taken(send(wire, "POST", order(leg("F", "BUY", 5), orderType="LIMIT", price="1.00")), wire)
    advance(wire, 2)
    assert read(wire, 1, first)["status"] == "WORKING"
    again = order(leg("F", "BUY", 7), orderType="LIMIT", price=1.5)
    second = taken(send(wire, "PUT", again, first), wire)
    advance(wire, 2)
    rows = [read(wire, 1, number) for number in (first, second)]
    assert [(row["status"], row["quantity"]) for row in rows] == [("REPLACED", 5), ("WORKING", 7)]
    answer = send(wire, "DELETE", identifier=second)
    assert (answer.status_code, answer.content) == (200, b"")
    assert read(wire, 1, second)["status"] == "PENDING_CANCEL"
    advance(wire, 2)
    assert read(wire, 1, second)["status"] == "CANCELED"
    for method, body in (("DELETE", None), ("PUT", again)):
        refused = send(wire, method, body, second)
        assert (refused.status_code, list(refused.json())) == (400, ["message"])


def test_a_bracket_is_nested_under_its_parent(wire: Wire) -> None:
    wire.sign_in()
    now = mark(wire, "F")
    away = {"session": "NORMAL", "duration": "GOOD_TILL_CANCEL", "orderStrategyType": "SINGLE"}
    out = [leg("F", "SELL", 5)]
    target = {**away, "orderType": "LIMIT", "price": str(round(now + 3, 2)), "orderLegCollection": out}
    stop = {**away, "orderType": "STOP", "stopPrice": str(round(now - 3, 2)), "orderLegCollection": out}
    shell = {"orderStrategyType": "OCO", "childOrderStrategies": [target, stop]}
    body = order(leg("F", "BUY", 5), orderStrategyType="TRIGGER", childOrderStrategies=[shell])
    identifier = taken(send(wire, "POST", body), wire)
    advance(wire, 10)
    assert statuses(read(wire, 1, identifier)) == ["FILLED", "WORKING", "WORKING", "WORKING"]
    assert send(wire, "PUT", order(leg("F", "SELL", 5)), identifier + 2).status_code == 400
    assert send(wire, "DELETE", identifier=identifier + 3).status_code == 200
    advance(wire, 2)
    assert statuses(read(wire, 1, identifier)) == ["FILLED", "CANCELED", "CANCELED", "CANCELED"]
    check_story(wire, 1)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (order(leg("AAPL", "SELL", 121)), "Position_Sys_0001"),
        (order(leg("INTC", "BUY_TO_COVER", 1)), "Position_Sys_0001"),
        (order(leg("F", "BUY", 5), orderType="STOP", stopPrice=1), "Order_Sys_0002"),
        (order(leg("F", "BUY", 900_000)), "Account_Sys_0012"),
    ],
)
def test_taken_and_then_rejected(wire: Wire, body: Row, word: str) -> None:
    wire.sign_in()
    identifier = taken(send(wire, "POST", body), wire)
    assert read(wire, 1, identifier)["status"] == "PENDING_ACKNOWLEDGEMENT"
    advance(wire, 2)
    found = read(wire, 1, identifier)
    assert found["status"] == "REJECTED"
    assert word in found["statusDescription"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        "no order",
        order(),
        order(leg("F", "BUY", 1.5)),
        order(leg("F", "BUY", 0)),
        order(leg("SWPPX", "BUY", 1)),
        order(leg("NOBODY", "BUY", 1)),
        order(leg("F", "BUY_TO_OPEN", 1)),
        order(leg("F", "BUY", 1), orderType="LIMIT"),
        order(leg("F", "BUY", 1), price=5),
        order(leg("F", "BUY", 1), orderType="STOP"),
        order(leg("F", "BUY", 1), leg("KO", "BUY", 1)),
        order(leg("F", "BUY", 1), requestedDestination="AUTO"),
        order(leg("F", "BUY", 1), duration="GOOD_TILL_CANCEL", cancelTime="2028-01-01"),
        order(leg("F", "BUY", 1), orderStrategyType="OCO"),
        {"orderStrategyType": "OCO", "childOrderStrategies": [order(leg("F", "BUY", 1))]},
    ],
)
def test_bad_orders_are_refused_at_once(wire: Wire, body: Any) -> None:
    wire.sign_in()
    answer = send(wire, "POST", body)
    assert answer.status_code == 400
    assert list(answer.json()) == ["message"]


def test_only_open_orders_of_the_account_and_only_when_signed_in(wire: Wire) -> None:
    wire.sign_in()
    for identifier, status in ((10**12, 404), ("abc", 400)):
        assert send(wire, "DELETE", identifier=identifier).status_code == status
        assert send(wire, "PUT", order(leg("F", "BUY", 1)), identifier).status_code == status
    wire.headers = {}
    for method in ("POST", "PUT", "DELETE"):
        assert send(wire, method, order(leg("F", "BUY", 1)), "" if method == "POST" else 5).status_code == 401


def test_an_order_of_the_daily_script_can_be_taken_back(wire: Wire) -> None:
    wire.sign_in()
    path = f"/trader/v1/accounts/{wire.hash_of(2)}/orders"
    window = {"fromEnteredTime": "2026-11-24T05:00:00.000Z", "toEnteredTime": "2026-11-24T18:00:00.000Z"}
    before = wire.get(path, **window).json()
    working = next(row for row in before if row["status"] == "WORKING" and row.get("filledQuantity"))
    url = f"{wire.base}{path}/{working['orderId']}"
    assert wire.http.delete(url, headers=wire.headers, timeout=10).status_code == 200
    advance(wire, 2)
    after = {row["orderId"]: row for row in wire.get(path, **window).json()}
    assert list(after) == [row["orderId"] for row in before]
    changed = after[working["orderId"]]
    assert (changed["status"], changed["filledQuantity"]) == ("CANCELED", working["filledQuantity"])
    trades = [row for row in check_story(wire, 2) if row.get("orderId") == working["orderId"]]
    assert [row["transferItems"][-1]["amount"] for row in trades] == [working["filledQuantity"]]
