"""Times of the streamer's clock, told by this machine's: only so can they be compared with when a sync asked."""

from datetime import UTC, datetime, timedelta

import pytest

from livedata.quotes import Board, Quote
from livedata.schwab.streamer import ticks as module
from livedata.schwab.streamer.fields import EQUITIES
from livedata.schwab.streamer.frames import Data
from livedata.schwab.streamer.ticks import Ticks

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MOVED = NOW - timedelta(seconds=3)


def millis(at: datetime) -> int:
    """Return a moment as the streamer writes it."""
    return round(at.timestamp() * 1000)


def taken(monkeypatch: pytest.MonkeyPatch, said_at: object, quoted_at: int | None) -> Quote:
    """Return the quote that a frame makes, read when this machine's clock shows NOW."""
    monkeypatch.setattr(module.time, "time", NOW.timestamp)
    ticks, board = Ticks(), Board()
    change = {"key": "AAPL", "33": 101} | ({} if quoted_at is None else {"34": quoted_at})
    ticks.merge(Data(EQUITIES, [change], said_at))
    ticks.take(board, NOW, source := object())
    board.let_go(source)
    return board.quotes["AAPL"]


@pytest.mark.parametrize("off", [timedelta(0), timedelta(days=-2), timedelta(hours=3)])
def test_a_clock_that_is_off_is_made_up_for(monkeypatch: pytest.MonkeyPatch, off: timedelta) -> None:
    quote = taken(monkeypatch, millis(NOW + off), millis(MOVED + off))
    assert quote.newest == MOVED + off
    assert quote.moved_at is not None
    assert abs(quote.moved_at - MOVED) < timedelta(milliseconds=2)
    assert quote.is_after(MOVED - timedelta(seconds=1))
    assert not quote.is_after(MOVED + timedelta(seconds=1))


def test_without_a_time_of_the_frame_the_quotes_own_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    for said_at in (0, None, 1, "soon", 1.5):
        assert taken(monkeypatch, said_at, millis(MOVED)).moved_at == MOVED


def test_a_quote_without_a_time_counts_from_when_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    quote = taken(monkeypatch, millis(NOW), None)
    assert quote.moved_at is None
    assert (quote.is_after(NOW), quote.is_after(NOW + timedelta(seconds=1))) == (True, False)
