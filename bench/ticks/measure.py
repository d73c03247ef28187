"""Ticks: from a real WebSocket into dirty marks, against decoding alone; a flush, against a loop over plain dicts."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from typing import Any

from websockets.asyncio.client import connect

from bench.ratio import Line, must, show
from bench.ticks.market import Market, eager, floor_flush, make_market
from bench.ticks.server import A_FRAME, FRAMES, SYMBOLS, frames
from livedata.quotes import Board
from livedata.schwab.marks.desk import EXACT
from livedata.schwab.streamer.fields import EQUITIES
from livedata.schwab.streamer.frames import read_frame
from livedata.schwab.streamer.ticks import Ticks

ROUNDS, FLUSH_EVERY = 7, 25
"""One flush for so many frames: 1,250 ticks, a quarter of a second of 500 symbols at 10 Hz."""
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
Take = Callable[[bytes], None]


@contextmanager
def another_process() -> Iterator[str]:
    """Run the server beside; give its address."""
    command = [sys.executable, "-m", "bench.ticks.server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = process.stdout.readline() if process.stdout else ""
            yield f"ws://127.0.0.1:{int(port)}/"
        finally:
            process.kill()


async def receive(url: str, take: Take) -> float:
    """Receive all frames; return the processor seconds that this process spent."""
    async with connect(url, compression=None, ping_interval=None, proxy=None) as socket:
        begun = time.process_time()
        for _ in range(FRAMES):
            take(await socket.recv(decode=False))
        return time.process_time() - begun


def only_decode(raw: bytes) -> None:
    """Decode, decimals exact."""
    read_frame(raw)


class Merging:
    """What a session does with a frame; with a board also what the flush makes of it."""

    def __init__(self, board: Board | None = None) -> None:
        self.ticks, self.board, self._left = Ticks(), board, FLUSH_EVERY

    def take(self, raw: bytes) -> None:
        """Decode and merge; flush into quotes every so often."""
        for data in read_frame(raw).data:
            self.ticks.merge(data)
        self._left -= 1
        if self.board is not None and not self._left:
            self._left = FLUSH_EVERY
            self.ticks.take(self.board, NOW, self)
            self.board.take_changed()


def from_the_wire() -> list[Line]:
    """Measure the way of a tick."""
    last: dict[str, str] = {}
    for text in frames():
        for change in json.loads(text, parse_float=str)["data"][0]["content"]:
            last[change["key"]] = change["33"]
    times = [float("inf")] * 3
    with another_process() as url:
        for _ in range(ROUNDS):
            merging, whole = Merging(), Merging(Board())
            for place, take in enumerate((only_decode, merging.take, whole.take)):
                times[place] = min(times[place], asyncio.run(receive(url, take)))
            for each in (merging, whole):
                marks = {key: state["33"] for key, state in each.ticks.states[EQUITIES].items()}
                must(
                    marks == {key: Decimal(text) for key, text in last.items()},
                    "the last mark of every symbol",
                )
    floor, merged, quoted = times
    name = f"receive and decode {FRAMES * A_FRAME // 1000},000 ticks"
    rate = f"{FRAMES * A_FRAME / merged / 1e6:.2f} M ticks/s of one core"
    return [
        Line(
            f"receive, decode, merge, mark dirty ({rate})",
            merged / floor,
            1.5,
            name,
            "the last mark of every symbol",
        ),
        Line("the same, and whole quotes at a flush in 1,250 ticks", quoted / floor, None, name, "the same"),
    ]


def flushes() -> list[Line]:
    """Measure a flush of 10,000 rows that all moved."""
    market = make_market(accounts=50, rows=200, symbols=SYMBOLS)
    ours = floor = float("inf")
    for tick in range(ROUNDS):
        symbols = market.tick(tick)
        begun = time.process_time()
        messages = market.desk.flush(symbols, NOW)
        ours = min(ours, time.process_time() - begun)
        begun = time.process_time()
        with localcontext(EXACT):
            said = floor_flush(market)
        floor = min(floor, time.process_time() - begun)
        _compare(market, [message.text for message in messages], said)
    must(market.shown() == eager(market), "final marks against an eager recomputation")
    name = "a loop over plain dicts with the same figures"
    what = f"10,000 rows of 50 accounts, one message each ({ours * 1000:.0f} ms)"
    return [
        Line(
            what,
            ours / floor,
            1.5,
            name,
            "every figure of every row; final marks against Schwab's figures anew",
        )
    ]


def _compare(market: Market, messages: list[bytes], said: list[bytes]) -> None:
    """Check that both sides show the same; messages leave out what did not change."""
    must(len(messages) == len(said), "one message an account")
    for text in messages:
        market.hear(json.loads(text))
    for whole in said:
        body: dict[str, Any] = json.loads(whole)
        for row in body["rows"]:
            must(market.rows[row["id"]] == row, f"row {row['id']}")
        must(market.balances[body["account_id"]] == body["balances"], "balances")


def main() -> None:
    """Measure and print."""
    show("Ticks", [*from_the_wire(), *flushes()])
