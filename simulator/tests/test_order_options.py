"""Options by hand: orders of several legs, and what becomes of contracts on their last day."""

from collections import Counter
from typing import Any

from simulator.tests.conftest import Wire
from simulator.tests.test_history import check_story
from simulator.tests.test_order_control import read
from simulator.tests.test_order_machine import advance

Row = dict[str, Any]


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
