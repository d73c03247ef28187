"""A load for benchmarks: frames worked out beforehand in which every field of every symbol comes anew.

Their figures are those of instants to come, so they agree with no quote; the truth is sent when the flood ends.
"""

from collections.abc import Iterable, Iterator
from itertools import cycle

from simulator.streamer import frames
from simulator.streamer.levelone import LevelOne
from simulator.wire.times import millis
from simulator.world.world import World

_FRAMES = 24
_STEP_SECONDS = 0.4


def flood_frames(world: World, services: Iterable[LevelOne], now: float) -> Iterator[tuple[str, int]]:
    """Frames without end, a ring of a few instants, each with its count of fields."""
    subscribed = [service for service in services if service.lines]
    ring: list[tuple[str, int]] = []
    for number in range(1, _FRAMES + 1):
        at = now + number * _STEP_SECONDS
        board = world.board(at)
        content = {service.name: service.everything(board) for service in subscribed}
        updates = sum(len(row) - 1 for rows in content.values() for row in rows)
        ring.append((frames.data(millis(at), content), updates))
    return cycle(ring)
