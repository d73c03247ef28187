"""Today's P/L from the day's fills: where the broker's contradicts them, and of what was closed."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from actandpos.services.dayfigures import (
    MIXED_COST,
    UNKNOWN_CLOSE,
    UNKNOWN_COST,
    UNKNOWN_FILLS,
    Fill,
    Held,
    Traded,
    by_symbol,
    closing,
    restated,
)

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def traded(*fills: tuple[str, str, str], multiplier: str = "1") -> Traded:
    """Return the day of one symbol from (side, quantity, price)."""
    rows = [
        Fill("XYZ", side, Decimal(quantity), Decimal(price), AT, Decimal(multiplier))
        for side, quantity, price in fills
    ]
    return by_symbol(rows)["XYZ"]


def held(quantity: str, value: str | None, pl_day: str | None, start: str | None, **changes: str) -> Held:
    """Return an open row marked at 10, up 0.5 since the close before."""
    return Held(
        quantity=Decimal(quantity),
        multiplier=Decimal(changes.get("multiplier", "1")),
        mark_price=Decimal(changes.get("mark", "10")),
        mark_change=Decimal(changes["change"]) if "change" in changes else None,
        market_value=None if value is None else Decimal(value),
        pl_day=None if pl_day is None else Decimal(pl_day),
        day_start_quantity=None if start is None else Decimal(start),
    )


def test_fills_add_up_by_symbol_and_side() -> None:
    found: Any = traded(("BUY", "10", "9.5"), ("SELL", "4", "10"), ("EXCHANGE", "7", "1"), ("BUY", "1", "10"))
    assert (found.net, found.cash, found.both_ways) == (7, Decimal("65.0"), True)
    assert not traded(("SELL_SHORT", "4", "10")).both_ways


def test_an_absurd_figure_after_a_partial_sale_is_restated() -> None:
    """A broker that counted the purchase alone: 3,919.167 paid, 3,800 of it sold again for 39,000."""
    day = traded(("BUY", "4000", "9.7979175"), ("SELL", "3900", "10"))
    row = held("100", "991.67", "-38200", "0")
    found = restated(row, day)
    assert found.pl_day == Decimal("800.0000")  # 991.67 − (39191.67 − 39000)
    assert found.percent == Decimal("417.3840")


def test_what_the_broker_has_right_stays_the_brokers() -> None:
    day = traded(("BUY", "10", "9.5"), ("SELL", "5", "9.8"))
    assert restated(held("105", "1050", "53.4", "100", change="0.5"), day).pl_day is None
    assert restated(held("105", "1050", "-1000", "100", change="0.5"), day).pl_day == Decimal("54.0000")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (held("105", "1050", "-1000", None, change="0.5"), "what the day began with is not known"),
        (held("104", "1040", "-1000", "100", change="0.5"), "a fill is missing"),
        (held("105", None, "-1000", "100", change="0.5"), "there is no market value"),
        (held("105", "1050", "-1000", "100"), "the close before is not known"),
    ],
)
def test_without_every_fact_the_brokers_figure_stays(row: Held, why: str) -> None:
    assert restated(row, traded(("BUY", "10", "9.5"), ("SELL", "5", "9.8"))).pl_day is None, why


def test_a_day_of_buying_alone_is_never_restated() -> None:
    row = held("10", "100", "-5000", "0")
    assert restated(row, traded(("BUY", "10", "9.5"))).pl_day is None


def test_options_count_a_hundred_and_may_differ_by_their_own_close() -> None:
    day = traded(("BUY_TO_OPEN", "2", "1.50"), ("SELL_TO_CLOSE", "1", "1.60"), multiplier="100")
    near = held("1", "170", "29", "0", multiplier="100", mark="1.7")
    assert restated(near, day).pl_day is None  # 170 − (300 − 160) = 30
    assert restated(held("1", "170", "-130", "0", multiplier="100", mark="1.7"), day).pl_day == 30


def test_a_holding_sold_today() -> None:
    found: Any = closing(
        Decimal(100), Decimal(8), Decimal("9.5"), traded(("SELL", "60", "10"), ("SELL", "40", "11"))
    )
    assert (found.close_price, found.realized, found.pl_day) == (Decimal("10.4"), 240, 90)
    assert found.missing == {}


def test_a_short_covered_today() -> None:
    found: Any = closing(Decimal(-10), Decimal(12), Decimal(11), traded(("BUY_TO_COVER", "10", "10")))
    assert (found.close_price, found.realized, found.pl_day) == (10, 20, 10)


def test_opened_and_closed_between_two_readings() -> None:
    found: Any = closing(None, None, None, traded(("BUY", "10", "9"), ("SELL", "10", "9.5")))
    assert (found.close_price, found.realized, found.pl_day) == (Decimal("9.5"), 5, 5)


def test_what_no_fill_explains_is_said() -> None:
    for found in (
        closing(Decimal(5), Decimal(1), Decimal(1), None),
        closing(Decimal(5), Decimal(1), Decimal(1), traded(("BUY", "5", "1"))),
        closing(None, None, None, traded(("SELL", "5", "1"))),
    ):
        assert (found.close_price, found.realized, found.pl_day) == (None, None, None)
        assert set(found.missing.values()) == {UNKNOWN_FILLS}


def test_what_is_not_known_is_null_with_its_reason() -> None:
    found: Any = closing(Decimal(5), None, None, traded(("SELL", "5", "2")))
    assert (found.realized, found.pl_day) == (None, None)
    assert found.missing == {"realized": UNKNOWN_COST, "pl_day": UNKNOWN_CLOSE}


def test_what_was_added_to_and_closed_is_left_to_the_lots() -> None:
    found: Any = closing(Decimal(15), Decimal(2), Decimal(2), traded(("BUY", "5", "2"), ("SELL", "15", "3")))
    assert (found.realized, found.missing) == (None, {"realized": MIXED_COST})
    assert found.pl_day == 15  # 45 − 10 − 10 × 2
