"""Renders the trading day's activity: the order lists once per version and day, what surrounds them anew each time."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from actandpos import cache, rendering, selectors
from actandpos.eastern import eastern_day
from actandpos.models import Account
from actandpos.plain import instant
from actandpos.selectors.accounts import oldest
from actandpos.wire import order_dict

FORMAT = 1
"""Goes up when the bytes of an order change without a change of the book."""
LISTS = ("working_orders", "filled_orders", "canceled_orders")
MOVING = ("orders_version", "orders_changed_at", "transactions_version", "transactions_changed_at")
"""What the lists depend on; fees come from the transactions."""

_encoder = msgspec.json.Encoder()


def etag(account_id: int | None, accounts: Sequence[Account], now: datetime) -> str:
    """Return the strong entity tag of the answer; when the orders were checked is part of it, so it counts too."""
    day = eastern_day(now)
    around = [_head(account_id, accounts, day), _tail(accounts, now)]
    rows = rendering.etag(accounts, day, "one" if account_id is not None else "all")
    text = b"|".join([*around, rows.encode(), _stamp(accounts, day).encode()])
    return f'"{hashlib.blake2b(text, digest_size=12).hexdigest()}"'


def activity_body(account_id: int | None, accounts: Sequence[Account], now: datetime) -> bytes:
    """Return the answer; the accounts passed in are brought up to date with what it shows."""
    day = eastern_day(now)
    lists = order_lists(accounts, now)
    rows = rendering.rows_array(rendering.position_parts(accounts, day))
    head, tail = _head(account_id, accounts, day), _tail(accounts, now)
    return b"".join([head[:-1], b",", lists, b',"positions":', rows, b",", tail[1:]])


def _head(account_id: int | None, accounts: Sequence[Account], day: date) -> bytes:
    checked = oldest([account.orders_checked_at for account in accounts])
    return _encoder.encode(
        {"account_id": account_id, "trading_day": day, "orders_checked_at": instant(checked)}
    )


def _tail(accounts: Sequence[Account], now: datetime) -> bytes:
    known = [{"account_id": each.pk, "orders_from": instant(each.orders_from)} for each in accounts]
    return _encoder.encode({"account_status": selectors.account_status(accounts, now), "history": known})


def order_lists(accounts: Sequence[Account], now: datetime) -> bytes:
    """Return the three lists as members of a JSON object, without its braces.

    When a writer moves an account on meanwhile they are read again: the versions and the lists belong together.
    """
    day = eastern_day(now)
    return cache.once(
        lambda: _key(accounts, day), lambda: _bring_up_to_date(accounts), lambda: _rendered(accounts, now)
    )


def _rendered(accounts: Sequence[Account], now: datetime) -> bytes:
    today = selectors.orders_today(accounts, now)
    lists = zip(LISTS, (today.working, today.filled, today.canceled), strict=True)
    return _encoder.encode({name: [order_dict(row) for row in rows] for name, rows in lists})[1:-1]


def _bring_up_to_date(accounts: Sequence[Account]) -> None:
    """Give the accounts the versions that the book has now."""
    stored = Account.objects.filter(pk__in=[account.pk for account in accounts]).values("pk", *MOVING)
    now = {row["pk"]: row for row in stored}
    for account in accounts:
        for name in MOVING:
            setattr(account, name, now.get(account.pk, {}).get(name, getattr(account, name)))


def _stamp(accounts: Sequence[Account], day: date) -> str:
    """Return what the lists' bytes depend on."""
    parts = [":".join(str(getattr(account, name)) for name in ("pk", *MOVING)) for account in accounts]
    return "|".join([day.isoformat(), str(FORMAT), *parts])


def _key(accounts: Sequence[Account], day: date) -> str:
    """Return where the lists are kept."""
    stamp = _stamp(accounts, day).encode()
    return f"thor:activity:{hashlib.blake2b(stamp, digest_size=16).hexdigest()}"
