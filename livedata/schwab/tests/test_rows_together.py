"""Rows are worked out a column at a time: what becomes of one must not depend on its neighbours."""

import json
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from actandpos.types import PositionRow, RejectedRow
from livedata.schwab.normalizers import read_rows
from livedata.schwab.tests import payloads

SAMPLES = [
    *(payloads.AAPL, payloads.INTC, payloads.CALL, payloads.PUT, payloads.SPY, payloads.FUND, payloads.SWEEP),
    payloads.row(payloads.named("FIXED_INCOME", "000000AA1", "FICTIONAL NOTE"), "10000 99.5 9900 -50 1 0.01"),
]
FIGURES = (
    *("longQuantity", "shortQuantity", "averagePrice", "marketValue", "currentDayProfitLoss"),
    *("currentDayProfitLossPercentage", "longOpenProfitLoss", "shortOpenProfitLoss"),
)
WORDS = ("symbol", "assetType", "description", "underlyingSymbol", "putCall", "netChange")
ODD: list[Any] = [
    *(
        None,
        0.0,
        -0.0,
        1e-9,
        0.00005,
        -1.0,
        1e30,
        99999999999.99995,
        123456789.5,
        1e-300,
        5e-324,
        True,
        [],
        "1.5",
    ),
    *("NaN", "sNaN", "-Infinity", "", "  ", "A\0B", "X" * 70, "OPTION", "PUT", "AAPL  260231C00220000"),
]

quick = settings(deadline=None, database=None, max_examples=150)


@st.composite
def rows(draw: st.DrawFn) -> list[msgspec.Raw]:
    """Return rows of every kind, some with something odd in them or something left out."""
    made = []
    for sample in draw(st.lists(st.sampled_from(SAMPLES), max_size=12)):
        row = json.loads(json.dumps(sample))
        for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
            name = draw(st.sampled_from([*FIGURES, *WORDS]))
            place = row["instrument"] if name in WORDS else row
            place.pop(name, None)
            if draw(st.booleans()):
                place[name] = draw(st.sampled_from(ODD) | st.floats(-1e9, 1e9))
        made.append(msgspec.Raw(payloads.encode(row)))
    return made


def spelled(row: PositionRow | RejectedRow) -> list[tuple[str, str]]:
    """Return every field as text: 1 and 1.0000 are equal numbers and different figures."""
    return [(name, repr(getattr(row, name))) for name in row.__struct_fields__]


@quick
@given(rows())
def test_a_row_is_read_the_same_alone_and_among_others(raws: list[msgspec.Raw]) -> None:
    together, rejected_together = read_rows(raws)
    alone = [read_rows([raw]) for raw in raws]
    assert [spelled(row) for row in together] == [spelled(row) for rows, _ in alone for row in rows]
    assert [spelled(row) for row in rejected_together] == [spelled(row) for _, bad in alone for row in bad]
    assert len(together) + len(rejected_together) == len(raws)


def test_one_bad_row_among_many_costs_that_row_alone() -> None:
    raws = [msgspec.Raw(payloads.encode(payloads.AAPL | {"longQuantity": float(n)})) for n in range(1, 101)]
    raws[41] = msgspec.Raw(payloads.encode(payloads.AAPL | {"marketValue": "NaN"}))
    read, rejected = read_rows(raws)
    assert [row.quantity for row in read] == [Decimal(n) for n in range(1, 101) if n != 42]
    assert [(row.symbol, row.reason) for row in rejected] == [("AAPL", "marketValue is out of range")]


def test_no_row_is_no_row() -> None:
    assert read_rows([]) == ([], [])
