"""Times two sides in turn and prints their ratio beside its goal. Absolute times are of this machine only."""

import time
from collections.abc import Callable, Sequence

from msgspec import Struct

Run = Callable[[], object]


class Line(Struct, frozen=True):
    """One printed line: what was measured, in floors; `goal` None is printed for comparison only."""

    what: str
    ratio: float
    goal: float | None
    floor: str
    checked: str


def best(
    sides: Sequence[Run], *, rounds: int = 15, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Return each side's best time in seconds; the sides take turns, so that a busy moment hits all of them.

    Where all work is done by this thread, `time.thread_time` is the fairer clock: a busy machine then costs neither
    side, while by the wall clock a long run is interrupted more surely than a short one.
    """
    times = [float("inf")] * len(sides)
    for _ in range(rounds):
        for place, side in enumerate(sides):
            begun = clock()
            side()
            times[place] = min(times[place], clock() - begun)
    return times


def must(true: object, words: str) -> None:
    """End the run when two sides did not do the same: a ratio of different work says nothing."""
    if not true:
        raise SystemExit(f"not the same work: {words}")


def show(title: str, lines: Sequence[Line]) -> None:
    """Print one table."""
    print(f"\n{title}")
    for line in lines:
        goal = "for comparison" if line.goal is None else f"goal ≤ {line.goal:g}"
        mark = " " if line.goal is None else ("✓" if line.ratio <= line.goal else "✗")
        print(f"  {mark} {line.ratio:8.2f} × {line.floor:<44} {goal:<16} {line.what}")
        print(f"               checked: {line.checked}")
