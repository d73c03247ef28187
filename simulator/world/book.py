"""One account's book at one instant: its cash, and what it holds in lots, of which the oldest leave first."""

from dataclasses import dataclass, field

from simulator.world.entries import Entry
from simulator.world.market import multiplier

_EXACT = 6
Lot = tuple[float, float, float]


@dataclass(slots=True)
class Row:
    """A holding during the day; `start` is the quantity at the prior close, `day_cost` the net cash paid today.

    A lot is (units, price, price with the fees in it); averages are those of the lots.
    """

    symbol: str
    start: float = 0.0
    quantity: float = 0.0
    average: float = 0.0
    trade_average: float = 0.0
    day_cost: float = 0.0
    naked: bool = False
    spread: float = 0.0
    lots: list[Lot] = field(default_factory=list)

    def copy(self) -> "Row":
        """The same row, to be changed apart from this one."""
        return Row(
            self.symbol,
            self.start,
            self.quantity,
            self.average,
            self.trade_average,
            self.day_cost,
            self.naked,
            self.spread,
            list(self.lots),
        )

    def take(self, entry: Entry) -> None:
        """Apply a trade or a transfer: what closes takes the oldest lots, what is left over opens a new one."""
        left = abs(entry.quantity)
        if self.quantity * entry.quantity < 0:
            left = self._close(left)
        if left:
            self._open(left, entry)
        self.quantity = round(self.quantity + entry.quantity, _EXACT)
        if entry.type == "TRADE":
            self.day_cost = round(self.day_cost - entry.net, 2)
        self._average()

    def _close(self, left: float) -> float:
        while left and self.lots:
            units, price, net = self.lots[0]
            if units > left:
                self.lots[0] = (round(units - left, _EXACT), price, net)
                return 0.0
            del self.lots[0]
            left = round(left - units, _EXACT)
        return left

    def _open(self, units: float, entry: Entry) -> None:
        size = entry.quantity * multiplier(self.symbol)
        price, net = (-entry.gross / size, -entry.net / size) if entry.type == "TRADE" else (entry.price,) * 2
        self.lots.append((units, price, net))
        self.naked, self.spread = entry.naked, entry.spread

    def _average(self) -> None:
        units = sum(lot[0] for lot in self.lots)
        if units:
            self.trade_average = round(sum(lot[0] * lot[1] for lot in self.lots) / units, 10)
            self.average = round(sum(lot[0] * lot[2] for lot in self.lots) / units, 10)


@dataclass(slots=True)
class Book:
    """Rows by symbol, net cash (below zero: a loan), what short sales brought in. Rows are shared until they change.

    `expiring` has the YYMMDD of every option that was ever held.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    cash: float = 0.0
    short_balance: float = 0.0
    expiring: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)

    def take(self, entry: Entry) -> None:
        """Apply one entry to its row and to the cash, or the short balance."""
        if entry.symbol is not None:
            self._own(entry.symbol).take(entry)
        if entry.sub_account == "SHORT":
            self.short_balance = round(self.short_balance + entry.net, 2)
        else:
            self.cash = round(self.cash + entry.net, 2)

    def _own(self, symbol: str) -> Row:
        row = self.rows.get(symbol)
        if row is None or symbol not in self.touched:
            row = self.rows[symbol] = Row(symbol) if row is None else row.copy()
            self.touched.add(symbol)
            if len(symbol) == 21:
                self.expiring.add(symbol[6:12])
        return row

    def quantity(self, symbol: str) -> float:
        """What is held of a symbol, signed."""
        row = self.rows.get(symbol)
        return row.quantity if row is not None else 0.0

    def open_rows(self) -> list[Row]:
        """The rows that still hold something."""
        return [row for row in self.rows.values() if row.quantity]

    def copy(self) -> "Book":
        """The same book, to be changed apart from this one."""
        return Book(dict(self.rows), self.cash, self.short_balance, set(self.expiring))

    def start_day(self) -> "Book":
        """The same book as the next day begins: quantities become the prior close's, costs start at nothing."""
        rows = dict(self.rows)
        for symbol in self.touched:
            row = rows[symbol]
            if row.quantity:
                rows[symbol] = fresh = row.copy()
                fresh.start, fresh.day_cost = row.quantity, 0.0
            else:
                del rows[symbol]
        return Book(rows, self.cash, self.short_balance, self.expiring)
