"""One account's book at one instant: rows and cash after the day's trades."""

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.world.holdings import Holding
from simulator.world.orders import Trade

_EXACT = 6


@dataclass(slots=True)
class Row:
    """A holding during the day; `start` is the quantity at the prior close, `day_cost` the net cash paid today."""

    symbol: str
    start: float
    quantity: float
    average: float
    trade_average: float
    day_cost: float = 0.0
    naked: bool = False
    spread: float = 0.0

    def take(self, trade: Trade) -> None:
        """Apply a trade: additions move the averages, reductions keep them, a fresh start replaces them."""
        held, added = abs(self.quantity), abs(trade.quantity)
        quantity = round(self.quantity + trade.quantity, _EXACT)
        if self.quantity * trade.quantity >= 0:
            total = held + added
            self.average = round((held * self.average + added * trade.net_price) / total, 10)
            self.trade_average = round((held * self.trade_average + added * trade.price) / total, 10)
        elif quantity * self.quantity < 0:
            self.average, self.trade_average = round(trade.net_price, 10), trade.price
        self.quantity = quantity
        self.day_cost += trade.cost


@dataclass(slots=True)
class Book:
    """Rows by symbol, net cash (below zero: a loan), and what short sales brought in."""

    rows: dict[str, Row]
    cash: float
    short_balance: float

    def take(self, trade: Trade) -> None:
        """Apply one trade to its row and to the cash or the short balance; closing what is not held does nothing."""
        row = self.rows.get(trade.symbol) or Row(trade.symbol, 0.0, 0.0, 0.0, 0.0)
        if row.quantity == 0 and trade.effect == "CLOSING":
            return
        self.rows[trade.symbol] = row
        row.take(trade)
        if trade.is_short_stock:
            self.short_balance = round(self.short_balance - trade.cost, 2)
        else:
            self.cash = round(self.cash - trade.cost, 2)

    def open_rows(self) -> list[Row]:
        """The rows that still hold something."""
        return [row for row in self.rows.values() if row.quantity]

    def start_day(self) -> "Book":
        """The same book as the next day begins: quantities become the prior close's, costs start at nothing."""
        rows = {
            row.symbol: Row(
                row.symbol,
                row.quantity,
                row.quantity,
                row.average,
                row.trade_average,
                0.0,
                row.naked,
                row.spread,
            )
            for row in self.open_rows()
        }
        return Book(rows, self.cash, self.short_balance)


def book_from(holdings: Iterable[Holding], cash: float) -> Book:
    """The book that a day starts with; short stock has brought in its own proceeds."""
    rows = {
        held.symbol: Row(
            held.symbol,
            held.quantity,
            held.quantity,
            held.average,
            held.trade_average,
            0.0,
            held.naked,
            held.spread,
        )
        for held in holdings
    }
    shorted = [held for held in holdings if held.quantity < 0 and len(held.symbol) < 21]
    proceeds = sum((-held.quantity * held.trade_average for held in shorted), 0.0)
    return Book(rows, cash, round(proceeds, 2))
