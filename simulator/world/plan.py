"""Builds one day's orders from the market's own prices at their times."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from simulator.wire.times import eastern_epoch, eastern_midnight
from simulator.world.market import Market
from simulator.world.orders import Fill, Leg, Order, order_id

DAY = 86400.0


@dataclass(frozen=True)
class Script:
    """One account's day and the times in it; `first` numbers its orders apart from those of other scripts."""

    market: Market
    day: date
    account_index: int
    first: int = 0

    def at(self, hour: int, minute: int, second: int = 0) -> float:
        """An Eastern wall-clock time of this day."""
        midnight = eastern_midnight(self.day)
        if hour and self.tomorrow(0) - midnight != DAY:
            return eastern_epoch(self.day, hour, minute, second)
        return midnight + hour * 3600 + minute * 60 + second

    def tomorrow(self, second: int) -> float:
        """Seconds after the next Eastern midnight."""
        return eastern_midnight(self.day + timedelta(days=1)) + second

    def id(self, sequence: int) -> int:
        """This day's order id of a place in the script."""
        return order_id(self.day, self.account_index, self.first + sequence)

    def fill(self, at: float, quantity: float, *symbols: str) -> Fill:
        """An execution at the marks of its instant."""
        return Fill(at, quantity, tuple(self.market.mark_at(symbol, at) for symbol in symbols))

    def simple(
        self, sequence: int, entered: float, leg: Leg, fills: tuple[Fill, ...] = (), **more: Any
    ) -> Order:
        """A one-leg limit order; its limit gives the last fill's price, or stands off the market unfilled."""
        limit = self._limit(leg, entered, fills)
        terms: dict[str, Any] = {"order_type": "LIMIT", "price": limit, "legs": (leg,), "fills": fills}
        return Order(self.id(sequence), entered, quantity=leg.quantity, **{**terms, **more})

    def _limit(self, leg: Leg, entered: float, fills: tuple[Fill, ...]) -> float:
        prices = [price for fill in fills for price in fill.prices]
        if prices:
            return max(prices) if leg.sign > 0 else min(prices)
        return round(self.market.mark_at(leg.symbol, entered) * (0.94 if leg.sign > 0 else 1.06), 2)
