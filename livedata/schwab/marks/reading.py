"""Reads the books of some connections' accounts anew when their version moved, and records how far marks were off."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from msgspec import Struct, field

from actandpos import selectors
from actandpos.models import Account
from livedata.schwab.marks.book import Book
from livedata.schwab.models import LinkedAccount
from livedata.schwab.numbers import UnusableNumber, money

ATTEMPTS = 3


class Readings(Struct):
    """What is new: books with a newer version, and which accounts there are by connection."""

    books: list[Book] = field(default_factory=list)
    accounts: dict[int, list[int]] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)


def read_books(connection_ids: Collection[int], known: Mapping[int, int]) -> Readings:
    """Return the books whose version is not the `known` one (by account), and all accounts by connection."""
    links = LinkedAccount.objects.filter(connection_id__in=connection_ids, linked=True)
    links = links.select_related("account").order_by("account_id")
    found = Readings(accounts={each: [] for each in connection_ids})
    for link in links:
        found.accounts[link.connection_id].append(link.account_id)
        found.owners[link.account_id] = link.account.owner_id
        if known.get(link.account_id) != link.account.version:
            book = _read(link.account)
            if book is not None:
                found.books.append(book)
    return found


def _read(account: Account) -> Book | None:
    """Read an account with the rows that belong to its version; None while a writer keeps moving it on."""
    for _ in range(ATTEMPTS):
        rows = selectors.position_figures(account)
        latest = Account.objects.get(pk=account.pk)
        if latest.version == account.version:
            return Book(account, rows)
        account = latest
    return None


class Comparison(Struct, frozen=True):
    """What was shown right before Schwab's new figure came, and that figure."""

    account_id: int
    shown: Decimal
    schwab: Decimal


def compare(before: Book | None, after: Book) -> Comparison | None:
    """Return the comparison if marks had moved the old book and Schwab has answered since."""
    if before is None or not before.seq or after.observed_at == before.observed_at:
        return None
    shown, schwab = before.net_liq, after.figures["net_liq"]
    return None if shown is None or schwab is None else Comparison(after.account_id, shown, schwab)


def record(comparisons: Collection[Comparison], now: datetime) -> None:
    """Write comparisons where the admin shows them."""
    for each in comparisons:
        try:
            values = {
                "marked_net_liq": money(each.shown, "shown net liq"),
                "marks_off_by": money(each.shown - each.schwab, "difference"),
            }
        except UnusableNumber:
            continue
        rows = LinkedAccount.objects.filter(account_id=each.account_id)
        rows.update(marks_compared_at=now, **values)
