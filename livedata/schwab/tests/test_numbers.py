"""Numbers on their way in: one rounding, half-even, and a refusal for what SQLite would change."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livedata.schwab.numbers import UnusableNumber, money, price, quantity, rounded


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("1.00005", "1.0000"),
        ("1.00015", "1.0002"),
        ("-1.00025", "-1.0002"),
        ("-273.900000000001", "-273.9000"),
        ("-145.500000029999", "-145.5000"),
        ("0.00005", "0.0000"),
        ("0.000050000000000000000000000000000000000000000000000000000000000000000000001", "0.0001"),
        ("1E-1000000", "0.0000"),
        ("0E1000000", "0.0000"),
        ("1E2", "100.0000"),
        ("99999999999.9999", "99999999999.9999"),
    ],
)
def test_money_is_rounded_half_even_to_four_decimals(sent: str, kept: str) -> None:
    assert str(money(Decimal(sent), "marketValue")) == kept


@pytest.mark.parametrize(
    "sent",
    ["NaN", "sNaN", "Infinity", "-Infinity", "1E1000000", "1E999999999", "9" * 5000, "100000000000",
     "99999999999.99995", "-123456789012.3"],
)  # fmt: skip
def test_what_would_not_fit_is_refused_by_name(sent: str) -> None:
    with pytest.raises(UnusableNumber, match="marketValue"):
        money(Decimal(sent), "marketValue")


def test_each_kind_has_its_scale_and_its_limit() -> None:
    assert str(price(Decimal("1.123456785"), "averagePrice")) == "1.12345678"
    assert str(quantity(Decimal("15.2445005"), "longQuantity")) == "15.244500"
    assert price(Decimal("9999999.99999999"), "averagePrice") == Decimal("9999999.99999999")
    assert quantity(Decimal("999999999.999999"), "longQuantity") == Decimal("999999999.999999")
    with pytest.raises(UnusableNumber):
        price(Decimal("10000000"), "averagePrice")
    with pytest.raises(UnusableNumber):
        quantity(Decimal("1000000000"), "longQuantity")


def test_nothing_stays_nothing() -> None:
    assert money(None, "marketValue") is None


@settings(deadline=None, max_examples=300, database=None)
@given(st.decimals(allow_nan=True, allow_infinity=True), st.sampled_from([4, 6, 8]))
def test_every_number_is_refused_or_has_its_scale_and_at_most_fifteen_digits(
    value: Decimal, places: int
) -> None:
    try:
        kept = rounded(value, places, "it")
    except UnusableNumber:
        return
    assert kept is not None
    assert kept.as_tuple().exponent == -places
    assert len(kept.as_tuple().digits) <= 15
    assert abs(kept - value) <= Decimal(5).scaleb(-places - 1)
