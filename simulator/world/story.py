"""The part of a world that follows from its seed and first day alone; worlds of the same seed share it."""

from datetime import date
from functools import lru_cache

from simulator.world.accounts import accounts_of
from simulator.world.agenda import Agenda
from simulator.world.ledger import Ledger
from simulator.world.market import Market

FIRST_DAY = date(2025, 12, 15)


class Story:
    """Every account's agenda and ledger, at prices that no halt and no quiet night changes."""

    def __init__(self, seed: str, begins: date) -> None:
        self.begins = begins
        self.market = Market(seed)
        self.accounts = accounts_of(seed)
        self.agendas = {account.index: Agenda(self.market, account, begins) for account in self.accounts}
        self.ledgers = {index: Ledger(agenda) for index, agenda in self.agendas.items()}


@lru_cache(maxsize=4)
def story_of(seed: str, begins: date) -> Story:
    """The story of a seed from a first day on; nobody may change it."""
    return Story(seed, begins)


def months_before(day: date, months: int) -> date:
    """The first of the month so many months before a date's."""
    ordinal = day.year * 12 + day.month - 1 - months
    return date(ordinal // 12, ordinal % 12 + 1, 1)
