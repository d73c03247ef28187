"""The names of channels: which exist, and of which account or symbol they tell."""

import re

from msgspec import Struct

from livedata import bus

ACCOUNT_KINDS = ("balances", "positions", "orders")
LARGEST_ID = 2**63 - 1
_NAME = re.compile(r"live_data:(balances|positions|orders):([1-9][0-9]{0,18})")
_QUOTES = re.compile(r"live_data:(quotes):([A-Z0-9$./^_ -]{1,32})")
_PATTERNS = {"balances": bus.BALANCES, "positions": bus.POSITIONS, "orders": bus.ORDERS}


class Channel(Struct, frozen=True):
    """One channel: `account_id` for those of an account, `symbol` for quotes."""

    name: str
    kind: str
    account_id: int | None = None
    symbol: str | None = None


def channel_of(name: str) -> Channel | None:
    """Return the channel of this name; None when there can be no such channel."""
    if found := _NAME.fullmatch(name):
        account_id = int(found[2])
        return Channel(name, found[1], account_id=account_id) if account_id <= LARGEST_ID else None
    if found := _QUOTES.fullmatch(name):
        return Channel(name, found[1], symbol=found[2])
    return None


def of_account(account_id: int) -> list[str]:
    """Return the names of an account's channels."""
    return [_PATTERNS[kind].format(account_id) for kind in ACCOUNT_KINDS]
