"""The whole seeded world: accounts, their books and orders at any instant, and what was changed by hand."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import count

from simulator.wire.times import eastern_date
from simulator.world.accounts import Account
from simulator.world.agenda import executions
from simulator.world.balances import Values
from simulator.world.book import Book
from simulator.world.edits import Edits
from simulator.world.entries import Done, Entry
from simulator.world.ledger import Ledger
from simulator.world.market import Board, Market
from simulator.world.orders import Fill, Leg, Order, day_of_order, flat
from simulator.world.planner import Spec, lay_out
from simulator.world.story import FIRST_DAY, story_of

_DAY = timedelta(days=1)
_UNFILLED_LISTED = 60 * 86400.0


class World:
    """Everything behind the wire for one seed; `begins` is the day that its accounts were opened on."""

    def __init__(self, seed: str, quiet_when_closed: bool = False, begins: date = FIRST_DAY) -> None:
        self.market = Market(seed, quiet_when_closed)
        self.story = story_of(seed, begins)
        self.accounts = self.story.accounts
        self.edits = Edits()
        self._ledgers: dict[int, Ledger] = {}
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
        book = self.start_of_day(account, board.day).copy()
        for entry in self.entries(account, board.day, board.now):
            book.take(entry)
        return book

    def start_of_day(self, account: Account, day: date) -> Book:
        """The book at an Eastern midnight; shared between callers, to be copied before it is changed."""
        return self._ledger(account).start(day)

    def entries(self, account: Account, day: date, now: float) -> list[Entry]:
        """What happened in an account on an Eastern date up to an instant, in the order of its times."""
        is_past = now == math.inf or eastern_date(now) > day
        return self._ledger(account).entries(day) if is_past else self._ledger(account).entries(day, now)

    def _ledger(self, account: Account) -> Ledger:
        return self._ledgers.get(account.index) or self.story.ledgers[account.index]

    def orders_entered_on(self, account: Account, day: date, with_idle: bool = True) -> list[Order]:
        """The account's orders entered on an Eastern date; idle are those of the script that never fill."""
        found = self._entered_on(account, day, with_idle)
        # What control took away cannot be sold again: an order of the plan that would is canceled when it tries.
        ledger = self._ledgers.get(account.index)
        return [_voided(order, ledger.voids) for order in found] if ledger is not None else found

    def orders_living(self, account: Account, since: float, now: float) -> Iterator[Order]:
        """The orders of which something may happen between two instants: of the days around them, older GTC ones."""
        first, last = eastern_date(since) - _DAY, eastern_date(now)
        for index, day in list(self.edits.orders):
            if index == account.index and day < first:
                old = self.orders_entered_on(account, day)
                yield from (order for order in old if any(map(_is_lasting, flat(order))))
        while last >= first:
            yield from self.orders_entered_on(account, last)
            last -= _DAY

    def _entered_on(self, account: Account, day: date, with_idle: bool = True) -> list[Order]:
        agenda = self.story.agendas[account.index]
        planned = [*agenda.entered_on(day), *(agenda.idle_on(day) if with_idle else ())]
        own = self.edits.entered_on(account.index, day)
        if not own:
            return planned
        changed = {order.order_id for order in own}
        return [*(order for order in planned if order.order_id not in changed), *own]

    def settle(self, account: Account, now: float) -> None:
        """Work out all that happened up to an instant's date, which may have made orders fail."""
        if account.index in self._ledgers:
            self._ledgers[account.index].happened(eastern_date(now))

    def orders_between(self, account: Account, start: float, end: float, now: float) -> list[Order]:
        """Orders entered within the two instants, newest first; what never filled is listed for 60 days."""
        agenda = self.story.agendas[account.index]
        self.settle(account, now)
        day, last = max(eastern_date(start), agenda.born), eastern_date(end)
        found: list[Order] = []
        listed = eastern_date(now - _UNFILLED_LISTED)
        while day <= last:
            found += [
                order
                for order in self.orders_entered_on(account, day, with_idle=day >= listed)
                if start <= order.entered <= end and _is_listed(order, now)
            ]
            day += _DAY
        return sorted(found, key=lambda order: (order.entered, order.order_id), reverse=True)

    def order(self, account: Account, identifier: int, now: float) -> Order | None:
        """One order by id, nested ones too; None when it is unknown or not entered yet."""
        self.settle(account, now)
        day = day_of_order(identifier)
        if day is None or day > eastern_date(now):
            return None
        for order in self.orders_entered_on(account, day):
            for single in flat(order):
                if single.order_id == identifier and single.entered <= now:
                    return single
        return None

    def outermost(self, account: Account, identifier: int, now: float) -> Order | None:
        """The order that an order is nested under, or itself; as it was made, whatever became of it."""
        day = day_of_order(identifier)
        if day is None or day > eastern_date(now):
            return None
        for order in self._entered_on(account, day):
            if order.entered <= now and any(single.order_id == identifier for single in flat(order)):
                return order
        return None

    def lay_out(self, account: Account, spec: Spec, now: float) -> Order:
        """Enter an order and what is nested under it."""
        ids = count(self.edits.next_id(eastern_date(now)))
        return self.enter(account, lay_out(self.market, spec, now, ids))

    def change(self, account: Account, old: Order, new: Order) -> None:
        """Let another future take the place of an order's, one of the plan's too."""
        self.edits.put(account.index, old, new)
        self.forget_after(account.index, eastern_date(old.entered))

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
        self.forget_after(account.index, eastern_date(order.entered))
        return order

    def take_over(self, edits: Edits) -> None:
        """Go on with what was changed by hand in another world of the same story."""
        self.edits = edits
        for index, day in sorted(edits.orders, reverse=True):
            self.forget_after(index, day)

    def forget_after(self, index: int, day: date) -> None:
        """Work an account's days from one on out anew; they follow from what happened on it."""
        if index not in self._ledgers:
            agenda, base = self.story.agendas[index], self.story.ledgers[index]
            self._ledgers[index] = Ledger(agenda, partial(self._revised, index), base, day)
        self._ledgers[index].cut(day)
        self.openings = {key: values for key, values in self.openings.items() if key[1] <= day}

    def _revised(self, index: int, day: date, planned: list[Done]) -> list[Done]:
        changed = self.edits.changed(index)
        kept = [done for done in planned if done.order.order_id not in changed] if changed else planned
        return [*kept, *executions(self.edits.filled_on(index, day), day)]

    def halt(self, symbol: str, at: float | None) -> None:
        """Stop the trading of a symbol at an instant, or let it go on with None."""
        self.market.halt(symbol, at)
        self.openings.clear()


def _voided(order: Order, voids: dict[int, float]) -> Order:
    children = tuple(_voided(child, voids) for child in order.children)
    at = voids.get(order.order_id)
    if at is None:
        return replace(order, children=children) if order.children else order
    kept = tuple(fill for fill in order.fills if fill.at < at)
    return replace(order, children=children, fills=kept, canceled_at=at)


def _is_lasting(order: Order) -> bool:
    return order.duration == "GOOD_TILL_CANCEL"


def _is_listed(order: Order, now: float) -> bool:
    if order.entered >= now - _UNFILLED_LISTED or order.fills or order.closed_at(now) is None:
        return True
    return any(_is_listed(child, now) for child in order.children)


def instruction_for(symbol: str, quantity: float, opening: bool) -> str:
    """The instruction of a signed quantity."""
    if len(symbol) == 21:
        side = "BUY" if quantity > 0 else "SELL"
        return f"{side}_TO_{'OPEN' if opening else 'CLOSE'}"
    if quantity > 0:
        return "BUY" if opening else "BUY_TO_COVER"
    return "SELL_SHORT" if opening else "SELL"
