"""One order over HTTP: what hangs under it, whose place it took, its fills, fees and life."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actandpos import services
from actandpos.models import Account, Order, Transaction
from actandpos.order_serializers import OrderDetailSerializer
from actandpos.serializers import OrderSerializer
from actandpos.tests.book import START, account, order, signed_in, trader
from actandpos.types import FillRow, OrderEventRow, OrderRow

pytestmark = pytest.mark.django_db
OVER = {"status": "FILLED", "status_group": "filled", "filled_quantity": Decimal(10)}
REPLACED = {"status": "REPLACED", "status_group": "canceled"}
UNNAMED = "The broker does not say which order took its place."


def fill(key: str, quantity: str, price: str, seconds: float) -> FillRow:
    """Return one execution so many seconds after the start."""
    at = START + timedelta(seconds=seconds)
    amounts = {"quantity": Decimal(quantity), "price": Decimal(price)}
    return FillRow(key=key, leg_id=1, symbol="XYZ", side="BUY", filled_at=at, **amounts)


def put(held: Account, seconds: float, *rows: OrderRow) -> None:
    """Apply an order list asked for so many seconds after the start."""
    window = START - timedelta(days=59)
    services.apply_orders(held, list(rows), START + timedelta(seconds=seconds), window_start=window)
    held.refresh_from_db()


def detail(browser: Client, broker_id: str) -> Any:
    """Return the answer for an order."""
    answer = browser.get(f"/api/actandpos/orders/{Order.objects.get(broker_order_id=broker_id).pk}/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    return answer.json()


def lines(answer: Any) -> list[tuple[str, str, bool]]:
    """Return kind, text and whether noticed of a timeline."""
    return [(each["kind"], each["text"], each["noticed"]) for each in answer["timeline"]]


def test_keys_and_spelling(held: Account, browser: Client) -> None:
    put(held, 60, order("1", fills=[fill("7", "10.000000", "9.50000000", 5)], terms={"source": "TA_x"}))
    answer = detail(browser, "1")
    assert list(answer) == list(OrderDetailSerializer().fields)
    assert list(answer["order"]) == list(OrderSerializer().fields)
    assert answer["parent"] is None
    assert answer["children"] == []
    assert answer["fills"] == [
        {
            "leg_id": 1,
            "symbol": "XYZ",
            "side": "BUY",
            "quantity": "10",
            "price": "9.5",
            "filled_at": "2026-11-20T15:00:05.000Z",
        }
    ]
    assert answer["timeline"][0] == {
        "at": "2026-11-20T15:00:00.000Z",
        "noticed": False,
        "kind": "entered",
        "status": "",
        "text": "Entered",
        "quantity": "10",
        "price": "99.5",
        "order_id": answer["order"]["id"],
    }
    assert (answer["order"]["terms"], answer["order"]["structure"]) == ({"source": "TA_x"}, "SINGLE")


def test_a_life_in_its_order(held: Account, browser: Client) -> None:
    told = OrderEventRow(key="told:1", at=START + timedelta(seconds=90), kind="canceled", quantity=Decimal(4))
    fills = [fill("8", "2", "99.4", 40), fill("7", "4", "99.5", 20)]
    put(held, 10, order("1", limit_price=Decimal(98)))
    put(held, 50, order("1", fills=fills))
    ended = {"status": "CANCELED", "status_group": "canceled", "closed_at": START + timedelta(seconds=90)}
    put(held, 99, order("1", fills=fills, told=[told], status_description="Canceled by you", **ended))
    assert lines(detail(browser, "1")) == [
        ("entered", "Entered", False),
        ("fill", "BUY 4 XYZ", False),
        ("fill", "BUY 2 XYZ", False),
        ("changed", "Limit price 98 → 99.5", True),
        ("canceled", "4 canceled", False),
        ("closed", "Canceled by you", False),
    ]


def test_a_bracket_shows_all_that_hangs_under_an_order(held: Account, browser: Client) -> None:
    oco = order("2", parent_broker_order_id="1", structure="OCO", legs=[], symbol="", side="")
    take = order("3", parent_broker_order_id="2", fills=[fill("9", "10", "175", 30)], **OVER)
    stop = order("4", parent_broker_order_id="2", entered_at=START + timedelta(seconds=1))
    put(held, 60, order("1", structure="TRIGGER", **OVER), oco, take, stop)
    top = detail(browser, "1")
    ids = {each["broker_order_id"]: each["id"] for each in [top["order"], *top["children"]]}
    assert [(each["broker_order_id"], each["parent_id"]) for each in top["children"]] == [
        ("2", ids["1"]),
        ("3", ids["2"]),
        ("4", ids["2"]),
    ]
    assert [line["order_id"] for line in top["timeline"] if line["kind"] == "fill"] == [ids["3"]]
    assert top["children"][0]["missing"]["fees"] == "It only holds other orders together; they have the fees."
    child = detail(browser, "3")
    assert (child["parent"]["broker_order_id"], child["children"]) == ("2", [])
    assert {line["order_id"] for line in child["timeline"]} == {ids["3"]}


def test_a_chain_of_replacements_that_the_broker_names(held: Account, browser: Client) -> None:
    then = START + timedelta(seconds=30)
    later = order("2", entered_at=then, replaces_broker_order_id="1")
    put(held, 60, order("1", closed_at=then, **REPLACED), later)
    before, after = detail(browser, "1"), detail(browser, "2")
    assert before["order"]["replaced_by_id"] == after["order"]["id"]
    assert after["order"]["replaces_id"] == before["order"]["id"]
    assert "replaced_by_id" not in before["order"]["missing"]
    assert lines(before) == lines(after)
    assert lines(before) == [
        ("entered", "Entered", False),
        ("entered", "Entered in the place of order 1", False),
        ("replaced", "Replaced by order 2", False),
    ]


def test_a_likely_successor_is_named_as_likely_only(held: Account, browser: Client) -> None:
    then = START + timedelta(seconds=30)
    old = order("1", closed_at=then, **REPLACED)
    put(held, 60, old, order("2", entered_at=then), order("3", entered_at=then, side="SELL"))
    answer = detail(browser, "1")
    assert answer["order"]["replaced_by_id"] is None
    assert answer["order"]["missing"]["replaced_by_id"] == UNNAMED
    seemed = "Order 2 was entered at that instant, with the same symbol and side."
    assert lines(answer)[-1] == ("replaced", f"{UNNAMED} {seemed}", False)
    assert {line["order_id"] for line in answer["timeline"]} == {answer["order"]["id"]}
    put(held, 70, old, order("2", entered_at=then), order("4", entered_at=then))
    assert lines(detail(browser, "1"))[-1] == ("replaced", UNNAMED, False)  # two look alike: neither is named


@pytest.mark.parametrize(
    ("booked", "fees", "reason"),
    [
        ([("0.6600", "VALID"), ("0.0100", "VALID")], "0.67", None),
        ([("0.6600", "VALID"), ("9.0000", "INVALID")], "0.66", None),
        ([("0.6600", "VALID"), (None, "VALID")], None, "One of its transactions tells no fees."),
        ([], None, "Its transactions are not in the book yet; fees come with them."),
    ],
)
def test_fees_come_from_the_transactions(
    held: Account, browser: Client, booked: list[tuple[str | None, str]], fees: str | None, reason: str | None
) -> None:
    Account.objects.update(transactions_checked_at=START)
    put(held, 60, order("1", avg_fill_price=Decimal(9), **OVER), order("2"))
    for number, (paid, status) in enumerate(booked):
        Transaction.objects.create(
            account=held,
            broker_activity_id=str(number),
            at=START,
            trade_date=date(2026, 11, 20),
            kind="trade",
            status=status,
            broker_order_id="1",
            fees=paid and Decimal(paid),
        )
    shown = detail(browser, "1")["order"]
    assert (shown["fees"], shown["missing"].get("fees")) == (fees, reason)
    assert detail(browser, "2")["order"]["missing"]["fees"] == "Nothing was filled, so there are no fees."


def test_fees_before_any_transaction_was_read(held: Account, browser: Client) -> None:
    put(held, 60, order("1", **OVER))
    missing = detail(browser, "1")["order"]["missing"]
    assert missing["fees"] == "Transactions were not read yet; fees come with them."


def test_anothers_order_is_not_found(held: Account, browser: Client) -> None:
    put(held, 60, order("1"))
    path = f"/api/actandpos/orders/{Order.objects.get().pk}"
    assert browser.get(path).status_code == 200
    boss = signed_in(trader("boss", is_superuser=True, is_staff=True))
    answers = [boss.get(path), boss.get("/api/actandpos/orders/999999")]
    assert [each.status_code for each in answers] == [404, 404]
    assert (
        answers[0].json()
        == answers[1].json()
        == {"detail": "There is no such order of yours.", "code": "not_found"}
    )
    assert browser.post(path).status_code == 405
    assert browser.get("/api/actandpos/orders/9223372036854775808").status_code == 404


def test_orders_of_accounts_with_the_same_numbers_are_kept_apart(held: Account, browser: Client) -> None:
    other = account(trader("other"), "Other …1111", "two")
    put(other, 60, order("1"), order("11", parent_broker_order_id="1"))
    put(held, 60, order("1"))
    own = browser.get(f"/api/actandpos/orders/{held.orders.get().pk}").json()
    assert own["children"] == []


def test_queries_do_not_grow_with_what_hangs_under_it(held: Account, browser: Client) -> None:
    counts = []
    for size in (2, 40):
        rows = [order(f"{size}.{each}", parent_broker_order_id=f"{size}", **OVER) for each in range(size)]
        put(held, size, order(str(size)), *rows)
        with CaptureQueriesContext(connection) as captured:
            assert len(detail(browser, str(size))["children"]) == size
        counts.append(len(captured))
    assert counts[0] == counts[1]
