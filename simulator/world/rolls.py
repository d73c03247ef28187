"""Options that are held month after month: a week before they expire they are exchanged for later ones."""

from collections.abc import Iterator
from datetime import date, timedelta

from simulator.wire.times import eastern_epoch
from simulator.world.accounts import WIDE_COUNT
from simulator.world.deals import Deals
from simulator.world.holdings import Strategy, closing, strategies, wide_options
from simulator.world.options import expiries_after
from simulator.world.orders import Order

_WEEK = timedelta(days=7)


def is_roll(day: date) -> bool:
    """Whether an expiry comes within a week from this day on, and did not the day before."""
    return expiries_after(day + _WEEK, 1) != expiries_after(day + _WEEK - timedelta(days=1), 1)


def rolls(deals: Deals, key: str, day: date, born: bool) -> list[Order]:
    """An account's exchanges of a day; when the account is born there is nothing to close."""
    if key == "desk" and (born or is_roll(day)):
        return list(_desk(deals, day, born))
    if key == "wide" and not born and is_roll(day):
        return list(_wide(deals, day))
    return []


def _desk(deals: Deals, day: date, born: bool) -> Iterator[Order]:
    at = eastern_epoch(day, 10, 5)
    if not born:
        for place, old in enumerate(strategies(deals.market, day - timedelta(days=1))):
            yield deals.strategy(at + 40 * place, old.closing())
    for place, new in enumerate(strategies(deals.market, day)):
        yield deals.strategy(at + 600 + 40 * place, new)


def _wide(deals: Deals, day: date) -> Iterator[Order]:
    at = eastern_epoch(day, 10, 5)
    before = {leg.symbol: leg for leg in wide_options(deals.market, day - timedelta(days=1), WIDE_COUNT)}
    after = {leg.symbol: leg for leg in wide_options(deals.market, day, WIDE_COUNT)}
    old = [closing(leg) for symbol, leg in before.items() if symbol not in after]
    for leg in [*old, *(leg for symbol, leg in after.items() if symbol not in before)]:
        yield deals.strategy(at, Strategy("NONE", leg.quantity, (leg,)))
