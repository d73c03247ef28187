"""What each account holds before any trade of the day; averages and option strikes never change within a contract."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from simulator.world import chance
from simulator.world.listings import Kind, Listing, all_listings, invented, well_known
from simulator.world.market import Market
from simulator.world.options import Contract, expiries_after

_OPENED_BEFORE_EXPIRY = 110 * 86400.0
_AVERAGES: dict[Kind, tuple[float, float]] = {"MONEY": (1.0, 1.0), "BOND": (0.96, 1.01), "FUND": (0.85, 1.0)}


@dataclass(frozen=True, slots=True)
class Holding:
    """A signed quantity with its averages (net of fees, and of the trades alone).

    `naked` and `spread` say what a short option costs in maintenance: the uncovered requirement, or dollars a contract.
    """

    symbol: str
    quantity: float
    average: float
    trade_average: float
    naked: bool = False
    spread: float = 0.0


@lru_cache(maxsize=8192)
def listed(symbol: str, quantity: float) -> Holding:
    """A holding bought some way off today's price; every third average shows what many lots leave behind."""
    listing = all_listings()[symbol]
    low, high = _AVERAGES.get(listing.kind, (0.72, 1.06))
    factor = chance.between(low, high, "average", symbol)
    trade = round(listing.base * factor, 4)
    digits = 12 if chance.whole(0, 2, "lots", symbol) == 0 and listing.kind == "EQUITY" else 4
    average = round(trade + (1 / 3000 if digits == 12 else 0.0), digits)
    return Holding(symbol, float(quantity), average, trade)


def strike_near(price: float) -> float:
    """A strike that an exchange would list near a price."""
    step = 0.5 if price < 20 else 1.0 if price < 60 else 5.0 if price < 300 else 10.0
    return max(step, round(price / step) * step)


def contract_near(market: Market, root: str, expiry: date, right: str, factor: float) -> Contract:
    """The contract whose strike was `factor` x the underlying when the expiry was first traded here."""
    far = Contract(root, expiry, right, 1.0)
    spot = market.prices.price(all_listings()[root], far.expires_at - _OPENED_BEFORE_EXPIRY)
    return replace(far, strike=strike_near(spot * factor))


def option(
    market: Market, contract: Contract, quantity: float, naked: bool = False, spread: float = 0.0
) -> Holding:
    """A holding opened when its expiry was first traded here, with fees in the net average."""
    trade = market.mark_at(contract.symbol, contract.expires_at - _OPENED_BEFORE_EXPIRY)
    average = round(trade + (0.0066 if quantity > 0 else -0.0067), 4)
    return Holding(contract.symbol, float(quantity), max(0.0001, average), trade, naked, spread)


def strategies(market: Market, day: date) -> list[Holding]:
    """A covered call, long calls, a naked put, a vertical and an iron condor."""
    front, second, _ = expiries_after(day + timedelta(days=7), 3)

    def near(root: str, expiry: date, right: str, factor: float) -> Contract:
        return contract_near(market, root, expiry, right, factor)

    low, high = near("NVDA", front, "C", 1.0), near("NVDA", front, "C", 1.06)
    put_long, put_short = near("SPY", second, "P", 0.93), near("SPY", second, "P", 0.95)
    call_short, call_long = near("SPY", second, "C", 1.05), near("SPY", second, "C", 1.07)
    width = (put_short.strike - put_long.strike) * 100
    return [
        option(market, near("MSFT", front, "C", 1.05), -1),
        option(market, near("AAPL", second, "C", 1.0), 2),
        option(market, near("AMD", second, "P", 0.9), -1, naked=True),
        option(market, low, 3),
        option(market, high, -3),
        option(market, put_long, 2),
        option(market, put_short, -2, spread=width),
        option(market, call_short, -2),
        option(market, call_long, 2),
    ]


def wide_book(market: Market, day: date, count: int) -> list[Holding]:
    """`count` holdings: 60 % stocks, 15 % ETFs, the rest options over the first stocks; some of them short."""
    stocks = [*well_known("EQUITY"), *invented("EQUITY")][: count * 60 // 100]
    funds = [*well_known("ETF"), *invented("ETF")][: count * 15 // 100]
    held = [_wide(item, index, 9) for index, item in enumerate(stocks)]
    held += [_wide(item, index, 0) for index, item in enumerate(funds)]
    expiries = expiries_after(day + timedelta(days=7), 3)
    seen: dict[str, Holding] = {}
    index = 0
    while len(held) + len(seen) < count:
        root = stocks[index % 60].symbol
        right, factor = ("C", 1.0 + index % 7 * 0.03) if index % 2 else ("P", 1.0 - index % 5 * 0.04)
        contract = contract_near(market, root, expiries[index // 60 % 3], right, factor)
        contract = replace(
            contract, strike=contract.strike + index // 180 * strike_near(contract.strike / 10)
        )
        short = index % 11 == 10
        quantity = float(-(1 + index % 3) if short else 1 + index % 9)
        seen.setdefault(contract.symbol, option(market, contract, quantity, naked=short))
        index += 1
    return held + list(seen.values())


def _wide(listing: Listing, index: int, short_every: int) -> Holding:
    quantity = float(chance.whole(5, 400, "quantity", listing.symbol))
    if short_every and index % short_every == short_every - 1:
        quantity = -quantity
    elif index % 13 == 5:
        quantity += 0.4375
    return listed(listing.symbol, quantity)
