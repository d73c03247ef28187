"""A year of transactions that adds up: quantities, averages and cash of every account at any instant."""

import re
from collections import Counter
from typing import Any

import pytest

from simulator.tests.conftest import Wire
from simulator.tests.telling import Row, security, told, transactions, whole_story
from simulator.trader_query import TYPES

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000")
FEES = ["COMMISSION", "SEC_FEE", "OPT_REG_FEE", "TAF_FEE"]
# The year's first evening, between two parts of an order, after a close on which options ended, and the tests' noon.
INSTANTS = [
    "2025-12-16T03:00:00Z",
    "2026-04-21T04:00:42Z",
    "2026-07-17T20:00:01Z",
    "2026-11-24T17:00:00Z",
]
YEAR = ("2025-11-26T00:00:00.000Z", "2026-11-25T00:00:00.000Z")


def account(wire: Wire, index: int) -> Any:
    path = f"/trader/v1/accounts/{wire.hash_of(index)}"
    return wire.get(path, fields="positions").json()["securitiesAccount"]


def check_story(wire: Wire, index: int) -> list[Row]:
    """Positions, averages and cash follow from the transactions."""
    rows, held = whole_story(wire, index), account(wire, index)
    lots, cash = told(rows)
    now = held["currentBalances"]
    expected = now["cashBalance"] + now.get("marginBalance", 0.0) + now.get("shortBalance", 0.0)
    assert cash == pytest.approx(expected, abs=0.001)
    positions = {row["instrument"]["symbol"]: row for row in held.get("positions", [])}
    assert {symbol for symbol, own in lots.items() if own.lots} == set(positions)
    for symbol, row in positions.items():
        own, side = lots[symbol], "Long" if row["longQuantity"] else "Short"
        assert own.quantity == pytest.approx(row["longQuantity"] - row["shortQuantity"], abs=1e-6)
        assert row["averagePrice"] == pytest.approx(own.average(2), abs=1e-6)
        assert row[f"average{side}Price"] == pytest.approx(own.average(1), abs=1e-6)
    return rows


@pytest.mark.parametrize("instant", INSTANTS)
def test_the_story_adds_up_to_the_book(wire: Wire, instant: str) -> None:
    wire.control("clock", set=instant)
    seen: Counter[int] = Counter()
    for login, indexes in (("demo", (1, 2, 3, 4, 5)), ("other", (6, 7))):
        wire.sign_in(login)
        for index in indexes:
            rows = check_story(wire, index)
            seen.update(row["activityId"] for row in rows)
            assert all(row["time"] <= instant.replace("Z", "+0000") for row in rows)
    assert max(seen.values()) == 1
    assert len(seen) > 30


def test_another_world_adds_up_too(wire: Wire) -> None:
    wire.control("seed", seed="a second world")
    wire.sign_in()
    for index in (1, 2, 3):
        check_story(wire, index)


def test_what_is_done_by_hand_belongs_to_the_story(wire: Wire) -> None:
    wire.sign_in()
    wire.control("accounts", account=2, remove_symbol="UBER")
    wire.control(
        "accounts", account=2, add=[{"symbol": "F", "quantity": -700}, {"symbol": "KO", "quantity": 8}]
    )
    wire.control("order", account=2, symbol="GME", side="sell", quantity=7)
    wire.control("clock", advance_seconds=1.6)
    check_story(wire, 2)
    held = {row["instrument"]["symbol"]: row for row in account(wire, 2)["positions"]}
    assert "UBER" not in held
    assert (held["F"]["shortQuantity"], held["KO"]["longQuantity"], held["GME"]["shortQuantity"]) == (
        200,
        8,
        4,
    )
    wire.control("clock", advance_seconds=40 * 86400)
    wire.sign_in()
    rows = check_story(wire, 2)
    assert any(row["time"] > "2026-12-20" for row in rows)


def test_an_order_that_would_sell_what_is_gone_is_canceled(wire: Wire) -> None:
    wire.sign_in()
    wire.control("accounts", account=2, remove_symbol="UBER")
    wire.control("clock", set="2026-11-25T05:01:00Z")
    wire.sign_in()
    path = f"/trader/v1/accounts/{wire.hash_of(2)}/orders"
    window = {"fromEnteredTime": "2026-11-24T05:00:00.000Z", "toEnteredTime": "2026-11-25T05:00:00.000Z"}
    (bracket,) = [row for row in wire.get(path, **window).json() if row["orderStrategyType"] == "TRIGGER"]
    children = bracket["childOrderStrategies"][0]["childOrderStrategies"]
    assert [row["status"] for row in children] == ["CANCELED", "CANCELED"]
    assert [row["filledQuantity"] for row in children] == [0, 0]
    check_story(wire, 2)


