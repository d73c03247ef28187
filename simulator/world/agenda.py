"""All that one account means to do: its opening, the daily script, the months' campaigns, the exchanges of options."""

from collections import defaultdict
from datetime import date, timedelta

from simulator.wire.times import eastern_date, eastern_epoch, eastern_midnight
from simulator.world.accounts import Account
from simulator.world.campaigns import campaigns
from simulator.world.deals import Deals, open_day
from simulator.world.entries import Done, Entry, cash
from simulator.world.market import Market
from simulator.world.openings import DEPOSIT_DAYS, Opening, once, opening, spent
from simulator.world.orders import Order, flat
from simulator.world.rolls import rolls
from simulator.world.script import IDLE, SCRIPTS

_SETTLING_IN = timedelta(days=15)


class Agenda:
    """Orders by their date of entry and executions by their date; a function of the seed and of the first day alone."""

    def __init__(self, market: Market, account: Account, begins: date) -> None:
        self.market, self.account = market, account
        self.begins = open_day(begins)
        self.born = self.begins - timedelta(days=DEPOSIT_DAYS + 10)
        self._entered: dict[date, list[Order]] = {}
        self._idle: dict[date, list[Order]] = {}
        self._done: dict[date, list[Done]] = {}
        self._months: dict[date, dict[date, list[Order]]] = {}
        self._opening: dict[date, list[Order]] | None = None
        self._once: dict[date, list[Entry]] = defaultdict(list)

    def entered_on(self, day: date) -> list[Order]:
        """The orders entered on a date that are filled at some time."""
        found = self._entered.get(day)
        if found is None:
            found = self._entered[day] = self._make(day) if day >= self.born else []
        return found

    def idle_on(self, day: date) -> list[Order]:
        """The orders entered on a date that never are filled."""
        found = self._idle.get(day)
        if found is None:
            make = IDLE.get(self.account.profile.key) if day >= self.begins else None
            found = self._idle[day] = make(self.market, day, self.account.index) if make is not None else []
        return found

    def done_on(self, day: date) -> list[Done]:
        """The executions of a date in the order of their times; orders entered the day before may have some."""
        found = self._done.get(day)
        if found is None:
            orders = [*self.entered_on(day - timedelta(days=1)), *self.entered_on(day)]
            found = self._done[day] = executions(orders, day)
        return found

    def once_on(self, day: date) -> list[Entry]:
        """What comes on a date without orders, once."""
        self._begin()
        return self._once.get(day, [])

    def meant(self, day: date) -> float:
        """The cash that the account means to have on a date: what it keeps, and what its opening has yet to spend."""
        to_come = (order for entered, made in self._begin().items() if entered >= day for order in made)
        return self.account.profile.net_cash - spent(to_come, self.account.is_margin)

    def _make(self, day: date) -> list[Order]:
        found = list(self._begin().get(day, []))
        if day < self.begins:
            return found
        key, index = self.account.profile.key, self.account.index
        if key in SCRIPTS:
            found += SCRIPTS[key](self.market, day, index, day == self.begins)
        found += self._campaign(day.replace(day=1)).get(day, [])
        return found + rolls(Deals(self.market, index, 800), key, day, day == self.begins)

    def _campaign(self, month: date) -> dict[date, list[Order]]:
        found = self._months.get(month)
        if found is None:
            orders: list[Order] = []
            if month >= self.begins + _SETTLING_IN:
                deals = Deals(self.market, self.account.index, 500)
                orders = campaigns(deals, self.account.profile.key, month)
            found = self._months[month] = _by_day(orders)
        return found

    def _begin(self) -> dict[date, list[Order]]:
        if self._opening is None:
            profile, index = self.account.profile, self.account.index
            made = opening(self.market, profile, index, self.begins)
            self._opening = _by_day(made.orders)
            for entry in (*made.entries, *self._deposit(made), *once(profile, self.begins)):
                self._once[eastern_date(entry.at)].append(entry)
        return self._opening

    def _deposit(self, made: Opening) -> list[Entry]:
        """The money that leaves the account, once it holds what it means to hold, with the cash it means to keep."""
        profile, index = self.account.profile, self.account.index
        if not profile.shares:
            return []
        first = rolls(Deals(self.market, index, 800), profile.key, self.begins, True)
        if profile.key in SCRIPTS:
            first += SCRIPTS[profile.key](self.market, self.begins, index, True)
        done = [order for order in first if order.strategy != "OCO"]
        amount = profile.net_cash - made.net(profile.is_margin) - spent(done, profile.is_margin)
        return [cash(eastern_epoch(self.begins), "WIRE_IN", amount, "WIRED FUNDS RECEIVED")]


def _by_day(orders: list[Order]) -> dict[date, list[Order]]:
    found: dict[date, list[Order]] = defaultdict(list)
    for order in orders:
        found[eastern_date(order.entered)].append(order)
    return found


def executions(orders: list[Order], day: date) -> list[Done]:
    """The executions that some orders, nested ones too, have on a date."""
    start, end = eastern_midnight(day), eastern_midnight(day + timedelta(days=1))
    found = [
        Done(fill.at, single, fill)
        for order in orders
        for single in flat(order)
        for fill in single.fills
        if start <= fill.at < end
    ]
    return sorted(found, key=lambda item: item.at)
