"""Builds one day's orders from the market's own prices at their times."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from simulator.wire.times import eastern_epoch
from simulator.world.market import Market
from simulator.world.orders import Fill, Leg, Order, order_id


@dataclass(frozen=True)
class Script:
    """One account's day and the times in it."""

    market: Market
    day: date
    account_index: int

    def at(self, hour: int, minute: int, second: int = 0) -> float:
        """An Eastern wall-clock time of this day."""
        return eastern_epoch(self.day, hour, minute, second)

    def tomorrow(self, second: int) -> float:
        """Seconds after the next Eastern midnight."""
        return eastern_epoch(self.day + timedelta(days=1), 0, 0, second)

    def id(self, sequence: int) -> int:
        """This day's order id of a place in the script."""
        return order_id(self.day, self.account_index, sequence)

    def fill(self, at: float, quantity: float, *symbols: str) -> Fill:
        """An execution at the marks of its instant."""
        return Fill(at, quantity, tuple(self.market.mark_at(symbol, at) for symbol in symbols))

    def simple(
        self, sequence: int, entered: float, leg: Leg, fills: tuple[Fill, ...] = (), **more: Any
    ) -> Order:
        """A one-leg limit order; its limit gives the last fill's price, or stands off the market unfilled."""
        buying = leg.sign > 0
        reference = [price for fill in fills for price in fill.prices]
        away = round(self.market.mark_at(leg.symbol, entered) * (0.94 if buying else 1.06), 2)
        limit = (max(reference) if buying else min(reference)) if reference else away
        terms: dict[str, Any] = {"order_type": "LIMIT", "price": limit, "legs": (leg,), "fills": fills}
        return Order(self.id(sequence), entered, quantity=leg.quantity, **{**terms, **more})
