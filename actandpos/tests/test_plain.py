"""Numbers and times as they travel, and the bounded cache."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actandpos.cache import LocalCache
from actandpos.plain import instant, plain


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("12845.6700", "12845.67"),
        ("100.0000", "100"),
        ("1E+2", "100"),
        ("-286.0", "-286"),
        ("-0.0000", "0"),
        ("0E-8", "0"),
        ("1E-8", "0.00000001"),
        ("-0.50", "-0.5"),
    ],
)
def test_plain_notation(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**7), max_value=10**7))
def test_plain_loses_nothing(number: Decimal) -> None:
    text = plain(number)
    assert text is not None
    assert Decimal(text) == number
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))


def test_null_stays_null() -> None:
    assert plain(None) is None
    assert instant(None) is None


def test_instants_are_utc_with_milliseconds() -> None:
    eastern = timezone(timedelta(hours=-5))
    assert instant(datetime(2026, 11, 20, 10, 0, 0, 123999, tzinfo=eastern)) == "2026-11-20T15:00:00.123Z"


def test_cache_drops_the_longest_unused() -> None:
    cache = LocalCache(40)
    for key in "abcd":
        cache.put(key, b"x" * 10)
    assert cache.get("a") == b"x" * 10
    cache.put("e", b"y" * 10)
    assert (cache.get("b"), cache.get("a"), cache.get("e")) == (None, b"x" * 10, b"y" * 10)
    cache.put("a", b"z")
    cache.put("f", b"w" * 9)
    assert cache.get("c") == b"x" * 10
    cache.put("large", b"x" * 11)
    assert cache.get("large") is None
