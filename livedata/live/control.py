"""Ends subscriptions in every process that holds sockets. Redis carries the word; the heartbeat checks anyway."""

from collections.abc import Collection

import msgspec
from msgspec import Struct

from livedata.bus import live_data_redis
from livedata.live.logins import digest_of


class EndUser(Struct, tag_field="end", tag="user"):
    """All sockets of a user are closed."""

    user_id: int


class EndSession(Struct, tag_field="end", tag="session"):
    """All sockets of one login are closed; `digest` stands for the session's key."""

    digest: str


class EndAccounts(Struct, tag_field="end", tag="accounts"):
    """The subscriptions to these accounts end; the sockets stay. `code` is one of `messages.ENDINGS`."""

    account_ids: list[int]
    code: str = "disconnected"


Order = EndUser | EndSession | EndAccounts
_decoder = msgspec.json.Decoder(Order)


def read_order(data: bytes) -> Order:
    """Read a word from the control channel. Raises `msgspec.MsgspecError`."""
    return _decoder.decode(data)


def end_user(user_id: int) -> bool:
    """Close all sockets of a user, everywhere; False when the bus is down. Call it after the commit."""
    return _publish(EndUser(user_id))


def end_session(session_key: str) -> bool:
    """Close all sockets of one login, everywhere; False when the bus is down."""
    return _publish(EndSession(digest_of(session_key)))


def end_accounts(account_ids: Collection[int]) -> bool:
    """End the subscriptions to accounts, everywhere; False when the bus is down. Call it after the commit."""
    return _publish(EndAccounts(list(account_ids)))


def _publish(order: Order) -> bool:
    return live_data_redis.publish_control(msgspec.to_builtins(order))
