"""Prices as a pure function of seed, symbol and instant: sums of slow and fast swings, to the cent."""

import math
from functools import lru_cache

from simulator.world import chance
from simulator.world.listings import Listing

HOUR, DAY = 3600.0, 86400.0
_FASTEST, _SLOWEST, _STEP = 5.0, 400 * DAY, 3.0
_MARKET_SHARE = 0.5

Wave = tuple[float, float, float]


@lru_cache(maxsize=16384)
def _waves(daily: float, *identity: str) -> tuple[Wave, ...]:
    """Amplitude, speed and phase per wave: amplitudes grow like a random walk's, the fastest a little livelier."""
    waves: list[Wave] = []
    period = _FASTEST
    while period < _SLOWEST:
        own = period * chance.between(0.8, 1.25, "period", len(waves), *identity)
        lively = 1.8 if own < HOUR else 1.0
        amplitude = 0.32 * lively * daily * math.sqrt(min(own, 60 * DAY) / DAY)
        phase = chance.between(0, 2 * math.pi, "phase", len(waves), *identity)
        waves.append((amplitude, 2 * math.pi / own, phase))
        period *= _STEP
    return tuple(waves)


def _swing(waves: tuple[Wave, ...], now: float) -> float:
    sin = math.sin
    total = 0.0
    for amplitude, speed, phase in waves:
        total += amplitude * sin(speed * now + phase)
    return total


class PriceModel:
    """Prices of listings for one seed; remembers only each symbol's waves."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._own: dict[str, tuple[Wave, ...]] = {}
        self._market = _waves(1.0, seed, "the market")
        self._market_at = (math.nan, 0.0)

    def price(self, listing: Listing, now: float) -> float:
        """The price at an instant (epoch seconds), rounded to the cent and never below it."""
        waves = self._own.get(listing.symbol)
        if waves is None:
            waves = self._own[listing.symbol] = _waves(listing.daily * 0.85, self.seed, listing.symbol)
        swing = _swing(waves, now) + _MARKET_SHARE * listing.daily * self._market_swing(now)
        return max(0.01, round(listing.base * math.exp(swing), 2))

    def _market_swing(self, now: float) -> float:
        at, swing = self._market_at
        if at != now:
            swing = _swing(self._market, now)
            self._market_at = (now, swing)
        return swing
