"""How long to wait before the streamer is connected again (reference §5.6)."""

import random
from collections.abc import Callable

from django.conf import settings

LIVED_WELL = 90.0
"""Seconds after which a connection that ends was no bad start."""
SHORTEST = 1.0
LONGEST_YIELD = 1800.0


class Backoff:
    """Counts bad starts in a row. Full jitter over a doubling pause, never a tight loop."""

    def __init__(self, choose: Callable[[float, float], float] = random.uniform) -> None:
        self._choose = choose
        self._failures = 0
        self._yields = 0

    def pause_after(self, kind: str, lived: float) -> float:
        """Return the seconds to wait after a connection that ended as `kind` and lived so many seconds.

        Somebody else's login is not fought: the pause is long, and longer each time it happens soon again.
        """
        if lived > LIVED_WELL:
            self._failures = 0
        if kind in ("taken_over", "no_streamer", "unsafe_address", "other_customer"):
            if lived > settings.THOR_STREAM_YIELD:
                self._yields = 0
            self._yields += 1
            longest = min(LONGEST_YIELD, settings.THOR_STREAM_YIELD * 2 ** (self._yields - 1))
            return self._choose(longest / 2, longest)
        self._failures += 1
        longest = settings.THOR_STREAM_FIRST_PAUSE * 2 ** min(self._failures - 1, 10)
        return max(SHORTEST, self._choose(0.0, min(settings.THOR_STREAM_LONGEST_PAUSE, longest)))
