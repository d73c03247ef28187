"""What Schwab should never send: a bad row costs that row, a bad account that account, a bad body the answer."""

from typing import Any

import pytest

from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.normalizers import AccountReading, UnreadableAccount, read_account, read_accounts
from livedata.schwab.tests import payloads
from livedata.schwab.tests.readings import FRESH, SENT, only, reading

DEEP = 100_000


def raw(text: str) -> str:
    """Return a marker that `payloads.encode` writes as this JSON text."""
    return f"@@{text}@@"


def rejection(row: Any) -> tuple[str | None, str]:
    """Return symbol and reason of a row that must be rejected while its neighbour is read."""
    read = reading(payloads.margin_account([row, payloads.SPY]))
    assert [each.symbol for each in read.snapshot.positions] == ["SPY"]
    (rejected,) = read.snapshot.rejected
    assert rejected.reason
    return rejected.symbol, rejected.reason


def unreadable(account: Any) -> UnreadableAccount:
    """Return the one of two accounts that must be unreadable while the other is read."""
    first, second = read_accounts(payloads.encode([account, payloads.cash_account()]), SENT, FRESH)
    assert isinstance(second, AccountReading)
    assert second.number == payloads.CASH_NUMBER
    assert len(second.snapshot.positions) == 3
    assert isinstance(first, UnreadableAccount), first
    assert first.reason
    return first


BAD_NUMBERS = {
    "words": "a lot",
    "empty text": "",
    "NaN": "NaN",
    "signalling NaN": "sNaN",
    "Infinity": "-Infinity",
    "a boolean": True,
    "a list": [1.0],
    "an object": {"value": 1.0},
    "huge": raw("1E1000000"),
    "beyond Decimal": raw("1E9999999999999999999"),
    "5,000 digits": raw("9" * 5000),
    "16 digits": raw("123456789012.3456"),
}
NUMBERS = ("longQuantity", "averagePrice", "marketValue", "currentDayProfitLoss", "longOpenProfitLoss",
           "currentDayProfitLossPercentage")  # fmt: skip


@pytest.mark.parametrize("key", NUMBERS)
@pytest.mark.parametrize("kind", BAD_NUMBERS)
def test_a_bad_number_rejects_its_row_alone(kind: str, key: str) -> None:
    symbol, _ = rejection(payloads.changed(payloads.AAPL, (key,), BAD_NUMBERS[kind]))
    assert symbol == "AAPL"


@pytest.mark.parametrize("kind", BAD_NUMBERS)
def test_a_bad_balance_makes_its_account_unreadable_alone(kind: str) -> None:
    path = ("securitiesAccount", "currentBalances", "cashBalance")
    bad = unreadable(payloads.changed(payloads.margin_account(), path, BAD_NUMBERS[kind]))
    assert bad.number == payloads.MARGIN_NUMBER


def test_the_reason_names_the_field_and_not_the_value() -> None:
    _, reason = rejection(payloads.changed(payloads.AAPL, ("averagePrice",), "a lot"))
    assert "averagePrice" in reason
    assert "a lot" not in reason
    _, reason = rejection(payloads.changed(payloads.AAPL, ("averagePrice",), raw("123456789.5")))
    assert reason == "averagePrice is out of range"


def test_a_numeric_string_is_a_number() -> None:
    row = only(payloads.changed(payloads.AAPL, ("averagePrice",), "178.254"))
    assert str(row.avg_price) == "178.25400000"


def test_a_vanishing_number_is_zero_and_a_long_fraction_is_rounded() -> None:
    assert only(payloads.changed(payloads.AAPL, ("averagePrice",), raw("1E-1000000"))).avg_price == 0
    long = only(payloads.changed(payloads.AAPL, ("averagePrice",), raw("178.254" + "0" * 5000 + "1")))
    assert str(long.avg_price) == "178.25400000"


def test_a_percentage_too_large_to_keep_costs_the_percentage_and_not_the_row() -> None:
    row = only(payloads.changed(payloads.AAPL, ("averagePrice",), raw("1E-12")))
    assert (row.pl_open, row.pl_open_percent) == (only(payloads.AAPL).pl_open, None)
    assert row.missing["pl_open_percent"]


@pytest.mark.parametrize("key", ["longQuantity", "shortQuantity"])
def test_a_negative_quantity_is_refused_since_its_side_is_a_guess(key: str) -> None:
    rejection(payloads.AAPL | {"longQuantity": 0.0, "shortQuantity": 0.0, key: -120.0})


@pytest.mark.parametrize("gone", [{}, {"longQuantity": None, "shortQuantity": None}])
def test_a_row_without_quantity_is_rejected(gone: Any) -> None:
    row = {key: value for key, value in payloads.AAPL.items() if not key.endswith("tQuantity")}
    row = {key: value for key, value in row.items() if key not in ("longQuantity", "shortQuantity")} | gone
    assert rejection(row) == ("AAPL", "The row has no quantity.")


@pytest.mark.parametrize("symbol", ["", "   ", None, "X" * 65, "A\u0000B", 5, ["AAPL"]])
def test_a_row_without_a_usable_symbol_is_rejected(symbol: object) -> None:
    rejection(payloads.changed(payloads.AAPL, ("instrument", "symbol"), symbol))


@pytest.mark.parametrize("instrument", [None, "AAPL", [], 1, {}])
def test_a_row_without_an_instrument_is_rejected(instrument: object) -> None:
    assert rejection(payloads.changed(payloads.AAPL, ("instrument",), instrument))[0] is None


