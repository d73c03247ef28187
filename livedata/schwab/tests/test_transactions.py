"""Schwab's transactions, quirk by quirk (reference §2.5)."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from actandpos.transaction_types import TransactionRow
from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.tests.payload_transactions import (
    bought_spy,
    cash,
    deposit,
    dividend,
    fee,
    option,
    security,
    sold_put,
    trade,
    transaction,
)
from livedata.schwab.transactions import DERIVED_FEES, NO_TICKER, read_transactions

D = Decimal


def read(*sent: Any) -> list[TransactionRow]:
    """Return the rows of an answer in which everything is readable."""
    reading = read_transactions(json.dumps(sent).encode())
    assert reading.rejected == []
    assert reading.count == len(sent)
    return reading.rows


def one(sent: Any) -> TransactionRow:
    """Return the row of one transaction."""
    (row,) = read(sent)
    return row


def test_a_trade_of_shares() -> None:
    row = one(bought_spy())
    assert (row.broker_activity_id, row.kind, row.broker_type, row.status) == (
        "98000009001",
        "trade",
        "TRADE",
        "VALID",
    )
    assert (row.at, row.trade_date) == (datetime(2026, 5, 14, 13, 45, 3, tzinfo=UTC), date(2026, 5, 14))
    assert row.settlement_date == date(2026, 5, 15)
    assert (row.net_amount, row.fees, row.broker_order_id) == (D("-15250.6"), 0, "980000090010")
    spy = row.items[-1]
    assert (spy.symbol, spy.underlying, spy.asset_type, spy.position_effect) == (
        "SPY",
        "SPY",
        "ETF",
        "OPENING",
    )
    assert (spy.quantity, spy.price, spy.cost, spy.multiplier) == (25, D("610.024"), D("-15250.6"), 1)
    assert row.missing == {}


def test_a_trade_of_an_option_with_its_fees() -> None:
    row = one(sold_put())
    assert (row.net_amount, row.fees) == (D("421.33"), D("0.67"))
    assert [item.fee_type for item in row.items[:4]] == ["COMMISSION", "SEC_FEE", "OPT_REG_FEE", "TAF_FEE"]
    assert {item.underlying for item in row.items[:4]} == {""}
    put = row.items[4]
    assert (put.symbol, put.underlying, put.asset_type) == ("AMD   260821P00140000", "AMD", "OPT")
    assert (put.quantity, put.cost, put.multiplier, put.put_call) == (-1, 422, 100, "PUT")
    assert (put.strike, put.expiration) == (140, date(2026, 8, 21))


def test_an_option_that_says_less_is_read_from_its_symbol() -> None:
    bare = security("AMD   260821P00140000", -1.0, 422.0, 4.22, assetType="OPTION")
    put = one(trade(1, bare)).items[-1]
    assert (put.underlying, put.put_call, put.strike, put.expiration, put.multiplier) == (
        *("AMD", "PUT", 140),
        *(date(2026, 8, 21), 100),
    )


def test_a_fee_row_may_lack_its_type_and_a_trade_its_fee_rows() -> None:
    row = security("XYZ", -10.0, 200.0, 20.0)
    untyped = one(transaction(1, "TRADE", 199.9, fee(0.1, None), row))
    assert (untyped.fees, untyped.items[0].fee_type, untyped.missing) == (D("0.1"), "UNKNOWN", {})
    silent = one(transaction(1, "TRADE", 199.9, row))
    assert (silent.fees, silent.missing) == (D("0.1"), {"fees": DERIVED_FEES})
    unknown = one(transaction(1, "TRADE", None, row))
    assert (unknown.fees, unknown.net_amount, set(unknown.missing)) == (None, None, {"fees", "net_amount"})


def test_schwabs_own_net_amount_stays_when_the_rows_say_something_else() -> None:
    row = one(trade(1, security("XYZ", -10.0, 200.0, 20.0), 0.5) | {"netAmount": 150.0})
    assert (row.net_amount, row.fees) == (150, D("0.5"))
    assert row.missing == {"net_amount": "Schwab's netAmount differs by -49.5000 from the sum of its rows."}


def test_two_legs_are_two_transactions_of_one_order() -> None:
    legs = [trade(7, option("AMD   260821P00140000", 1.0, -100.0, 1.0)), trade(8, option("AMD   260821P00130000", -1.0, 50.0, 0.5))]  # noqa: E501  # fmt: skip
    assert {row.broker_order_id for row in read(*[each | {"orderId": 99} for each in legs])} == {"99"}


@pytest.mark.parametrize(
    ("kind", "net", "text", "expected"),
    [
        ("DIVIDEND_OR_INTEREST", 0.05, "BANK INT 051526 SCHWAB BANK", "interest"),
        ("DIVIDEND_OR_INTEREST", -3.0, "MARGIN INTEREST", "interest"),
        ("DIVIDEND_OR_INTEREST", 4.0, "INTERNATIONAL EXAMPLE CORP", "dividend"),
        ("ACH_RECEIPT", 10.0, "", "deposit"),
        ("ACH_RECEIPT", -10.0, "RETURNED", "deposit"),
        ("CASH_RECEIPT", 10.0, "", "deposit"),
        ("WIRE_IN", 10.0, "", "deposit"),
        ("ACH_DISBURSEMENT", -10.0, "", "withdrawal"),
        ("CASH_DISBURSEMENT", -10.0, "", "withdrawal"),
        ("WIRE_OUT", -10.0, "", "withdrawal"),
        ("ELECTRONIC_FUND", 10.0, "", "deposit"),
        ("ELECTRONIC_FUND", -10.0, "", "withdrawal"),
        ("JOURNAL", -10.0, "", "transfer"),
        ("MEMORANDUM", 0.0, "", "other"),
        ("SMA_ADJUSTMENT", 0.0, "", "other"),
        ("A_NEW_ONE", 5.0, "", "other"),
    ],
)
def test_what_moves_cash_alone(kind: str, net: float, text: str, expected: str) -> None:
    row = one(transaction(1, kind, net, cash(net), description=text))
    assert (row.kind, row.net_amount, row.broker_type) == (expected, D(str(net)), kind)
    assert row.fees is None
    assert "net_amount" not in row.missing  # a lone row of cash carries cost 0
    assert row.items[0].fee_type is None


def test_dividends_name_no_ticker_and_days_are_eastern() -> None:
    row = one(dividend())
    assert (row.kind, row.trade_date, row.missing["symbol"]) == ("dividend", date(2026, 5, 12), NO_TICKER)
    assert one(deposit()).trade_date == date(2026, 5, 11)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("JOURNAL TO 27182818", "JOURNAL TO …818"),
        ("TFR 2718-2818, SCHWAB", "TFR …818, SCHWAB"),
        ("WIRE 123456789012 (EXAMPLE)", "WIRE …012 (EXAMPLE)"),
        ("BANK INT 051526-061526 SCHWAB BANK", "BANK INT 051526-061526 SCHWAB BANK"),
        ("EXAMPLE 7.5% 12/15/2031", "EXAMPLE 7.5% 12/15/2031"),
    ],
)
def test_a_description_keeps_no_account_number(sent: str, kept: str) -> None:
    assert one(transaction(1, "JOURNAL", -5.0, cash(-5.0), description=sent)).description == kept


def test_a_transaction_of_fees_alone() -> None:
    row = one(transaction(1, "JOURNAL", -5.0, fee(5.0, "MISCELLANEOUS_FEE")))
    assert (row.kind, row.fees) == ("fee", 5)


def test_options_that_leave_and_shares_that_come() -> None:
    expired = option("AMD   260821P00140000", 1.0, 0.0, None, effect=None)
    row = one(transaction(1, "RECEIVE_AND_DELIVER", 0.0, expired))
    assert (row.kind, row.items[0].price, row.items[0].position_effect) == ("option_event", None, None)
    came = one(transaction(2, "RECEIVE_AND_DELIVER", 0.0, security("XYZ", 10.0, 0.0, None, effect=None)))
    assert (came.kind, came.items[0].quantity, came.items[0].cost) == ("transfer", 10, 0)
    assert one(transaction(3, "JOURNAL", 0.0, security("XYZ", -10.0, 0.0, None))).kind == "transfer"


def test_bonds_come_in_thousands_or_in_face_value() -> None:
    cd = security("12345ABC7", 5.0, -5000.0, 100.0, assetType="FIXED_INCOME")
    assert one(trade(1, cd)).items[-1].multiplier == 10
    face = security("12345ABC7", 5000.0, -4990.0, 99.8, assetType="FIXED_INCOME")
    assert one(trade(1, face)).items[-1].multiplier == D("0.01")


def test_a_status_is_kept_and_unknown_keys_are_tolerated() -> None:
    row = one(bought_spy() | {"status": "PENDING", "user": {"login": "x"}, "somethingNew": [1]})
    assert row.status == "PENDING"


def test_rows_come_by_time_and_once() -> None:
    first, second = sold_put(), bought_spy()
    rows = read_transactions(json.dumps([second, first, second]).encode()).rows
    assert [row.broker_activity_id for row in rows] == ["98000009002", "98000009001"]


def test_a_digest_tells_what_is_kept_and_not_todays_close() -> None:
    sent, again, other = bought_spy(), bought_spy(), bought_spy()
    again["transferItems"][-1]["instrument"]["closingPrice"] = 999.0
    other["transferItems"][-1]["cost"] = -15250.7
    assert one(sent).digest == one(again).digest != one(other).digest


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"time": None, "tradeDate": None}, "The transaction has no time."),
        ({"time": "yesterday"}, "A time is not readable."),
        ({"netAmount": 1e300}, "netAmount is out of range"),
        ({"transferItems": [security("", 1.0, -1.0, 1.0)]}, "The row has no usable symbol."),
        ({"transferItems": [security("X\u0000", 1.0, -1.0, 1.0)]}, "matching regex"),
        ({"transferItems": {"a": 1}}, "Expected `array"),
    ],
)
def test_one_that_cannot_be_read_is_named_with_its_reason(broken: dict[str, Any], reason: str) -> None:
    reading = read_transactions(json.dumps([bought_spy() | broken, dividend()]).encode())
    assert [row.broker_activity_id for row in reading.rows] == ["98000009003"]
    (refused,) = reading.rejected
    assert refused.key == "98000009001"
    assert reason in refused.reason


def test_one_without_an_id_is_known_by_its_text() -> None:
    reading = read_transactions(b'[{"type": "TRADE"}, 7]')
    assert reading.rows == []
    assert len({each.key for each in reading.rejected}) == 2


@pytest.mark.parametrize("body", [b"{}", b"", b"null", b'{"transactions": []}', b"<html>"])
def test_an_answer_that_is_no_list(body: bytes) -> None:
    with pytest.raises(SchwabOddAnswer, match="not a list of transactions"):
        read_transactions(body)
