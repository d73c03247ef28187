"""Renders an account's positions once per version and Eastern date; puts answers together from such parts."""

import hashlib
from collections.abc import Sequence
from datetime import date

import msgspec

from actandpos import cache
from actandpos.models import Account
from actandpos.plain import instant
from actandpos.selectors import closed_rows, position_rows
from actandpos.wire import closed_dict, position_dict

FORMAT = 2
"""Goes up when the bytes of a row change without a change of the book."""

_encoder = msgspec.json.Encoder()


def _stamp(account: Account, today: date) -> str:
    """Return what the bytes depend on; the time tells versions of a restored database apart."""
    changed = 0 if account.as_of is None else round(account.as_of.timestamp() * 1_000_000)
    return f"{account.version}:{today.isoformat()}:{FORMAT}-{changed}"


def cache_key(account: Account, today: date) -> str:
    """Return where an account's rendered rows are kept."""
    return f"thor:positions:{account.pk}:{_stamp(account, today)}"


def etag(accounts: Sequence[Account], today: date, scope: str) -> str:
    """Return the strong entity tag of the answer for these accounts; `scope` tells one account from all."""
    text = "|".join([scope, *(f"{account.pk}:{_stamp(account, today)}" for account in accounts)])
    return f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


def position_parts(accounts: Sequence[Account], today: date) -> list[bytes]:
    """Return each account's rows as JSON objects joined by commas.

    An account that a writer moves on meanwhile is read again, and the object passed in is brought up to
    date: its version and its rows always belong together.
    """
    return [_part(account, today) for account in accounts]


def _part(account: Account, today: date) -> bytes:
    def render() -> bytes:
        return b",".join([_encoder.encode(position_dict(row)) for row in position_rows([account], today)])

    def refresh() -> None:
        account.refresh_from_db(fields=["version", "as_of", "net_liq", "traded_on"])

    return cache.once(lambda: cache_key(account, today), refresh, render)


def positions_body(
    account_id: int | None, accounts: Sequence[Account], parts: Sequence[bytes], today: date
) -> bytes:
    """Return the answer with the rows of the accounts, from their rendered parts."""
    changed = [account.as_of for account in accounts if account.as_of is not None]
    head = {
        "account_id": account_id,
        "version": sum(account.version for account in accounts),
        "as_of": instant(max(changed, default=None)),
    }
    closed = _encoder.encode([closed_dict(row) for row in closed_rows(accounts, today)])
    whole = [
        _encoder.encode(head)[:-1],
        b',"positions":',
        rows_array(parts),
        b',"closed_today":',
        closed,
        b"}",
    ]
    return b"".join(whole)


def rows_array(parts: Sequence[bytes]) -> bytes:
    """Return the rows of several accounts as one JSON array."""
    return b"[" + b",".join([part for part in parts if part]) + b"]"
