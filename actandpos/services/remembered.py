"""What the book holds of an account, as far as the next answer is compared with it; kept in the process that wrote it.

A process that applies one answer after the other need not read back what it wrote: the account's row, read under
its lock, tells whether anybody else has written since.
"""

import threading
from collections import OrderedDict
from datetime import datetime
from typing import Any

from django.db import transaction
from msgspec import Struct

from actandpos.models import Account
from actandpos.services.columns import POSITIONS
from actandpos.services.reconcile import Key
from actandpos.services.upsert import read
from actandpos.types import Balances

STATE = ("version", "as_of", "observed_at", "suspect_digest", "traded_on", "created_at")
"""Columns of the account that are read each time: whoever writes positions or shown figures moves `version`."""
AMOUNTS = tuple(name for name in Balances.__struct_fields__ if name != "missing")
SHOWN = (
    *("account_type", *AMOUNTS, "pl_open", "pl_day", "pl_day_percent", "missing", "restrictions"),
    "pl_day_since",
)
ROWS_KEPT = 50_000
"""Of all accounts together: a row takes about 300 bytes."""
Stamp = tuple[datetime, int, datetime | None]


class Book(Struct, frozen=True):
    """One account at one version."""

    rows: dict[Key, tuple[int, str]]
    """Id and digest of every position."""
    shown: dict[str, Any]
    """The account's shown columns."""
    has_rejected: bool
    """Whether there are unreadable rows, or may be."""


_books: OrderedDict[int, tuple[Stamp, Book]] = OrderedDict()
_guard = threading.Lock()


def stamp_of(account: Account) -> Stamp:
    """Return what tells one state of the account from any other, also of a restored database's."""
    return account.created_at, account.version, account.as_of


def lock(account_id: int) -> Account:
    """Return the account, kept from other writers until the commit; only what is needed of it, if that is known."""
    rows = Account.objects.select_for_update(no_key=True)
    return (rows.only(*STATE) if account_id in _books else rows).get(pk=account_id)


def recall(account: Account) -> Book:
    """Return what the book holds of an account that is locked: from memory, or read."""
    stamp, book = _books.get(account.pk, (None, None))
    if book is not None and stamp == stamp_of(account):
        return book
    if account.get_deferred_fields():
        account.refresh_from_db(fields=SHOWN)
    shown = {name: getattr(account, name) for name in SHOWN}
    return Book(stored_rows(account.pk), shown, has_rejected=True)


def stored_rows(account_id: int) -> dict[Key, tuple[int, str]]:
    """Return id and digest of every stored row."""
    rows = read(POSITIONS, account_id, "symbol", "asset_type", "id", "digest")
    return {(symbol, asset_type): (id, digest) for symbol, asset_type, id, digest in rows}


def remember(account_id: int, stamp: Stamp, book: Book) -> None:
    """Keep what was written, once it is committed."""
    transaction.on_commit(lambda: _keep(account_id, stamp, book))


def forget(account_id: int) -> None:
    """Keep nothing of an account: its next answer is compared with rows that are read."""
    with _guard:
        _books.pop(account_id, None)


def _keep(account_id: int, stamp: Stamp, book: Book) -> None:
    """Keep a book, dropping those of accounts that had no answer for longest."""
    with _guard:
        _books.pop(account_id, None)
        _books[account_id] = (stamp, book)
        while sum(len(kept.rows) for _, kept in _books.values()) > ROWS_KEPT:
            _books.popitem(last=False)
