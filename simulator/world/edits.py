"""What was changed by hand or by itself: orders beyond the day's plan, and accounts that vanished from the list."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec

from simulator.wire.times import eastern_date
from simulator.world.orders import Order, Trade, flat, order_id, trades_of

_OWN_PLACE = 8
_PAIR_DAYS = 30


@dataclass
class Edits:
    """Orders by account index and Eastern date of entry, in the order of their making, and the omitted accounts."""

    orders: dict[tuple[int, date], list[Order]] = field(default_factory=dict)
    omitted: set[int] = field(default_factory=set)

    def entered_on(self, index: int, day: date) -> list[Order]:
        """The account's orders of one date."""
        return self.orders.get((index, day), [])

    def filled_on(self, index: int, day: date) -> list[Order]:
        """The account's orders that may have an execution on a date: of it, of the day before, older ones that last."""
        before = day - timedelta(days=1)
        return [
            order
            for (owner, entered), made in self.orders.items()
            if owner == index and entered <= day
            for order in made
            if entered >= before or any(single.duration == "GOOD_TILL_CANCEL" for single in flat(order))
        ]

    def trades(self, index: int) -> Iterator[Trade]:
        """Every trade that an account's orders make, those to come included."""
        for owner, day in sorted(self.orders):
            if owner == index:
                for order in self.orders[owner, day]:
                    yield from trades_of(order)

    def next_id(self, day: date) -> int:
        """An id that no order of the day has; the plans' ids lie below."""
        used = [
            single.order_id
            for (_, other), made in self.orders.items()
            if other == day
            for order in made
            for single in flat(order)
        ]
        return max(order_id(day, _OWN_PLACE, 0), *used) + 1 if used else order_id(day, _OWN_PLACE, 1)

    def add(self, index: int, order: Order) -> None:
        """Remember an order."""
        self.orders.setdefault((index, eastern_date(order.entered)), []).append(order)

    def pairs(self) -> Iterator[tuple[int, Order]]:
        """Every order with the index of its account."""
        return ((index, order) for (index, _), made in self.orders.items() for order in made)

    def put(self, index: int, old: Order, new: Order) -> None:
        """Change an order's future; one of a plan becomes one of these."""
        made = self.orders.setdefault((index, eastern_date(old.entered)), [])
        if old in made:
            made[made.index(old)] = new
        else:
            made.append(new)

    def changed(self, index: int) -> set[int]:
        """The ids of the plan's orders that were changed, nested ones too."""
        return {
            single.order_id
            for owner, order in self.pairs()
            if owner == index and order.order_id // 1000 % 100 < _OWN_PLACE
            for single in flat(order)
        }

    def forget_pairs(self, tag: str, today: date) -> dict[int, date]:
        """Drop a tag's orders of a month ago once they have closed what they opened: only their gain is lost.

        Returns the first date that this changed, by account.
        """
        changed: dict[int, date] = {}
        last = today - timedelta(days=_PAIR_DAYS)
        for index in {owner for owner, _ in self.orders}:
            days = [day for owner, day in self.orders if owner == index and day < last]
            old = [order for day in days for order in self.orders[index, day] if order.tag == tag]
            left: Counter[str] = Counter()
            for trade in (trade for order in old for trade in trades_of(order)):
                left[trade.symbol] += round(trade.quantity)
            if not old or any(left.values()):
                continue
            changed[index] = min(days)
            for day in days:
                self.orders[index, day] = [order for order in self.orders[index, day] if order.tag != tag]
        return changed

    def dump(self) -> list[object]:
        """As plain content for a JSON file."""
        return [msgspec.to_builtins(pair) for pair in self.pairs()]

    def load(self, content: list[object]) -> None:
        """What `dump` gave."""
        for index, order in msgspec.convert(content, list[tuple[int, Order]]):
            self.add(index, order)
