"""Rows that stand as before are not read again, and nothing of that shows in what is read."""

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from livedata.schwab.lastrows import LastRows, Reading
from livedata.schwab.normalizers import read_rows
from livedata.schwab.tests import payloads

UNREADABLE = payloads.AAPL | {"marketValue": "NaN"}
SAMPLES: list[dict[str, Any]] = [payloads.AAPL, payloads.INTC, payloads.CALL, payloads.SPY, UNREADABLE]


def raws(*rows: dict[str, Any]) -> list[msgspec.Raw]:
    """Return rows as an answer brings them, in bytes of their own."""
    return [msgspec.Raw(payloads.encode(row)) for row in rows]


class Reader:
    """Reads rows and counts them."""

    def __init__(self) -> None:
        self.read = 0

    def __call__(self, rows: list[msgspec.Raw]) -> Reading:
        self.read += len(rows)
        return read_rows(rows)


def test_only_what_differs_from_the_last_answer_is_read() -> None:
    reader = Reader()
    last = LastRows(reader)
    first, _ = last.read("one", raws(payloads.AAPL, payloads.INTC, payloads.SPY))
    moved = payloads.INTC | {"longQuantity": 7.0}
    second, _ = last.read("one", raws(payloads.AAPL, moved, payloads.SPY))
    assert reader.read == 3 + 1
    assert (second[0], second[2]) == (first[0], first[2])
    assert [second[1]] == read_rows(raws(moved))[0] != [first[1]]


def test_another_account_has_rows_of_its_own() -> None:
    reader = Reader()
    last = LastRows(reader)
    last.read("one", raws(payloads.AAPL))
    last.read("other", raws(payloads.INTC))
    last.read("one", raws(payloads.AAPL))
    last.read("other", raws(payloads.INTC))
    assert reader.read == 2


def test_an_answer_with_an_unreadable_row_is_read_whole_the_next_time_too() -> None:
    reader = Reader()
    last = LastRows(reader)
    rows, rejected = last.read("one", raws(payloads.AAPL, UNREADABLE))
    assert ([row.symbol for row in rows], [row.reason for row in rejected]) == (
        ["AAPL"],
        ["marketValue is out of range"],
    )
    reader.read = 0
    again = last.read("one", raws(payloads.AAPL, UNREADABLE))
    assert again == (rows, rejected)
    assert reader.read >= 2


def test_the_accounts_asked_for_longest_ago_are_dropped_beyond_the_limit() -> None:
    reader = Reader()
    last = LastRows(reader, limit=3)
    for name in ("one", "two", "three"):
        last.read(name, raws(payloads.AAPL, payloads.INTC))
    reader.read = 0
    last.read("three", raws(payloads.AAPL, payloads.INTC))
    assert reader.read == 0
    last.read("one", raws(payloads.AAPL, payloads.INTC))
    assert reader.read == 2


@settings(deadline=None, database=None, max_examples=60)
@given(st.lists(st.lists(st.sampled_from(SAMPLES), max_size=5), max_size=5))
def test_whatever_came_before_an_answer_reads_as_if_alone(answers: list[list[dict[str, Any]]]) -> None:
    last = LastRows(read_rows)
    for answer in answers:
        assert last.read("one", raws(*answer)) == read_rows(raws(*answer))
