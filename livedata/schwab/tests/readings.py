"""Short ways to read invented answers and to compare what became of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from actandpos.types import PositionRow
from livedata.schwab.normalizers import AccountReading, read_account
from livedata.schwab.tests import payloads

SENT = datetime(2026, 5, 14, 14, 0, tzinfo=UTC)
FRESH = SENT + timedelta(seconds=45)


def reading(account: Any) -> AccountReading:
    """Read one account that must be readable."""
    read = read_account(payloads.encode(account), SENT, FRESH)
    assert isinstance(read, AccountReading), read
    return read


def rows_of(account: Any) -> dict[str, PositionRow]:
    """Return the rows of an account whose every row must be readable."""
    snapshot = reading(account).snapshot
    assert snapshot.rejected == []
    return {row.symbol: row for row in snapshot.positions}


def only(row: Any) -> PositionRow:
    """Return what one raw row becomes."""
    (read,) = rows_of(payloads.margin_account([row])).values()
    return read


def figures(row: object, names: str) -> list[Decimal | None]:
    """Return the named figures of a row."""
    return [getattr(row, name) for name in names.split()]


def numbers(text: str) -> list[Decimal | None]:
    """Return the numbers of a text, `-` standing for none."""
    return [None if word == "-" else Decimal(word) for word in text.split()]
