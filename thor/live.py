"""What the live socket must know of the book: who may see an account, what it holds, how it stands."""

from collections.abc import Collection
from copy import copy

import msgspec
import redis
from django.utils import timezone

from actandpos import rendering, selectors
from actandpos.eastern import eastern_day
from actandpos.models import Account
from actandpos.plain import instant
from actandpos.selectors.accounts import is_stale
from actandpos.wire import closed_dict, summary_dict
from livedata.freshness import allowance_at
from livedata.live.channels import Channel
from livedata.live.gate import AccountState, Gate, Snapshot
from livedata.quotes import read_quotes

_encoder = msgspec.json.Encoder()


def visible(user_id: int, channels: Collection[Channel]) -> set[Channel]:
    """Return the channels that a user may see: those of the user's own accounts, and every quote."""
    asked = {each.account_id for each in channels if each.account_id is not None}
    own = set(Account.objects.filter(owner_id=user_id, pk__in=asked).values_list("pk", flat=True))
    return {each for each in channels if each.symbol is not None or each.account_id in own}


def snapshots(channels: Collection[Channel]) -> dict[str, Snapshot]:
    """Return the book of each account's channel as its first message, by the channel's name.

    `balances` holds the summary, `positions` all rows; `orders` only its version: the rows are the API's. A quote
    that is kept is its channel's first message.
    """
    accounts = Account.objects.in_bulk({each.account_id for each in channels if each.account_id is not None})
    found = _quotes([each for each in channels if each.symbol is not None])
    for channel in channels:
        account = accounts.get(channel.account_id or 0)
        if account is not None:
            # A copy each: reading the rows may move the account's version on, but not the figures read before.
            found[channel.name] = BODIES[channel.kind](copy(account))
    return found


def _balances(account: Account) -> Snapshot:
    """Return an account's summary."""
    summary = summary_dict(selectors.summary(account, timezone.now()))
    return _snapshot("balances", account, account.version, balances=summary)


def _positions(account: Account) -> Snapshot:
    """Return an account's rows, from the bytes that the API keeps too; brings the account's version up to date."""
    today = eastern_day(timezone.now())
    parts = rendering.position_parts([account], today)
    closed = [closed_dict(row) for row in selectors.closed_rows([account], today)]
    rows = msgspec.Raw(rendering.rows_array(parts))
    return _snapshot("positions", account, account.version, rows=rows, closed_today=closed)


def _orders(account: Account) -> Snapshot:
    """Return where an account's orders stand."""
    return _snapshot("orders", account, account.orders_version, changed=[])


def _quotes(channels: Collection[Channel]) -> dict[str, Snapshot]:
    """Return the kept quotes; none when Redis is down: they come when it is back."""
    if not channels:
        return {}
    names, now = {each.symbol or "": each.name for each in channels}, timezone.now()
    try:
        kept = read_quotes(list(names), allowance_at(now), now)
    except redis.RedisError:
        return {}
    return {
        names[quote["symbol"]]: Snapshot(0, _encoder.encode({**quote, "snapshot": True}).decode())
        for quote in kept.quotes
    }


BODIES = {"balances": _balances, "positions": _positions, "orders": _orders}


def _snapshot(kind: str, account: Account, version: int, **body: object) -> Snapshot:
    """Put a first message together."""
    head = {"type": kind, "snapshot": True, "account_id": account.pk, "version": version}
    message = head | {"as_of": instant(account.as_of)} | body
    return Snapshot(version, _encoder.encode(message).decode())


def states(account_ids: Collection[int]) -> dict[int, AccountState]:
    """Return how accounts stand, in one query."""
    now = timezone.now()
    columns = ("owner_id", "version", "orders_version", "checked_at", "link_state", "fresh_until")
    return {
        account.pk: AccountState(
            owner_id=account.owner_id,
            version=account.version,
            orders_version=account.orders_version,
            checked_at=instant(account.checked_at),
            link_state=account.link_state,
            is_stale=is_stale(account, now),
        )
        for account in Account.objects.filter(pk__in=account_ids).only(*columns)
    }


GATE = Gate(visible=visible, snapshots=snapshots, states=states)
