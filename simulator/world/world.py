"""The whole seeded world: accounts, their books and orders at any instant, and what was changed by hand."""

from datetime import date, timedelta

from simulator.wire.times import eastern_date, eastern_epoch
from simulator.world.accounts import Account, accounts_of
from simulator.world.balances import Values
from simulator.world.book import Book, Row, book_from
from simulator.world.edits import Edits
from simulator.world.market import Board, Market
from simulator.world.options import parse_contract
from simulator.world.orders import Fill, Leg, Order, Trade, day_of_order, flat, trades_of
from simulator.world.script import SCRIPTS

_DAYS_KEPT = 2000


class World:
    """Everything behind the wire for one seed."""

    def __init__(self, seed: str, quiet_when_closed: bool = False) -> None:
        self.market = Market(seed, quiet_when_closed)
        self.accounts = accounts_of(seed)
        self.edits = Edits()
        self._scripts: dict[tuple[int, date], list[Order]] = {}
        self._starts: dict[tuple[int, date], Book] = {}
        self.openings: dict[tuple[int, date], Values] = {}

    def board(self, now: float) -> Board:
        """The prices of one instant."""
        return self.market.at(now)

    def by_index(self, index: int) -> Account | None:
        """The account with a 1-based index over both logins."""
        return next((account for account in self.accounts if account.index == index), None)

    def of_login(self, login: str) -> list[Account]:
        """A login's accounts, the vanished ones left out."""
        return [
            account
            for account in self.accounts
            if account.profile.login == login and account.index not in self.edits.omitted
        ]

    def book(self, account: Account, board: Board) -> Book:
        """The account's book at the board's instant."""
        book = self.start_of_day(account, board.day).start_day()
        midnight = eastern_epoch(board.day)
        for trade in self._trades(account, (board.day - timedelta(days=1), board.day)):
            if midnight <= trade.at <= board.now:
                book.take(trade)
        return book

    def start_of_day(self, account: Account, day: date) -> Book:
        """The book at an Eastern midnight; shared between callers, to be copied with `start_day`."""
        found = self._starts.get((account.index, day))
        if found is None:
            if len(self._starts) > _DAYS_KEPT:
                self._forget_starts()
            found = self._starts[account.index, day] = self._start(account, day)
        return found

    def _start(self, account: Account, day: date) -> Book:
        book = book_from(account.profile.holdings(self.market, day), account.profile.net_cash)
        gone: set[str] = set()
        midnight, day_before = eastern_epoch(day), eastern_epoch(day - timedelta(days=1))
        for trade in self.edits.trades(account.index):
            if trade.at < midnight:
                book.take(trade)
                if trade.effect == "CLOSING" and trade.at >= day_before:
                    gone.add(trade.symbol)
        for row in self._carried(account, day):
            if row.symbol not in gone:
                book.rows.setdefault(row.symbol, row)
        for symbol in [symbol for symbol in book.rows if _is_expired(symbol, day)]:
            del book.rows[symbol]
        return book.start_day()

    def _carried(self, account: Account, day: date) -> list[Row]:
        plan = SCRIPTS.get(account.profile.key)
        held = plan[1](self.market, day - timedelta(days=1)) if plan is not None else []
        return list(book_from(held, 0.0).rows.values())

    def orders_entered_on(self, account: Account, day: date) -> list[Order]:
        """The account's orders entered on an Eastern date, whether that has begun or not."""
        key = (account.index, day)
        found = self._scripts.get(key)
        if found is None:
            if len(self._scripts) > _DAYS_KEPT:
                self._scripts.clear()
            plan = SCRIPTS.get(account.profile.key)
            found = self._scripts[key] = plan[0](self.market, day, account.index) if plan is not None else []
        return [*found, *self.edits.entered_on(account.index, day)]

    def orders_between(self, account: Account, start: float, end: float) -> list[Order]:
        """Orders entered within the two instants, newest first."""
        day, last = eastern_date(start), eastern_date(end)
        found: list[Order] = []
        while day <= last:
            found += [
                order for order in self.orders_entered_on(account, day) if start <= order.entered <= end
            ]
            day += timedelta(days=1)
        return sorted(found, key=lambda order: (order.entered, order.order_id), reverse=True)

    def order(self, account: Account, identifier: int, now: float) -> Order | None:
        """One order by id, nested ones too; None when it is unknown or not entered yet."""
        day = day_of_order(identifier)
        if day is None or day > eastern_date(now):
            return None
        for order in self.orders_entered_on(account, day):
            for single in flat(order):
                if single.order_id == identifier and single.entered <= now:
                    return single
        return None

    def trade_by_hand(
        self, account: Account, symbol: str, quantity: float, now: float, opening: bool
    ) -> Order:
        """Fill a market order at the mark; `quantity` is signed."""
        price = self.market.mark_at(symbol, now)
        leg = Leg(
            symbol,
            instruction_for(symbol, quantity, opening),
            "OPENING" if opening else "CLOSING",
            abs(quantity),
        )
        fills = (Fill(now, abs(quantity), (price,)),)
        identifier = self.edits.next_id(eastern_date(now))
        return self.enter(account, Order(identifier, now, legs=(leg,), quantity=abs(quantity), fills=fills))

    def enter(self, account: Account, order: Order) -> Order:
        """Add an order that is in no plan; what was worked out of later days is forgotten."""
        self.edits.add(account.index, order)
        self.forget_after(eastern_date(order.entered))
        return order

    def exchange(self, index: int, old: Order, **changes: object) -> Order:
        """Change such an order."""
        self.forget_after(eastern_date(old.entered))
        return self.edits.exchange(index, old, **changes)

    def forget_after(self, day: date) -> None:
        """Forget the starts of days after one, which follow from what happened on it."""
        self._starts = {key: book for key, book in self._starts.items() if key[1] <= day}
        self.openings = {key: values for key, values in self.openings.items() if key[1] <= day}

    def halt(self, symbol: str, at: float | None) -> None:
        """Stop the trading of a symbol at an instant, or let it go on with None."""
        self.market.halt(symbol, at)
        self.openings.clear()

    def _forget_starts(self) -> None:
        self._starts.clear()
        self.openings.clear()

    def _trades(self, account: Account, days: tuple[date, ...]) -> list[Trade]:
        orders = [order for day in days for order in self.orders_entered_on(account, day)]
        return sorted((trade for order in orders for trade in trades_of(order)), key=lambda trade: trade.at)


def _is_expired(symbol: str, day: date) -> bool:
    contract = parse_contract(symbol)
    return contract is not None and contract.expiry < day


def instruction_for(symbol: str, quantity: float, opening: bool) -> str:
    """The instruction of a signed quantity."""
    if len(symbol) == 21:
        side = "BUY" if quantity > 0 else "SELL"
        return f"{side}_TO_{'OPEN' if opening else 'CLOSE'}"
    if quantity > 0:
        return "BUY" if opening else "BUY_TO_COVER"
    return "SELL_SHORT" if opening else "SELL"
