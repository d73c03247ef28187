"""ACCT_ACTIVITY of one connection: the messages of every linked account, numbered, from the subscription on."""

from collections.abc import Iterable

import msgspec

from simulator.streamer.events import Event, envelope, events_of, last_instant
from simulator.world.accounts import Account
from simulator.world.instruments import Json
from simulator.world.orders import Order, flat
from simulator.world.world import World

_FIELDS = ("1", "2", "3")
_LONGEST_LOOK = 86400.0


class Activity:
    """One subscription; `seq` begins anew with each."""

    def __init__(self, key: str, fields: str, since: float) -> None:
        self._key = key
        self._fields = [name for name in _FIELDS if name in fields.split(",")]
        self._since = since
        self._seq = 0

    def opening(self) -> Json:
        """The first message."""
        return self._message("", "SUBSCRIBED", "")

    def news(self, world: World, accounts: Iterable[Account], now: float) -> list[Json]:
        """What happened since the last time, at most a day; a clock set back tells nothing twice."""
        since, self._since = max(min(self._since, now), now - _LONGEST_LOOK), now
        if since == now:
            return []
        found: list[tuple[Event, Order, Account]] = []
        for account in accounts:
            for order in _near(world, account, since, now):
                events = events_of(order, world.market)
                found += [(event, order, account) for event in events if since <= event.at < now]
        found.sort(key=lambda item: item[0].at)
        return [self._told(*item) for item in found]

    def _told(self, event: Event, order: Order, account: Account) -> Json:
        body = msgspec.json.encode(envelope(order, event, account.number)).decode()
        return self._message(account.number, event.type, body)

    def _message(self, number: str, kind: str, body: str) -> Json:
        self._seq += 1
        content = dict(zip(_FIELDS, (number, kind, body), strict=True))
        return {"seq": self._seq, "key": self._key, **{name: content[name] for name in self._fields}}


def _near(world: World, account: Account, since: float, now: float) -> Iterable[Order]:
    """The orders, nested ones too, of which something may have happened between two instants."""
    world.settle(account, now)
    for order in world.orders_living(account, since, now):
        for single in flat(order):
            if single.entered < now and last_instant(single) >= since:
                yield single
