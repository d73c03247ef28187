"""One spelling of figures: the book's, live data's own and the quick one of the marks never differ."""

import random
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from actandpos import plain as book
from livedata import plain as live
from livedata.schwab.marks import holdings

ODD = (
    "0",
    "-0",
    "0.0",
    "-0.00",
    "1E+3",
    "1E-7",
    "-0.00000000001",
    "100",
    "-0.00004",
    "0.00005",
    "0.00015",
    "1E-8",
)


def invented(count: int) -> list[Decimal]:
    """Return figures of all sizes and lengths."""
    chance = random.Random(1)
    return [
        Decimal(chance.randint(-(10 ** chance.randint(1, 14)), 10**14)).scaleb(-chance.randint(0, 14))
        for _ in range(count)
    ]


@pytest.mark.parametrize("value", [Decimal(text) for text in ODD])
def test_odd_figures_are_spelled_alike(value: Decimal) -> None:
    assert live.plain(value) == book.plain(value)
    assert holdings.money(value) == book.plain(value.quantize(Decimal("0.0001"), ROUND_HALF_EVEN))
    assert holdings.price(value) == book.plain(value.quantize(Decimal("0.00000001"), ROUND_HALF_EVEN))


def test_thousands_of_figures_are_spelled_alike() -> None:
    for value in invented(5000):
        assert holdings.money(value) == book.plain(value.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)), value
        assert holdings.price(value) == book.plain(value.quantize(Decimal("0.00000001"), ROUND_HALF_EVEN)), (
            value
        )
        assert live.plain(value) == book.plain(value), value


def test_times_are_spelled_alike() -> None:
    at = datetime(2026, 5, 14, 10, 30, 1, 987654, timezone(timedelta(hours=-4)))
    for each in (at, at.astimezone(UTC), None):
        assert live.instant(each) == book.instant(each)
    assert live.plain(None) is None
