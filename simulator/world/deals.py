"""Makes the orders of an account's past: entered at an instant, filled at the marks a moment later."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from simulator.wire.times import eastern_date, eastern_epoch
from simulator.world.calendar import is_trading_day
from simulator.world.holdings import Strategy
from simulator.world.market import Market
from simulator.world.orders import Fill, Leg, Order, order_id

_BETWEEN = 2.0
_VENUES = ("CDRG", "NITE", "HRTF", "WEXM")


class Deals:
    """Orders of one account; `first` numbers them apart from those of other makers."""

    def __init__(self, market: Market, account_index: int, first: int) -> None:
        self.market = market
        self._account_index = account_index
        self._first = first
        self._made: Counter[date] = Counter()

    def order(
        self, entered: float, legs: tuple[Leg, ...], quantity: float, times: tuple[float, ...], **terms: Any
    ) -> Order:
        """An order that is filled in as many parts as there are times, at the marks."""
        day = eastern_date(entered)
        self._made[day] += 1
        fills = tuple(self._fills(legs, quantity, times))
        prices = [
            sum(leg.sign * price for leg, price in zip(legs, fill.prices, strict=True)) for fill in fills
        ]
        wanted: dict[str, Any] = {"order_type": "LIMIT", "price": round(abs(prices[-1]), 2)}
        if len(legs) > 1:
            wanted["order_type"] = "NET_DEBIT" if prices[-1] >= 0 else "NET_CREDIT"
        number = order_id(day, self._account_index, self._first + self._made[day])
        venue = _VENUES[number % len(_VENUES)]
        return Order(
            number, entered, legs=legs, quantity=quantity, fills=fills, venue=venue, **{**wanted, **terms}
        )

    def _fills(self, legs: tuple[Leg, ...], quantity: float, times: tuple[float, ...]) -> list[Fill]:
        found, left = [], quantity
        for number, at in enumerate(times):
            part = left if number + 1 == len(times) else float(quantity // len(times))
            left -= part
            found.append(Fill(at, part, tuple(self.market.mark_at(leg.symbol, at) for leg in legs)))
        return found

    def shares(self, at: float, symbol: str, quantity: float, parts: int = 1, **terms: Any) -> Order:
        """Open a signed number of shares, or with `closes` close so many."""
        closes = terms.pop("closes", False)
        if quantity > 0:
            side = "BUY_TO_COVER" if closes else "BUY"
        else:
            side = "SELL" if closes else "SELL_SHORT"
        leg = Leg(symbol, side, "CLOSING" if closes else "OPENING", abs(quantity))
        times = tuple(at + _BETWEEN * (1 + number) for number in range(parts))
        return self.order(at, (leg,), abs(quantity), times, **terms)

    def strategy(self, at: float, wanted: Strategy) -> Order:
        """Open or close option legs together."""
        return self.order(at, wanted.legs, wanted.quantity, (at + 7,), complex_type=wanted.kind)


def open_day(day: date, later: int = 0) -> date:
    """The first trading day from a date on, or one so many trading days later."""
    while True:
        if is_trading_day(day):
            if later == 0:
                return day
            later -= 1
        day += timedelta(days=1)


def in_hours(day: date, place: int) -> float:
    """An instant of a trading day's morning for the so-many-th thing that happens on it."""
    return eastern_epoch(day, 9, 45) + place * 71 % 9000
