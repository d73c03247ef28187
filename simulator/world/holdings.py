"""What each account means to hold; option strikes never change within a contract."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from simulator.world import chance
from simulator.world.listings import Listing, all_listings, invented, well_known
from simulator.world.market import Market
from simulator.world.options import Contract, expires_at, expiries_after
from simulator.world.orders import Leg

_FIRST_TRADED = 110 * 86400.0
_FAR_FIRST_TRADED = 300 * 86400.0
_WIDE_ROOTS, _WIDE_EACH = 60, 84


@dataclass(frozen=True, slots=True)
class Strategy:
    """Option legs that are opened together, `quantity` times; a leg's quantity is the whole one."""

    kind: str
    quantity: float
    legs: tuple[Leg, ...]

    def closing(self) -> "Strategy":
        """The same legs the other way round."""
        return replace(self, legs=tuple(closing(leg) for leg in self.legs))


def closing(leg: Leg) -> Leg:
    """What closes an option leg."""
    opposite = "SELL_TO_CLOSE" if leg.sign > 0 else "BUY_TO_CLOSE"
    return Leg(leg.symbol, opposite, "CLOSING", leg.quantity)


def opening(contract: Contract, quantity: float, naked: bool = False, spread: float = 0.0) -> Leg:
    """The leg that opens a signed number of contracts."""
    side = "BUY_TO_OPEN" if quantity > 0 else "SELL_TO_OPEN"
    return Leg(contract.symbol, side, "OPENING", abs(quantity), naked, spread)


def strike_near(price: float) -> float:
    """A strike that an exchange would list near a price."""
    step = 0.5 if price < 20 else 1.0 if price < 60 else 5.0 if price < 300 else 10.0
    return max(step, round(price / step) * step)


def contract_near(
    market: Market, root: str, expiry: date, right: str, factor: float, *, before: float = _FIRST_TRADED
) -> Contract:
    """The contract whose strike was `factor` x the underlying when the expiry was first traded here."""
    spot = market.prices.price(all_listings()[root], expires_at(expiry) - before)
    return Contract(root, expiry, right, strike_near(spot * factor))


def strategies(market: Market, day: date) -> list[Strategy]:
    """A covered call, long calls, a naked put, a vertical and an iron condor."""
    front, second, _ = expiries_after(day + timedelta(days=7), 3)

    def near(root: str, expiry: date, right: str, factor: float) -> Contract:
        return contract_near(market, root, expiry, right, factor)

    low, high = near("NVDA", front, "C", 1.0), near("NVDA", front, "C", 1.06)
    put_long, put_short = near("SPY", second, "P", 0.93), near("SPY", second, "P", 0.95)
    call_short, call_long = near("SPY", second, "C", 1.05), near("SPY", second, "C", 1.07)
    width = (put_short.strike - put_long.strike) * 100
    condor = (
        opening(put_long, 2),
        opening(put_short, -2, spread=width),
        opening(call_short, -2),
        opening(call_long, 2),
    )
    return [
        Strategy("NONE", 1, (opening(near("MSFT", front, "C", 1.05), -1),)),
        Strategy("NONE", 2, (opening(near("AAPL", second, "C", 1.0), 2),)),
        Strategy("NONE", 1, (opening(near("AMD", second, "P", 0.9), -1, naked=True),)),
        Strategy("VERTICAL", 3, (opening(low, 3), opening(high, -3))),
        Strategy("IRON_CONDOR", 2, condor),
    ]


@lru_cache(maxsize=2)
def wide_shares(count: int) -> tuple[tuple[str, float], ...]:
    """60 % of the wide book's positions are stocks, 15 % ETFs; some of them are short, some hold fractions."""
    stocks = _wide_stocks(count)
    funds = [*well_known("ETF"), *invented("ETF")][: count * 15 // 100]
    held = [_wide(item, index, 9) for index, item in enumerate(stocks)]
    return (*held, *(_wide(item, index, 0) for index, item in enumerate(funds)))


def wide_options(market: Market, day: date, count: int) -> list[Leg]:
    """The rest are options over the first stocks, in the next three quarterly expiries."""
    expiries = [
        expiry for expiry in expiries_after(day + timedelta(days=7), 10) if expiry.month in (3, 6, 9, 12)
    ]
    roots = [item.symbol for item in _wide_stocks(count)[:_WIDE_ROOTS]]
    found = [leg for expiry in expiries[:3] for leg in _of_expiry(market, tuple(roots), expiry)]
    return found[: count - len(wide_shares(count))]


@lru_cache(maxsize=32)
def _of_expiry(market: Market, roots: tuple[str, ...], expiry: date) -> list[Leg]:
    found = []
    for index in range(_WIDE_EACH):
        place, layer = index % len(roots), index // len(roots)
        right, factor = ("C", 1.0 + place % 7 * 0.03) if place % 2 else ("P", 1.0 - place % 5 * 0.04)
        contract = contract_near(market, roots[place], expiry, right, factor, before=_FAR_FIRST_TRADED)
        contract = replace(contract, strike=contract.strike + layer * strike_near(contract.strike / 10))
        short = index % 11 == 10
        quantity = -(1 + index % 3) if short else 1 + index % 9
        found.append(opening(contract, float(quantity), naked=short))
    return found


@lru_cache(maxsize=2)
def _wide_stocks(count: int) -> list[Listing]:
    return [*well_known("EQUITY"), *invented("EQUITY")][: count * 60 // 100]


def _wide(listing: Listing, index: int, short_every: int) -> tuple[str, float]:
    quantity = float(chance.whole(5, 400, "quantity", listing.symbol))
    if short_every and index % short_every == short_every - 1:
        quantity = -quantity
    elif index % 13 == 5:
        quantity += 0.4375
    return listing.symbol, quantity
