"""Pauses before the streamer is connected again: growing, jittered, never tight, long where fighting is useless."""

import pytest

from livedata.schwab.streamer.backoff import Backoff


def longest(_: float, high: float) -> float:
    """Choose the longest pause."""
    return high


def shortest(low: float, _: float) -> float:
    """Choose the shortest pause."""
    return low


def test_bad_starts_double_the_pause_up_to_two_minutes() -> None:
    backoff = Backoff(longest)
    pauses = [backoff.pause_after("lost", 5.0) for _ in range(9)]
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 120.0, 120.0, 120.0]


def test_a_connection_that_lived_well_begins_anew() -> None:
    backoff = Backoff(longest)
    assert [backoff.pause_after("lost", lived) for lived in (1.0, 1.0, 89.0, 91.0, 1.0)] == [2, 4, 8, 2, 4]


def test_no_draw_makes_the_loop_tight() -> None:
    backoff = Backoff(shortest)
    assert {backoff.pause_after("lost", 0.0) for _ in range(20)} == {1.0}


@pytest.mark.parametrize("kind", ["taken_over", "no_streamer", "other_customer"])
def test_somebody_elses_login_is_not_fought(kind: str) -> None:
    shy, bold = Backoff(longest), Backoff(shortest)
    assert [shy.pause_after(kind, 1.0) for _ in range(5)] == [300, 600, 1200, 1800, 1800]
    assert bold.pause_after(kind, 1.0) == 150
    assert shy.pause_after(kind, 400.0) == 300  # it was ours for long: the other one is a new one
