"""The reference's invented orders, flattened into the book's rows, and orders as they should not come."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from actandpos.types import OrderRow
from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.orders import read_orders
from livedata.schwab.tests import payload_orders, payloads
from livedata.schwab.tests.readings import figures, numbers

FIGURES = "quantity filled_quantity limit_price stop_price avg_fill_price"


def read(*orders: Any) -> list[OrderRow]:
    """Return the rows of orders that must all be readable and belong to the one account."""
    reading = read_orders(payloads.encode(list(orders)))
    assert reading.rejected == []
    assert set(reading.by_number) == {payloads.MARGIN_NUMBER}
    return reading.by_number[payloads.MARGIN_NUMBER]


def rejection(order: Any) -> str:
    """Return the reason of an order that must be rejected while its neighbour is read."""
    reading = read_orders(payloads.encode([order, payload_orders.canceled()]))
    (rows,) = reading.by_number.values()
    assert [row.broker_order_id for row in rows] == ["1005000100120"]
    (rejected,) = reading.rejected
    assert rejected.reason
    return rejected.reason


@pytest.mark.parametrize(
    ("order", "expected", "group"),
    [
        (payload_orders.filled_in_two_parts(), "25 25 - - 610.024", "filled"),
        (payload_orders.partly_filled(), "100 40 22.05 - 22.05", "working"),
        (payload_orders.canceled(), "10 0 195 - -", "canceled"),
        (payload_orders.rejected(), "5 0 1.1 - -", "canceled"),
        (payload_orders.vertical(), "1 0 3.4 - -", "working"),
    ],
)
def test_figures_and_group_of_the_reference_s_orders(order: Any, expected: str, group: str) -> None:
    (row,) = read(order)
    assert figures(row, FIGURES) == numbers(expected)
    assert (row.status_group, row.status) == (group, order["status"])


def test_every_word_of_an_order() -> None:
    (row,) = read(payload_orders.filled_in_two_parts())
    assert (row.broker_order_id, row.symbol, row.asset_type) == ("1005000100101", "SPY", "EQ")
    assert (row.side, row.position_effect, row.order_type, row.duration) == (
        "BUY",
        "OPENING",
        "MARKET",
        "DAY",
    )
    assert row.entered_at == datetime(2026, 5, 14, 13, 45, 2, tzinfo=UTC)
    assert row.closed_at == datetime(2026, 5, 14, 13, 45, 3, tzinfo=UTC)
    assert (row.parent_broker_order_id, row.status_description) == (None, None)
    (leg,) = row.legs
    assert (leg.symbol, leg.side, leg.quantity, leg.put_call) == ("SPY", "BUY", Decimal(25), None)
    (refused,) = read(payload_orders.rejected())
    assert refused.status_description == payload_orders.rejected()["statusDescription"]


def test_option_legs_carry_their_contract() -> None:
    (row,) = read(payload_orders.vertical())
    assert (row.symbol, row.asset_type, row.side) == ("AAPL  260918C00220000", "OPT", "BUY_TO_OPEN")
    assert [(leg.side, leg.strike) for leg in row.legs] == [
        ("BUY_TO_OPEN", Decimal(220)),
        ("SELL_TO_OPEN", Decimal(230)),
    ]
    assert {(leg.put_call, leg.expiration) for leg in row.legs} == {("CALL", date(2026, 9, 18))}


def test_a_bracket_becomes_four_rows_that_name_their_parents() -> None:
    rows = read(payload_orders.bracket())
    ids = [
        (row.broker_order_id[-3:], row.parent_broker_order_id and row.parent_broker_order_id[-3:])
        for row in rows
    ]
    assert ids == [("140", None), ("141", "140"), ("142", "141"), ("143", "141")]
    assert [row.order_type for row in rows] == ["LIMIT", "OCO", "LIMIT", "STOP"]
    assert [row.status_group for row in rows] == ["filled", "working", "working", "working"]
    assert figures(rows[0], FIGURES) == numbers("20 20 161.5 - 161.48")
    assert figures(rows[1], FIGURES) == numbers("- - - - -")
    assert figures(rows[3], FIGURES) == numbers("20 0 - 152 -")
    assert (rows[1].symbol, rows[1].side, rows[1].legs) == ("", "", [])


def test_the_price_of_several_legs_is_what_was_paid_net() -> None:
    bought = payload_orders.execution((1, 2.0, 8.45), (2, 2.0, 5.05))
    (row,) = read(payload_orders.vertical(filledQuantity=2.0, orderActivityCollection=[bought]))
    assert row.avg_fill_price == Decimal("3.4")


def test_the_price_of_several_legs_is_negative_for_a_credit_and_weighted_over_parts() -> None:
    legs = [
        payload_orders.leg("AAPL  260918C00220000", "SELL_TO_OPEN", 3.0, 1, "OPTION"),
        payload_orders.leg("AAPL  260918C00230000", "BUY_TO_OPEN", 3.0, 2, "OPTION"),
    ]
    parts = [
        payload_orders.execution((1, 1.0, 8.40), (2, 1.0, 5.00)),
        payload_orders.execution((2, 2.0, 5.06), (1, 2.0, 8.40)),
        payload_orders.execution((1, 9.0, 0.0), (2, 9.0, 0.0), kind="CANCELED"),
    ]
    more = {
        "orderLegCollection": legs,
        "quantity": 3.0,
        "filledQuantity": 3.0,
        "orderActivityCollection": parts,
    }
    (row,) = read(payload_orders.vertical(**more))
    assert row.avg_fill_price == Decimal("-3.36")


@pytest.mark.parametrize(
    "parts",
    [
        [payload_orders.execution((1, 1.0, 8.45), (7, 1.0, 5.05))],
        [payload_orders.execution((1, 1.0, 8.45), (None, 1.0, 5.05))],  # type: ignore[arg-type]  # as Schwab may
    ],
)
def test_a_net_price_is_not_guessed_when_a_leg_is_not_known(parts: Any) -> None:
    (row,) = read(payload_orders.vertical(filledQuantity=1.0, orderActivityCollection=parts))
    assert row.avg_fill_price is None


def test_shares_and_contracts_have_no_common_price_per_unit() -> None:
    legs = [
        payload_orders.leg("AAPL", "BUY", 100.0, 1),
        payload_orders.leg("AAPL  260918C00230000", "SELL_TO_OPEN", 1.0, 2, "OPTION"),
    ]
    fill = payload_orders.execution((1, 100.0, 211.4), (2, 1.0, 5.05))
    more = {"orderLegCollection": legs, "filledQuantity": 1.0, "orderActivityCollection": [fill]}
    (row,) = read(payload_orders.vertical(**more))
    assert row.avg_fill_price is None


@pytest.mark.parametrize(
    ("fills", "expected"),
    [
        ([(1, 10.0, 5.0), (1, -10.0, 5.0)], "5"),
        ([(1, 0.0, 5.0)], "-"),
        ([(1, 1e-9, 5.0)], "-"),
        ([(1, None, 5.0)], "-"),
        ([(1, 10.0, None)], "-"),
        ([(1, 1.0, 10.0), (1, 2.0, 10.01)], "10.00666667"),
    ],
)
def test_only_fills_with_units_and_a_price_count(fills: Any, expected: str) -> None:
    parts = [payload_orders.execution(*fills)]
    (row,) = read(payload_orders.partly_filled() | {"orderActivityCollection": parts})
    assert figures(row, "avg_fill_price") == numbers(expected)


@pytest.mark.parametrize(
    ("status", "closed", "filled", "group"),
    [
        *(
            (status, None, 0.0, "working")
            for status in ("WORKING", "QUEUED", "PENDING_CANCEL", "BRAND_NEW", "")
        ),
        *(
            (status, "2026-05-14T14:00:00+0000", 0.0, "canceled")
            for status in ("EXPIRED", "REPLACED", "BRAND_NEW")
        ),
        ("UNKNOWN", "2026-05-14T14:00:00+0000", 5.0, "filled"),
        ("BRAND_NEW", "2026-05-14T14:00:00+0000", 5.0, "filled"),
        ("CANCELED", "2026-05-14T14:00:00+0000", 5.0, "canceled"),
        ("PENDING_REPLACE", "2026-05-14T14:00:00+0000", 5.0, "working"),
    ],
)
def test_groups_of_statuses(status: str, closed: str | None, filled: float, group: str) -> None:
    more = {"status": status, "closeTime": closed, "filledQuantity": filled}
    (row,) = read(payload_orders.partly_filled() | more)
    assert row.status_group == group


@pytest.mark.parametrize(("number", "padded"), [(123456, "00123456"), ("31415926", "31415926")])
def test_account_numbers_are_padded(number: object, padded: str) -> None:
    order = payload_orders.canceled() | {"accountNumber": number}
    assert list(read_orders(payloads.encode([order])).by_number) == [padded]


@pytest.mark.parametrize(
    "more",
    [
        {"accountNumber": None},
        {"accountNumber": True},
        {"orderId": None},
        {"orderId": True},
        {"orderId": "X" * 33},
        {"orderId": ""},
        {"quantity": "many"},
        {"price": "NaN"},
        {"stopPrice": "@@1E1000000@@"},
        {"filledQuantity": "@@9999999999.5@@"},
        {"orderLegCollection": {}},
        {"orderLegCollection": [None]},
        {"orderLegCollection": [{"instruction": "BUY"}]},
        {"enteredTime": "yesterday"},
        {"enteredTime": "2026-05-14T13:45:02"},
        {"enteredTime": "2026-05-14"},
        {"enteredTime": "0001-01-01T00:00:00+1400"},
        {"closeTime": 1778768999},
        {"status": "WORK\u0000ING"},
    ],
)
def test_an_unreadable_order_is_rejected_alone(more: Any) -> None:
    rejection(payload_orders.partly_filled() | more)


def test_an_order_without_an_account_says_so() -> None:
    order = payloads.without(payload_orders.partly_filled(), ("accountNumber",))
    assert rejection(order) == "The order names no account."


def test_an_order_nested_too_deeply_is_rejected() -> None:
    order = payload_orders.partly_filled()
    for _ in range(9):
        order = payload_orders.partly_filled() | {"childOrderStrategies": [order]}
    assert rejection(order) == "The order is nested too deeply."


def test_what_an_order_may_leave_out_or_send_as_null() -> None:
    least = {"orderId": 5, "accountNumber": payload_orders.ACCOUNT}
    optional = ("orderLegCollection", "orderActivityCollection", "childOrderStrategies", "price", "quantity",
                "filledQuantity", "enteredTime", "closeTime", "statusDescription")  # fmt: skip
    for order in (least, least | dict.fromkeys(optional)):
        (row,) = read(order)
        assert figures(row, FIGURES) == numbers("- - - - -")
        assert (row.symbol, row.status_group, row.entered_at) == ("", "working", None)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b"<html>", b"[1", b"[" * 100_000, b'{"message": "no"}']
)
def test_a_body_that_is_no_list_of_orders(body: bytes) -> None:
    with pytest.raises(SchwabOddAnswer):
        read_orders(body)


def test_no_orders_are_no_orders() -> None:
    reading = read_orders(b"[]")
    assert (reading.by_number, reading.rejected) == ({}, [])
