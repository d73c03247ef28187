"""Orders and transactions: every kind on any day, nesting, filters, and agreement with the positions."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.tests.conftest import Wire

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000")
ALL_TYPES = "TRADE,DIVIDEND_OR_INTEREST,ACH_RECEIPT"
# Just after an Eastern midnight, at night, at noon, on a Sunday, and in the hour that daylight saving repeats.
ANY_TIME = [
    "2026-11-24T05:05:00Z",
    "2026-11-24T09:00:00Z",
    "2026-11-24T17:00:00Z",
    "2026-11-22T20:00:00Z",
    "2026-11-01T06:30:00Z",
]


def orders(wire: Wire, index: int, since: str, until: str = "2026-12-01T00:00:00.000Z", **more: str) -> Any:
    path = f"/trader/v1/accounts/{wire.hash_of(index)}/orders"
    answer = wire.get(path, fromEnteredTime=since, toEnteredTime=until, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def flat(rows: list[Any]) -> Iterator[Any]:
    for row in rows:
        yield row
        yield from flat(row.get("childOrderStrategies", []))


def fills(order: Any) -> list[Any]:
    return [item for item in order.get("orderActivityCollection", []) if item["executionType"] == "FILL"]


@pytest.mark.parametrize("instant", ANY_TIME)
def test_today_has_every_kind_at_any_hour(wire: Wire, instant: str) -> None:
    wire.control("clock", set=instant)
    wire.sign_in()
    midnight = f"{instant[:10]}T{'04' if instant < '2026-11-01T07' else '05'}:00:00.000Z"
    rows = orders(wire, 2, midnight)
    seen = {row["status"] for row in rows}
    assert seen >= {"FILLED", "WORKING", "CANCELED", "REJECTED", "PENDING_ACTIVATION"}
    parts = [row for row in rows if len(fills(row)) == 2]
    assert parts
    partly = [row for row in rows if row["status"] == "WORKING" and row.get("filledQuantity")]
    assert [row["duration"] for row in partly] == ["GOOD_TILL_CANCEL"]
    assert {row["status"] for row in orders(wire, 3, midnight)} >= {"FILLED", "WORKING"}


def test_orders_are_newest_first_whole_and_consistent(wire: Wire) -> None:
    wire.sign_in()
    rows = orders(wire, 2, "2026-11-18T05:00:00.000Z")
    times = [row["enteredTime"] for row in rows]
    assert times == sorted(times, reverse=True)
    assert len({row["orderId"] for row in flat(rows)}) == len(list(flat(rows)))
    for row in flat(rows):
        assert isinstance(row["accountNumber"], int)
        assert TIME.fullmatch(row["enteredTime"])
        assert 10**12 <= row["orderId"] < 10**13
        if row["orderStrategyType"] == "OCO":
            continue
        is_open = row["status"] in ("WORKING", "PENDING_ACTIVATION")
        assert row["filledQuantity"] == sum(item["quantity"] for item in fills(row))
        assert row["remainingQuantity"] == (row["quantity"] - row["filledQuantity"] if is_open else 0)
        assert ("closeTime" in row) != is_open
        assert row["cancelable"] == is_open
        assert ("price" in row) == (row["orderType"] not in ("MARKET", "STOP"))
        assert ("statusDescription" in row) == (row["status"] == "REJECTED")
        for leg in row["orderLegCollection"]:
            assert leg["orderLegType"] == leg["instrument"]["assetType"] in ("EQUITY", "OPTION")
    canceled = [row for row in flat(rows) if row["status"] == "CANCELED"]
    for row in canceled:
        last = row["orderActivityCollection"][-1]
        assert (last["executionType"], last["executionLegs"][0]["price"]) == ("CANCELED", 0.0)


def test_the_bracket_nests_and_one_child_ends_the_other(wire: Wire) -> None:
    wire.sign_in()
    today = next(
        row for row in orders(wire, 2, "2026-11-24T05:00:00.000Z") if row["orderStrategyType"] == "TRIGGER"
    )
    shell = today["childOrderStrategies"][0]
    assert set(shell) == {
        "orderStrategyType",
        "orderId",
        "cancelable",
        "editable",
        "status",
        "enteredTime",
        "tag",
        "accountNumber",
        "childOrderStrategies",
    }
    ids = [row["orderId"] for row in flat([today])]
    assert ids == list(range(ids[0], ids[0] + 4))
    assert [row["status"] for row in shell["childOrderStrategies"]] == ["WORKING", "WORKING"]
    assert not any(row["editable"] for row in flat([today]))
    before = orders(wire, 2, "2026-11-23T05:00:00.000Z", "2026-11-24T04:59:59.000Z")
    shell = next(row for row in before if row["orderStrategyType"] == "TRIGGER")["childOrderStrategies"][0]
    assert sorted(row["status"] for row in shell["childOrderStrategies"]) == ["CANCELED", "FILLED"]
    wire.control("clock", set="2026-11-24T05:02:05Z")
    waiting = next(
        row for row in orders(wire, 2, "2026-11-24T05:00:00.000Z") if row["orderStrategyType"] == "TRIGGER"
    )
    assert waiting["status"] == "WORKING"
    assert {row["status"] for row in flat(waiting["childOrderStrategies"])} == {"AWAITING_PARENT_ORDER"}


def test_filters_and_single_orders(wire: Wire) -> None:
    wire.sign_in()
    since = "2026-11-24T05:00:00.000Z"
    rows = orders(wire, 2, since)
    assert orders(wire, 2, since, maxResults="3") == rows[:3]
    assert orders(wire, 2, since, status="CANCELED") == [row for row in rows if row["status"] == "CANCELED"]
    everything = wire.get(
        "/trader/v1/orders", fromEnteredTime=since, toEnteredTime="2026-11-25T00:00:00.000Z"
    ).json()
    assert len(everything) == len(rows) + len(orders(wire, 3, since))
    times = [row["enteredTime"] for row in everything]
    assert times == sorted(times, reverse=True)
    path = f"/trader/v1/accounts/{wire.hash_of(2)}/orders"
    for row in flat(rows):
        assert wire.get(f"{path}/{row['orderId']}").json() == row
    assert wire.get(f"{path}/{rows[0]['orderId'] + 900}").status_code == 404
    assert wire.get(f"/trader/v1/accounts/{wire.hash_of(1)}/orders/{rows[0]['orderId']}").status_code == 404
    old = wire.get("/trader/v1/orders", fromEnteredTime="2026-09-01T00:00:00.000Z", toEnteredTime=since)
    assert old.status_code == 400


def fees_of_today(wire: Wire, index: int) -> dict[str, float]:
    """What the trades since the Eastern midnight of the tests' noon cost in fees, by symbol."""
    window = {"startDate": "2026-11-24T05:00:00.000Z", "endDate": "2026-11-25T05:00:00.000Z"}
    found: dict[str, float] = {}
    rows = wire.get(f"/trader/v1/accounts/{wire.hash_of(index)}/transactions", **window, types="TRADE").json()
    for row in rows:
        *fees, security = row["transferItems"]
        symbol = security["instrument"]["symbol"]
        found[symbol] = found.get(symbol, 0.0) - sum(fee["cost"] for fee in fees)
    assert any(found.values())
    return found


