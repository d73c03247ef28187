"""One position row at a time: kinds of instruments, signs, and what may be left out."""

from datetime import date
from decimal import Decimal

import pytest

from livedata.schwab.tests import payloads
from livedata.schwab.tests.readings import figures, numbers, only


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("EQUITY", "EQ"),
        ("COLLECTIVE_INVESTMENT", "ETF"),
        ("OPTION", "OPT"),
        ("MUTUAL_FUND", "MF"),
        ("FIXED_INCOME", "FI"),
        ("CASH_EQUIVALENT", "CASH"),
        ("FUTURE", "FUT"),
        ("FOREX", "FX"),
        ("CURRENCY", "FX"),
        ("INDEX", "IDX"),
        ("PRODUCT", "OTHER"),
        ("TOKENIZED_THING", "OTHER"),
        ("", "OTHER"),
    ],
)
def test_asset_types(sent: str, expected: str) -> None:
    row = only(payloads.changed(payloads.FUND, ("instrument", "assetType"), sent))
    assert (row.asset_type, row.broker_asset_type) == (expected, sent)


@pytest.mark.parametrize("value", [4430.0, -4430.0])
def test_short_stock_has_the_quantity_s_sign_whatever_the_value_s(value: float) -> None:
    row = only(payloads.changed(payloads.INTC, ("marketValue",), value))
    assert figures(row, "quantity market_value mark_price") == numbers("-200 -4430 22.15")


def test_a_bond_is_quoted_per_hundred_of_face() -> None:
    bond = payloads.row(
        payloads.named("FIXED_INCOME", "000000AA1", "FICTIONAL NOTE"), "10000 99.5 9900 -50 1 0.01"
    )
    row = only(bond)
    assert (row.asset_type, row.description) == ("FI", "FICTIONAL NOTE")
    assert figures(row, "multiplier mark_price cost_basis pl_open_percent") == numbers("0.01 99 9950 -0.5025")


def test_a_closed_position_may_linger_with_quantity_zero() -> None:
    gone = payloads.AAPL | {"longQuantity": 0.0, "marketValue": 0.0, "longOpenProfitLoss": 0.0}
    row = only(gone)
    names = "quantity market_value cost_basis mark_price pl_open_percent"
    assert figures(row, names) == numbers("0 0 0 - -")
    assert row.missing["mark_price"] == "The quantity is 0."
    assert row.pl_day == 192


@pytest.mark.parametrize("sample", [payloads.AAPL, payloads.INTC, payloads.CALL, payloads.PUT])
def test_open_profit_follows_from_the_formula_when_it_is_not_sent(sample: payloads.Json) -> None:
    key = "longOpenProfitLoss" if "longOpenProfitLoss" in sample else "shortOpenProfitLoss"
    sent = only(sample)
    computed = only(payloads.without(sample, (key,)))
    assert computed.pl_open == sent.pl_open == Decimal(str(sample[key]))
    assert computed.pl_open_percent == sent.pl_open_percent


def test_the_cost_is_rounded_once_and_not_through_the_stored_average() -> None:
    row = only(payloads.AAPL | {"longQuantity": 1000000.0, "averagePrice": 0.123456789})
    assert figures(row, "avg_price cost_basis") == numbers("0.12345679 123456.789")


def test_the_mark_is_rounded_once_and_not_through_the_stored_value() -> None:
    row = only(payloads.AAPL | {"marketValue": 1.84375})
    assert figures(row, "market_value mark_price") == numbers("1.8438 0.01536458")


@pytest.mark.parametrize("gone", ["missing", "null"])
def test_optional_figures_may_be_absent_and_say_so(gone: str) -> None:
    keys = ("averagePrice", "marketValue", "currentDayProfitLoss", "currentDayProfitLossPercentage",
            "longOpenProfitLoss")  # fmt: skip
    raw = {key: value for key, value in payloads.AAPL.items() if key not in keys}
    raw |= {} if gone == "missing" else dict.fromkeys(keys)
    raw["instrument"] = {"symbol": "AAPL", "assetType": "EQUITY"}
    row = only(raw)
    unknown = "avg_price mark_price mark_change market_value cost_basis pl_open pl_open_percent pl_day pl_day_percent"
    assert set(figures(row, unknown)) == {None}
    assert set(row.missing) == {*unknown.split(), "description"}


def test_one_side_of_the_quantity_is_enough() -> None:
    assert only(payloads.without(payloads.INTC, ("longQuantity",))).quantity == -200


def test_an_unknown_option_symbol_keeps_what_schwab_says() -> None:
    row = only(payloads.changed(payloads.CALL, ("instrument", "symbol"), "NOT-AN-OCC-SYMBOL"))
    assert (row.put_call, row.strike, row.expiration) == ("CALL", None, None)
    assert row.multiplier == 100


@pytest.mark.parametrize(
    ("symbol", "put_call", "expected"),
    [
        ("SPXW  261231P05900500", "UNKNOWN", ("PUT", Decimal("5900.5"), date(2026, 12, 31))),
        ("AAPL  260231C00220000", "CALL", ("CALL", None, None)),
    ],
)
def test_the_contract_is_read_from_the_symbol(symbol: str, put_call: str, expected: object) -> None:
    raw = payloads.changed(payloads.CALL, ("instrument", "symbol"), symbol)
    row = only(payloads.changed(raw, ("instrument", "putCall"), put_call))
    assert (row.put_call, row.strike, row.expiration) == expected
