"""Fan-out: one publish to 1,000 browsers on one process, beside a bare asyncio server in the same run."""

import resource
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.fanout import measure, sides
from bench.fanout.measure import Audience, Result
from bench.ratio import Line, show
from thor.launch import servers

BROWSERS, DEAF = 1_000, 50
ROUNDS, MESSAGES, FLOOD = 10, 5, 80
FLOOR, THOR, READERS, GRANIAN = "bare asyncio", "Thor on uvicorn", "Thor with readers only", "Thor on granian"


def main() -> None:
    """Measure and print."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    with (
        tempfile.TemporaryDirectory(prefix="thor-bench-") as folder,
        servers.redis(Path(folder)) as redis_url,
    ):
        world = sides.make_world(Path(folder), redis_url)
        show(f"Fan-out: one publish → {BROWSERS:,} browsers, {measure.SIZE} bytes", _speed(world))
        show(f"Fan-out with {DEAF} of {BROWSERS:,} browsers that never read", _deaf(world))
        if sides.has_guests():
            show("Fan-out by others", _others(world))


def _speed(world: sides.World) -> list[Line]:
    """Compare Thor with the floor; uvloop under the floor and granian under Thor are for comparison."""
    commands = {
        FLOOR: sides.raw(world, "asyncio"),
        "bare uvloop": sides.raw(world, "uvloop"),
        THOR: sides.uvicorn(),
    }
    if sides.GUEST.exists():
        commands[GRANIAN] = sides.granian()
    lines = []
    with ExitStack() as stack:
        crowds = [_crowd(stack, world, name, words) for name, words in commands.items()]
        found = _best(crowds, ROUNDS)
        for crowd in crowds[1:]:
            lines += _lines(crowd, found[crowd.side.name], found[FLOOR], goals=crowd.side.name == THOR)
    return lines


def _crowd(
    stack: ExitStack, world: sides.World, name: str, words: list[str], *, deaf: int = 0, count: int = BROWSERS
) -> Audience:
    """Start a server and its browsers."""
    side = stack.enter_context(sides.running(name, world, words))
    return stack.enter_context(measure.audience(side, world, count, deaf))


def _best(crowds: Sequence[Audience], rounds: int) -> dict[str, Result]:
    """Return each side's best figures; the sides take turns, so that a busy moment hits all of them."""
    found: dict[str, list[Result]] = {crowd.side.name: [] for crowd in crowds}
    for _ in range(rounds):
        for crowd in crowds:
            found[crowd.side.name].append(crowd.run(MESSAGES))
    return {name: measure.best(results) for name, results in found.items()}


def _lines(crowd: Audience, found: Result, floor: Result, *, goals: bool) -> list[Line]:
    """Return a side's latency, cost and memory."""
    name, arrived = crowd.side.name, f"{found.delivered:,} of {found.expected:,} deliveries arrived"
    return [
        Line(
            f"{name}: p99",
            found.p99 / floor.p99,
            2.5 if goals else None,
            f"the floor's {floor.p99:.1f} ms",
            arrived,
        ),
        Line(
            f"{name}: CPU for a delivery",
            found.cpu / floor.cpu,
            3.5 if goals else None,
            f"the floor's {floor.cpu:.1f} µs",
            arrived,
        ),
        Line(
            f"{name}: memory for a connection",
            crowd.kilobytes,
            40 if goals else None,
            "1 KB",
            f"Rss before and after {BROWSERS:,} connections",
        ),
    ]


def _deaf(world: sides.World) -> list[Line]:
    """Compare Thor with and without browsers that never read."""
    with ExitStack() as stack:
        plain = _crowd(stack, world, READERS, sides.uvicorn(), count=BROWSERS - DEAF)
        mixed = _crowd(stack, world, THOR, sides.uvicorn(), deaf=DEAF)
        mixed.flood(FLOOD)
        full = f"{mixed.blocked()} of {DEAF} had unread bytes waiting"
        before = mixed.side.kilobytes()
        mixed.flood(FLOOD)
        grown = mixed.side.kilobytes() - before
        found = _best([plain, mixed], ROUNDS)
    others, alone = found[THOR], found[READERS]
    arrived = f"{others.delivered:,} of {others.expected:,} deliveries to the others arrived"
    return [
        Line(
            "p99 of those who read",
            others.p99 / alone.p99,
            1.2,
            f"{alone.p99:.1f} ms without",
            f"{full}; {arrived}",
        ),
        Line(
            f"memory for {FLOOD} more unread messages of {measure.LARGE:,} bytes",
            grown / DEAF,
            40,
            "1 KB for each that never reads",
            full,
        ),
    ]


def _others(world: sides.World) -> list[Line]:
    """Show Django Channels, one server at a time: it needs whole seconds for what the floor does at once."""
    lines = []
    for server in ("uvicorn", "daphne"):
        with ExitStack() as stack:
            floor = _crowd(stack, world, FLOOR, sides.raw(world, "asyncio"))
            crowd = _crowd(stack, world, f"Channels on {server}", sides.channels(server))
            found = _best([floor, crowd], 3)
            lines += _lines(crowd, found[crowd.side.name], found[FLOOR], goals=False)
    return lines
