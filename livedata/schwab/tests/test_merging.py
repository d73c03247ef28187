"""Several rows of one answer that mean one position."""

from decimal import Decimal

import pytest

from livedata.schwab.merging import merge_duplicates
from livedata.schwab.tests import payloads
from livedata.schwab.tests.readings import figures, numbers, reading, rows_of

SECOND = payloads.row(payloads.equity("AAPL", 1.6), "30.0 200.0 6342.0 342.0 -12.0 -0.19")


def test_rows_without_a_twin_stay_as_they_are() -> None:
    rows = list(rows_of(payloads.margin_account()).values())
    assert merge_duplicates(rows) == (rows, [], [])


def test_two_lots_become_one_row_weighted_by_quantity() -> None:
    read = reading(payloads.margin_account([payloads.AAPL, payloads.SPY, SECOND]))
    row, other = read.snapshot.positions
    assert figures(row, "quantity market_value cost_basis") == numbers("150 31710 27390.48")
    assert row.avg_price == Decimal("182.6032")
    assert figures(row, "mark_price mark_change") == numbers("211.4 1.6")
    assert figures(row, "pl_open pl_open_percent") == numbers("4319.52 15.7702")
    assert figures(row, "pl_day pl_day_percent") == numbers("180 0.5709")
    assert set(row.missing) == {"description"}
    assert other.symbol == "SPY"
    assert read.notes == ["2 rows of AAPL were merged."]


def test_options_keep_their_multiplier() -> None:
    read = reading(payloads.margin_account([payloads.CALL, payloads.CALL]))
    (row,) = read.snapshot.positions
    assert figures(row, "quantity avg_price mark_price") == numbers("4 8.4566 11.15")
    assert row.strike == 220


def test_opposite_sides_are_netted() -> None:
    short = payloads.row(payloads.equity("AAPL", 1.6), "-20.0 200.0 -4228.0 -228.0 -32.0 -0.76")
    (row,) = reading(payloads.margin_account([payloads.AAPL, short])).snapshot.positions
    assert figures(row, "quantity market_value cost_basis") == numbers("100 21140 17390.48")
    assert figures(row, "mark_price pl_open pl_day") == numbers("211.4 3749.52 160")


def test_sides_that_cancel_out_have_no_price_per_unit_and_say_so() -> None:
    short = payloads.row(payloads.equity("AAPL", 1.6), "-120.0 200.0 -25368.0 -1368.0 -192.0 -0.76")
    (row,) = reading(payloads.margin_account([payloads.AAPL, short])).snapshot.positions
    assert figures(row, "quantity market_value pl_open") == numbers("0 0 2609.52")
    assert figures(row, "avg_price mark_price") == numbers("- -")
    assert {"avg_price", "mark_price"} <= set(row.missing)


def test_a_part_that_is_not_known_leaves_the_sum_unknown() -> None:
    unknown = payloads.changed(SECOND, ("marketValue",), None)
    (row,) = reading(payloads.margin_account([payloads.AAPL, unknown])).snapshot.positions
    assert figures(row, "market_value mark_price cost_basis") == numbers("- - 27390.48")
    assert row.missing["market_value"]


def test_a_merged_row_differs_when_one_of_its_parts_does() -> None:
    moved = payloads.changed(SECOND, ("currentDayProfitLoss",), -13.0)
    answers = [[payloads.AAPL, SECOND], [payloads.AAPL, SECOND], [payloads.AAPL, moved]]
    once, again, later = (
        reading(payloads.margin_account(each)).snapshot.positions[0].digest for each in answers
    )
    assert once == again
    assert once != later


@pytest.mark.parametrize("kind", ["MUTUAL_FUND", "TOKENIZED_THING"])
def test_one_symbol_of_two_kinds_is_two_positions(kind: str) -> None:
    other = payloads.changed(payloads.AAPL, ("instrument", "assetType"), kind)
    assert len(reading(payloads.margin_account([payloads.AAPL, other])).snapshot.positions) == 2


@pytest.mark.parametrize(
    "more",
    [
        {"longQuantity": 999999999.0, "averagePrice": 1.0},
        {"longQuantity": 100000.0, "marketValue": 60000000000.0},
        {"longOpenProfitLoss": 60000000000.0},
        {"currentDayProfitLoss": 60000000000.0},
    ],
)
def test_a_sum_that_does_not_fit_is_refused_and_the_others_stay(more: payloads.Json) -> None:
    huge = payloads.AAPL | more
    read = reading(payloads.margin_account([huge, payloads.SPY, huge]))
    assert [row.symbol for row in read.snapshot.positions] == ["SPY"]
    (rejected,) = read.snapshot.rejected
    assert rejected.symbol == "AAPL"
    assert rejected.reason
    assert read.notes == []