@pytest.mark.parametrize("row", [None, 5, "AAPL", [], True])
def test_a_row_that_is_no_object_is_rejected(row: object) -> None:
    assert rejection(row)[0] is None


def test_texts_are_cut_to_what_is_kept() -> None:
    row = payloads.changed(payloads.SPY, ("instrument", "description"), "D" * 5000)
    row = payloads.changed(row, ("instrument", "assetType"), "T" * 5000)
    row = payloads.changed(row, ("instrument", "underlyingSymbol"), "U" * 5000)
    read = only(row)
    lengths = [len(text or "") for text in (read.description, read.broker_asset_type, read.underlying)]
    assert lengths == [200, 40, 64]
    assert read.asset_type == "OTHER"


def test_a_text_that_databases_cannot_keep_rejects_its_row() -> None:
    assert rejection(payloads.changed(payloads.SPY | payloads.AAPL, ("instrument", "description"), "A\u0000"))


@pytest.mark.parametrize("where", ["row", "instrument", "balances", "account", "envelope"])
def test_unknown_keys_are_ignored(where: str) -> None:
    account = payloads.margin_account([payloads.AAPL])
    inner = account["securitiesAccount"]
    places = {
        "row": inner["positions"][0],
        "instrument": inner["positions"][0]["instrument"],
        "balances": inner["currentBalances"],
        "account": inner,
        "envelope": account,
    }
    places[where]["somethingNew"] = {"deep": [1, None, {"x": "y"}]}
    read = reading(account)
    assert read.snapshot.balances == reading(payloads.margin_account()).snapshot.balances
    assert [row.symbol for row in read.snapshot.positions] == ["AAPL"]


def test_deep_nesting_is_refused_where_it_stands() -> None:
    nested = raw("[" * DEEP + "]" * DEEP)
    with pytest.raises(SchwabOddAnswer):
        read_accounts(nested.replace("@@", "").encode(), SENT, FRESH)
    with pytest.raises(SchwabOddAnswer):
        read_account(payloads.encode(payloads.margin_account() | {"somethingNew": nested}), SENT, FRESH)


def test_a_row_nested_as_deep_as_the_stack_allows_is_rejected_or_read() -> None:
    for depth in (10, 100, 400, 900):
        row = payloads.AAPL | {"somethingNew": raw("[" * depth + "]" * depth)}
        assert only(row).symbol == "AAPL"


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"<html><body>Access Denied</body></html>", b"upstream request timeout", b"null", b"{}", b"5",
     b'"text"', b"\xff\xfe", b'{"message": "Service temporarily unavailable"}', b"[1", b"[NaN]", b"[Infinity]"],
)  # fmt: skip
def test_a_body_that_is_no_list_of_accounts(body: bytes) -> None:
    with pytest.raises(SchwabOddAnswer):
        read_accounts(body, SENT, FRESH)
    with pytest.raises(SchwabOddAnswer):
        read_account(body, SENT, FRESH)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e", "01", "+1", ".5", "undefined"])
def test_a_number_that_is_no_json_spoils_the_body(literal: str) -> None:
    row = payloads.changed(payloads.AAPL, ("marketValue",), raw(literal))
    with pytest.raises(SchwabOddAnswer):
        read_account(payloads.encode(payloads.margin_account([row])), SENT, FRESH)


def test_a_cut_body_is_refused_wherever_it_is_cut() -> None:
    body = payloads.encode([payloads.margin_account([payloads.AAPL]), payloads.cash_account([])])
    for length in range(0, len(body), 7):
        with pytest.raises(SchwabOddAnswer):
            read_accounts(body[:length], SENT, FRESH)


@pytest.mark.parametrize("positions", [{}, "none", 5, {"AAPL": payloads.AAPL}])
def test_positions_that_are_no_list(positions: object) -> None:
    account = payloads.changed(payloads.margin_account(), ("securitiesAccount", "positions"), positions)
    assert unreadable(account).number == payloads.MARGIN_NUMBER


@pytest.mark.parametrize("key", ["currentBalances", "type", "accountNumber"])
@pytest.mark.parametrize("gone", ["missing", "null", "odd"])
def test_an_account_without_what_it_cannot_do_without(key: str, gone: str) -> None:
    path = ("securitiesAccount", key)
    good = payloads.margin_account()
    account = payloads.without(good, path) if gone == "missing" else payloads.changed(good, path, None)
    account = payloads.changed(good, path, [1.5]) if gone == "odd" else account
    assert unreadable(account).number == (None if key == "accountNumber" else payloads.MARGIN_NUMBER)


@pytest.mark.parametrize("element", [None, 5, {}, "text", [], {"securitiesAccount": None}, {"message": "no"}])
def test_an_element_that_is_no_account_leaves_the_others(element: object) -> None:
    assert unreadable(element).number is None


@pytest.mark.parametrize("number", ["", "   ", "12\u000034", raw("9" * 5000), -5, 12.5, True])
def test_an_account_number_that_is_none(number: object) -> None:
    path = ("securitiesAccount", "accountNumber")
    assert unreadable(payloads.changed(payloads.margin_account(), path, number)).number is None


@pytest.mark.parametrize("number", ["00123456", 123456, "123456", " 00123456 "])
def test_an_account_number_is_the_same_as_text_and_as_integer(number: object) -> None:
    account = payloads.changed(payloads.margin_account(), ("securitiesAccount", "accountNumber"), number)
    assert reading(account).number == "00123456"
