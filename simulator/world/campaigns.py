"""What the accounts do month after month besides the daily script; by the third week they hold what they mean to hold.

Strikes are chosen by the price that the expiry will bring, so that every month an option ends as it is meant to.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from simulator.wire.times import eastern_date
from simulator.world.deals import Deals, in_hours, open_day
from simulator.world.holdings import Strategy, contract_near, opening, strike_near
from simulator.world.listings import all_listings
from simulator.world.options import Contract, expiries_after, monthly_expiry
from simulator.world.orders import Order

_TRIPS = ("DIS", "WMT", "V", "BAC", "PFE", "HD")
_TRIMS = (("JPM", 20.0), ("XOM", 50.0), ("VTI", 30.0))


def campaigns(deals: Deals, key: str, month: date) -> list[Order]:
    """An account's orders of the month that a first day begins."""
    of_key = _CAMPAIGNS.get(key)
    return of_key(deals, month) if of_key is not None else []


def _times(month: date, *places: int) -> list[float]:
    return [in_hours(open_day(month, place), place * 13) for place in places]


def _trading(deals: Deals, month: date) -> list[Order]:
    buy, sell, rest, trim, back = _times(month, 2, 8, 9, 3, 10)
    symbol = _TRIPS[month.month % len(_TRIPS)]
    held, part = _TRIMS[month.month % len(_TRIMS)]
    return [
        deals.shares(buy, symbol, 30.0, parts=2),
        deals.shares(sell, symbol, -20.0, closes=True),
        deals.shares(rest, symbol, -10.0, closes=True),
        deals.shares(trim, held, -part, closes=True),
        deals.shares(back, held, part),
    ]


def _options(deals: Deals, month: date) -> list[Order]:
    bought, more, shorted, cover, rest, opened, closed = _times(month, 1, 3, 2, 5, 7, 1, 9)
    held = deals.shares(
        bought, "CSCO", 40.0, parts=2, duration="GOOD_TILL_CANCEL", order_type="MARKET", price=None
    )
    return [
        replace(held, order_type="LIMIT", price=max(fill.prices[0] for fill in held.fills)),
        deals.shares(more, "CSCO", -25.0, closes=True),
        deals.shares(rest, "CSCO", -15.0, closes=True),
        deals.shares(shorted, "GME", -50.0),
        deals.shares(cover, "GME", 30.0, closes=True),
        deals.shares(rest, "GME", 20.0, closes=True),
        *_spread(deals, opened + 600, closed),
        *_expiring(deals, month),
    ]


def _spread(deals: Deals, opened: float, closed: float) -> list[Order]:
    expiry = expiries_after(eastern_date(closed) + timedelta(days=20), 1)[0]
    low, high = (contract_near(deals.market, "JPM", expiry, "C", factor) for factor in (1.0, 1.05))
    vertical = Strategy("VERTICAL", 2.0, (opening(low, 2), opening(high, -2)))
    return [deals.strategy(opened, vertical), deals.strategy(closed, vertical.closing())]


def _expiring(deals: Deals, month: date) -> list[Order]:
    """A put that expires worthless; by turns a put that is assigned, a call that is exercised, shares called away."""
    expiry = monthly_expiry(month.year, month.month)
    sold = in_hours(open_day(month, 1), 40)
    after = in_hours(open_day(expiry + timedelta(days=1), 1), 29)
    worthless = _ending(deals, "KO", expiry, "P", 0.9)
    found = [deals.strategy(sold, Strategy("NONE", 2.0, (opening(worthless, 2),)))]
    turn = month.month % 3
    if turn == 1:
        put = _ending(deals, "F", expiry, "P", 1.08)
        found.append(deals.strategy(sold + 60, Strategy("NONE", 1.0, (opening(put, -1, naked=True),))))
        found.append(deals.shares(after, "F", -100.0, closes=True))
    elif turn == 2:
        call = _ending(deals, "PFE", expiry, "C", 0.93)
        found.append(deals.strategy(sold + 60, Strategy("NONE", 1.0, (opening(call, 1),))))
        found.append(deals.shares(after, "PFE", -100.0, closes=True))
    else:
        call = _ending(deals, "VZ", expiry, "C", 0.94)
        found.append(deals.shares(sold + 30, "VZ", 100.0))
        found.append(deals.strategy(sold + 60, Strategy("NONE", 1.0, (opening(call, -1),))))
    return found


def _ending(deals: Deals, root: str, expiry: date, right: str, factor: float) -> Contract:
    contract = Contract(root, expiry, right, 1.0)
    price = deals.market.prices.price(all_listings()[root], contract.expires_at)
    return replace(contract, strike=strike_near(price * factor))


def _savings(deals: Deals, month: date) -> list[Order]:
    buy, sell, trim, back = _times(month, 2, 8, 4, 9)
    return [
        deals.shares(buy, "JNJ", 5.0),
        deals.shares(sell, "JNJ", -5.0, closes=True),
        deals.shares(trim, "SCHD", -50.0, closes=True, parts=2),
        deals.shares(back, "SCHD", 50.0, parts=2),
    ]


def _small(symbol: str, quantity: float) -> Callable[[Deals, date], list[Order]]:
    def orders(deals: Deals, month: date) -> list[Order]:
        sell, buy = _times(month, 3, 9)
        return [deals.shares(sell, symbol, -quantity, closes=True), deals.shares(buy, symbol, quantity)]

    return orders


_CAMPAIGNS: dict[str, Callable[[Deals, date], list[Order]]] = {
    "borrower": _trading,
    "desk": _options,
    "ira": _savings,
    "second": _small("F", 50.0),
    "roth": _small("KO", 10.0),
}