def test_fills_of_today_explain_the_days_cost(wire: Wire) -> None:
    wire.sign_in()
    path = f"/trader/v1/accounts/{wire.hash_of(2)}"
    rows = wire.get(path, fields="positions").json()["securitiesAccount"]["positions"]
    cost: dict[str, float] = {}
    changed: dict[str, float] = {}
    for order in flat(orders(wire, 2, "2026-11-23T05:00:00.000Z")):
        for fill in fills(order):
            for leg, execution in zip(order["orderLegCollection"], fill["executionLegs"], strict=True):
                if execution["time"] >= "2026-11-24T05:00:00" and leg["orderLegType"] == "EQUITY":
                    sign = 1 if leg["instruction"].startswith("BUY") else -1
                    symbol = leg["instrument"]["symbol"]
                    cost[symbol] = cost.get(symbol, 0) + sign * execution["quantity"] * execution["price"]
                    changed[symbol] = changed.get(symbol, 0) + sign * execution["quantity"]
    for symbol, paid in fees_of_today(wire, 2).items():
        cost[symbol] = cost.get(symbol, 0) + paid
    stocks = [row for row in rows if row["instrument"]["assetType"] in ("EQUITY", "COLLECTIVE_INVESTMENT")]
    assert {"UBER", "INTC"} < set(cost) & {row["instrument"]["symbol"] for row in stocks}
    for row in stocks:
        symbol = row["instrument"]["symbol"]
        assert row["currentDayCost"] == pytest.approx(cost.get(symbol, 0.0), abs=0.001)
        start = row.get("previousSessionLongQuantity", 0) - row.get("previousSessionShortQuantity", 0)
        assert row["longQuantity"] - row["shortQuantity"] == pytest.approx(start + changed.get(symbol, 0.0))


def test_transactions_add_up_and_match_the_orders(wire: Wire) -> None:
    wire.sign_in()
    path = f"/trader/v1/accounts/{wire.hash_of(2)}/transactions"
    window = {"startDate": "2026-10-24T00:00:00.000Z", "endDate": "2026-11-25T00:00:00.000Z"}
    rows = wire.get(path, **window, types=ALL_TYPES).json()
    assert {row["type"] for row in rows} == set(ALL_TYPES.split(","))
    assert len({row["activityId"] for row in rows}) == len(rows)
    trades = [row for row in rows if row["type"] == "TRADE"]
    for row in trades:
        assert isinstance(row["accountNumber"], str)
        assert row["netAmount"] == pytest.approx(
            sum(item["cost"] for item in row["transferItems"]), abs=0.001
        )
        security = row["transferItems"][-1]
        assert security["amount"] * security["cost"] < 0
    today = {row["orderId"] for row in trades if row["time"] >= "2026-11-24T05:00:00"}
    filled = {
        row["orderId"]
        for row in flat(orders(wire, 2, "2026-11-23T05:00:00.000Z"))
        if any(leg["time"] >= "2026-11-24T05:00:00" for item in fills(row) for leg in item["executionLegs"])
    }
    assert today == filled
    others = [row for row in rows if row["type"] != "TRADE"]
    assert all("orderId" not in row and len(row["transferItems"]) == 1 for row in others)
    one = wire.get(f"{path}/{trades[0]['activityId']}").json()
    assert one == [trades[0]]
    assert wire.get(f"{path}/{others[0]['activityId']}").json() == [others[0]]
    assert wire.get(f"{path}/1").status_code == 404
    only = wire.get(path, **window, types="TRADE", symbol="INTC").json()
    assert only
    assert {row["transferItems"][-1]["instrument"]["symbol"] for row in only} == {"INTC"}
