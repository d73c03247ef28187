"""Orders by hand: their way through the statuses, what they do to positions and cash, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest

from simulator.tests.conftest import NOON, Wire
from simulator.tests.test_identities import check_account, decoded, quotes_of

TODAY = {"fromEnteredTime": "2026-11-24T05:00:00.000Z", "toEnteredTime": "2026-11-25T05:00:00.000Z"}
Row = dict[str, Any]


def place(wire: Wire, account: int, **ticket: Any) -> int:
    """Place an order; its id."""
    return int(wire.control("order", account=account, **ticket)["order"]["orderId"])


def read(wire: Wire, account: int, identifier: int) -> Row:
    found: Row = wire.get(f"/trader/v1/accounts/{wire.hash_of(account)}/orders/{identifier}").json()
    return found


def book(wire: Wire, index: int) -> tuple[Any, dict[str, Any]]:
    """The account with all identities checked, and its rows by symbol."""
    accounts = decoded(wire.get("/trader/v1/accounts", fields="positions"))
    marks = quotes_of(wire, accounts)
    for element in accounts:
        check_account(element, marks)
    number = wire.state()["accounts"][index - 1]["number"]
    (account,) = [
        item["securitiesAccount"] for item in accounts if item["securitiesAccount"]["accountNumber"] == number
    ]
    return account, {row["instrument"]["symbol"]: row for row in account.get("positions", [])}


def cash(account: Any) -> Decimal:
    now = account["currentBalances"]
    found: Decimal = now["cashBalance"] + now.get("marginBalance", 0)
    return found


def test_a_market_order_walks_to_its_fill(wire: Wire) -> None:
    wire.sign_in()
    before, rows = book(wire, 1)
    assert "F" not in rows
    identifier = place(wire, 1, symbol="F", side="buy", quantity=5)
    steps = []
    spent = Decimal(0)
    for _ in range(6):
        order, (account, rows) = read(wire, 1, identifier), book(wire, 1)
        parts = order.get("orderActivityCollection", [])
        steps.append((order["status"], order["filledQuantity"], len(parts)))
        held = rows["F"]["longQuantity"] if "F" in rows else 0
        assert held == order["filledQuantity"]
        prices = [
            (Decimal(str(leg["price"])), leg["quantity"]) for part in parts for leg in part["executionLegs"]
        ]
        spent = sum((price * int(quantity) for price, quantity in prices), Decimal(0))
        assert cash(before) - cash(account) == spent
        wire.control("clock", advance_seconds=0.5)
    assert steps == [
        ("PENDING_ACKNOWLEDGEMENT", 0, 0),
        ("WORKING", 0, 0),
        ("WORKING", 0, 0),
        ("WORKING", 3, 1),
        ("WORKING", 3, 1),
        ("FILLED", 5, 2),
    ]
    assert rows["F"]["currentDayCost"] == spent
    assert rows["F"]["previousSessionLongQuantity"] == 0
    (listed,) = [
        row
        for row in wire.get(f"/trader/v1/accounts/{wire.hash_of(1)}/orders", **TODAY).json()
        if row["orderId"] == identifier
    ]
    assert listed["status"] == "FILLED"
    trades = wire.get(
        f"/trader/v1/accounts/{wire.hash_of(1)}/transactions",
        startDate=TODAY["fromEnteredTime"],
        endDate=TODAY["toEnteredTime"],
        types="TRADE",
    ).json()
    assert [trade["netAmount"] for trade in trades if trade["orderId"] == identifier] == [-float(spent)]


def test_the_next_day_starts_with_what_was_bought(wire: Wire) -> None:
    wire.sign_in()
    place(wire, 1, symbol="F", side="buy", quantity=5)
    place(wire, 1, symbol="AAPL", side="sell", quantity=120)
    wire.control("clock", set="2026-11-25T17:00:00Z")
    wire.sign_in()
    rows = book(wire, 1)[1]
    assert (rows["F"]["previousSessionLongQuantity"], rows["F"]["currentDayCost"]) == (5, 0)
    assert "AAPL" not in rows


def test_options_and_short_sales(wire: Wire) -> None:
    wire.sign_in()
    rows = book(wire, 2)[1]
    call = next(key for key, row in rows.items() if key.startswith("AAPL  ") and row["longQuantity"])
    instructions = {}
    for symbol, side, quantity in (
        (call, "buy", 3),
        ("GME", "sell", 4),
        ("INTC", "buy", 50),
        (call, "sell", 5),
    ):
        made = wire.control("order", account=2, symbol=symbol, side=side, quantity=quantity, parts=1)
        leg = made["order"]["orderLegCollection"][0]
        instructions[symbol, side] = (leg["instruction"], leg["positionEffect"])
        wire.control("clock", advance_seconds=2)
    assert instructions == {
        (call, "buy"): ("BUY_TO_OPEN", "OPENING"),
        ("GME", "sell"): ("SELL_SHORT", "OPENING"),
        ("INTC", "buy"): ("BUY_TO_COVER", "CLOSING"),
        (call, "sell"): ("SELL_TO_CLOSE", "CLOSING"),
    }
    after = book(wire, 2)[1]
    assert call not in after
    assert after["GME"]["shortQuantity"] == 4
    assert after["INTC"]["shortQuantity"] == rows["INTC"]["shortQuantity"] - 50


def test_a_limit_order_fills_when_its_price_is_reached_and_not_worse(wire: Wire) -> None:
    wire.sign_in()
    now = wire.get("/marketdata/v1/quotes", symbols="AAPL").json()["AAPL"]["quote"]["mark"]
    limits = {"buy": round(now - 0.3, 2), "sell": round(now + 0.3, 2)}
    for side, limit in limits.items():
        ticket = {"symbol": "AAPL", "side": side, "quantity": 9, "type": "limit", "price": limit}
        made = wire.control("order", account=1, parts=9, fill_seconds=3, **ticket)
        at_the_limit = 0
        for fill in made["fills"]:
            wire.control("clock", set=NOON)
            wire.control("clock", advance_seconds=fill["at"] - wire.state()["epoch"])
            mark = wire.get("/marketdata/v1/quotes", symbols="AAPL").json()["AAPL"]["quote"]["mark"]
            (price,) = fill["prices"]
            assert price == (min if side == "buy" else max)(limit, mark)
            at_the_limit += price != mark
        assert 0 < at_the_limit < len(made["fills"]) == 9
        assert made["fills"][0]["at"] > wire.control("clock", set=NOON)["epoch"] + 2
    far = wire.control("order", account=1, symbol="AAPL", side="buy", quantity=4, type="limit", price=1)
    assert far["fills"] == []
    identifier = far["order"]["orderId"]
    wire.control("clock", set="2026-11-25T04:59:00Z")
    wire.sign_in()
    assert read(wire, 1, identifier)["status"] == "WORKING"
    wire.control("clock", set="2026-11-25T05:01:00Z")
    assert read(wire, 1, identifier)["status"] == "EXPIRED"


def test_taken_back_in_the_middle(wire: Wire) -> None:
    wire.sign_in()
    identifier = place(wire, 1, symbol="F", side="buy", quantity=10)
    wire.control("clock", advance_seconds=1.6)
    wire.control("order", cancel=identifier)
    assert (read(wire, 1, identifier)["status"], read(wire, 1, identifier)["filledQuantity"]) == (
        "PENDING_CANCEL",
        5,
    )
    wire.control("clock", advance_seconds=30)
    order = read(wire, 1, identifier)
    assert (order["status"], order["filledQuantity"], order["remainingQuantity"]) == ("CANCELED", 5, 0)
    assert [item["executionType"] for item in order["orderActivityCollection"]] == ["FILL", "CANCELED"]
    assert book(wire, 1)[1]["F"]["longQuantity"] == 5
    assert (
        wire.http.post(f"{wire.base}/_control/order", json={"cancel": identifier}, timeout=10).status_code
        == 400
    )


def test_rejected_after_acceptance_of_the_request(wire: Wire) -> None:
    wire.sign_in()
    identifier = place(wire, 1, symbol="F", side="buy", quantity=1, reject="Example text: no.")
    first = read(wire, 1, identifier)
    assert (first["status"], "statusDescription" in first) == ("PENDING_ACKNOWLEDGEMENT", False)
    wire.control("clock", advance_seconds=5)
    order = read(wire, 1, identifier)
    assert (order["status"], order["statusDescription"]) == ("REJECTED", "Example text: no.")
    assert "F" not in book(wire, 1)[1]


def test_nothing_fills_while_halted(wire: Wire) -> None:
    wire.sign_in()
    wire.control("market", halt="F")
    identifier = place(wire, 1, symbol="F", side="buy", quantity=1)
    wire.control("clock", advance_seconds=60)
    assert read(wire, 1, identifier)["status"] == "WORKING"


@pytest.mark.parametrize(
    "ticket",
    [
        {"account": 1, "symbol": "AAPL", "side": "sell", "quantity": 121},
        {"account": 3, "symbol": "F", "side": "sell", "quantity": 1},
        {"account": 1, "symbol": "AAPL", "side": "buy", "quantity": 1.5},
        {"account": 1, "symbol": "AAPL", "side": "buy", "quantity": 0},
        {"account": 1, "symbol": "SWPPX", "side": "buy", "quantity": 1},
        {"account": 1, "symbol": "$SPX", "side": "buy", "quantity": 1},
        {"account": 1, "symbol": "AAPL", "side": "buy", "quantity": 1, "type": "limit"},
        {"account": 1, "symbol": "AAPL", "side": "buy", "quantity": 1, "price": 5},
        {"account": 99, "symbol": "AAPL", "side": "buy", "quantity": 1},
        {"account": 1, "symbol": "AAPL", "side": "hold", "quantity": 1},
        {"cancel": 1000982201001},
    ],
)
def test_what_cannot_be_ordered(wire: Wire, ticket: Row) -> None:
    answer = wire.http.post(f"{wire.base}/_control/order", json=ticket, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_the_same_shares_are_not_sold_twice(wire: Wire) -> None:
    wire.sign_in()
    place(wire, 1, symbol="AAPL", side="sell", quantity=100)
    again = {"account": 1, "symbol": "AAPL", "side": "sell", "quantity": 100}
    assert wire.http.post(f"{wire.base}/_control/order", json=again, timeout=10).status_code == 400