def check_row(row: Row) -> None:
    """The keys and types that every row has, and its arithmetic."""
    assert row["type"] in TYPES
    assert TIME.fullmatch(row["time"])
    assert TIME.fullmatch(row["tradeDate"])
    assert isinstance(row["accountNumber"], str)
    assert row["status"] == "VALID"
    assert row["subAccount"] in ("CASH", "MARGIN", "SHORT")
    *others, last = row["transferItems"]
    cost = sum(item["cost"] for item in row["transferItems"])
    item = security(row)
    if row["type"] == "TRADE":
        assert item is not None
        assert [other["feeType"] for other in others] == FEES
        assert all(other["amount"] == -other["cost"] >= 0 for other in others)
        assert row["netAmount"] == pytest.approx(cost, abs=1e-6)
        assert item["amount"] * item["cost"] < 0
        assert ("orderId" in row) == ("description" not in row)
        assert row["tradeDate"] == row["time"]
    else:
        assert row["description"]
        assert "orderId" not in row
        assert not others
        assert re.search(r"T0[45]:00:00", row["tradeDate"])
        if row["type"] == "RECEIVE_AND_DELIVER":
            assert row["netAmount"] == last["cost"] == 0
    if item is not None:
        assert item["positionEffect"] in ("OPENING", "CLOSING")
        assert {"status", "instrumentId", "closingPrice", "symbol"} <= set(item["instrument"])
        assert "positionId" in row


def test_every_row_has_its_shape(wire: Wire) -> None:
    wire.sign_in()
    rows = [row for index in (1, 2, 3, 5) for row in transactions(wire, index, *YEAR)]
    for row in rows:
        check_row(row)
    kinds = Counter(row["type"] for row in rows)
    assert set(kinds) >= {
        "TRADE",
        "RECEIVE_AND_DELIVER",
        "DIVIDEND_OR_INTEREST",
        "ACH_RECEIPT",
        "ACH_DISBURSEMENT",
        "CASH_DISBURSEMENT",
        "ELECTRONIC_FUND",
        "WIRE_IN",
        "WIRE_OUT",
        "JOURNAL",
    }
    fees = {item["feeType"] for row in rows for item in row["transferItems"][:-1] if item["amount"]}
    assert fees == set(FEES)
    news = {key for row in rows for key in row} - {"activityId", "time", "accountNumber", "type", "status"}
    assert {"clearingVenue", "user", "activityType", "qualifiedDividend"} < news


def test_the_desk_knows_every_end_of_an_option(wire: Wire) -> None:
    wire.sign_in()
    rows = transactions(wire, 2, *YEAR)
    ends = Counter(row["description"] for row in rows if row["type"] == "RECEIVE_AND_DELIVER")
    assert min(ends[f"OPTION {word}"] for word in ("EXPIRED", "ASSIGNED", "EXERCISED")) >= 3
    for row in rows:
        if row.get("description") in ("ASSIGNED", "EXERCISED"):
            (option,) = [
                other["transferItems"][0]
                for other in rows
                if other["time"] == row["time"] and other.get("description") == f"OPTION {row['description']}"
            ]
            shares = security(row)
            assert shares is not None
            assert shares["price"] == option["instrument"]["strikePrice"]
            assert abs(shares["amount"]) == 100 * abs(option["amount"])
    spreads = Counter(row["orderId"] for row in rows if "orderId" in row)
    assert {2, 4} <= set(spreads.values())


def test_a_new_type_comes_when_it_is_asked_for(wire: Wire) -> None:
    wire.sign_in()
    wire.control("faults", kind="unknown_keys", endpoint="transactions", count=1)
    first, second = (transactions(wire, 1, *YEAR) for _ in range(2))
    assert {row["type"] for row in first} - TYPES == {"TELEPORTATION"}
    assert {row["type"] for row in second} <= TYPES
    assert all("unheardOf" in row for row in first)


def test_some_lots_are_older_than_the_year(wire: Wire) -> None:
    wire.sign_in()
    for index in (1, 2, 3):
        lots, _ = told(sorted(transactions(wire, index, *YEAR), key=lambda row: row["time"]))
        positions = {row["instrument"]["symbol"]: row for row in account(wire, index)["positions"]}
        short_of = [
            symbol
            for symbol, row in positions.items()
            if lots[symbol].quantity != pytest.approx(row["longQuantity"] - row["shortQuantity"])
        ]
        assert len(short_of) == 1


def test_the_list_is_a_little_out_of_order_and_ends_at_3000(wire: Wire) -> None:
    wire.sign_in()
    rows = transactions(wire, 2, *YEAR)
    times = [row["time"] for row in rows]
    assert times != sorted(times, reverse=True)
    assert [time[:10] for time in times][:40] == sorted((time[:10] for time in times[:40]), reverse=True)
    late = wire.get(
        f"/trader/v1/accounts/{wire.hash_of(2)}/transactions",
        startDate="2025-11-22T00:00:00.000Z",
        endDate="2026-11-25T00:00:00.000Z",
        types="TRADE",
    )
    assert late.status_code == 400
    assert "one year" in late.json()["message"]
