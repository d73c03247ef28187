"""Transactions that the Schwab inside the test lists, and reading them through."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from actandpos.models import Account
from livedata.schwab.models import HistoryProgress
from livedata.schwab.tests.fake_schwab import FIVE, FakeSchwab, transactions_of
from livedata.schwab.tests.payload_transactions import security, trade
from livedata.schwab.transactionsync import read_window

NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""Friday, noon in New York."""
PATH = transactions_of(FIVE[0])


def at(day: str) -> str:
    """Return ten in the morning of a day, as Schwab writes it."""
    return f"{day}T15:00:00+0000"


def buy(activity_id: int, day: str, units: float = 1.0, symbol: str = "AAPL", **more: Any) -> dict[str, Any]:
    """Return a buy at 100 with a dollar of fees."""
    return trade(activity_id, security(symbol, units, -100.0 * units, 100.0), 1.0, time=at(day), **more)


def sell(activity_id: int, day: str, units: float = 1.0, symbol: str = "AAPL") -> dict[str, Any]:
    """Return a sale at 120 without fees."""
    return trade(activity_id, security(symbol, -units, 120.0 * units, 120.0, effect="CLOSING"), time=at(day))


def windows(schwab: FakeSchwab) -> list[tuple[str, str]]:
    """Return from which day to which was asked, each time."""
    queries = [
        parse_qs(urlsplit(str(each.url)).query) for each in schwab.seen if "/transactions" in str(each.url)
    ]
    return [(each["startDate"][0][:10], each["endDate"][0][:10]) for each in queries]


def read_all(account: Account) -> int:
    """Read until there is no more; return how many windows that took."""
    for count in range(1, 40):
        if read_window(account.pk, "schedule") != "more":
            return count
    raise AssertionError("it never ends")


def progress(account: Account) -> HistoryProgress:
    """Return how the reading stands."""
    return HistoryProgress.objects.get(account=account, kind="transactions")


def version_of(account: Account) -> int:
    """Return the version of an account's transactions."""
    account.refresh_from_db()
    return account.transactions_version
