"""The market at one instant: marks and previous closes of everything that can be held or quoted."""

from collections import OrderedDict

from simulator.wire.times import eastern_date
from simulator.world import calendar, options
from simulator.world.listings import Listing, all_listings
from simulator.world.options import Contract, parse_contract
from simulator.world.prices import PriceModel

_CLOSES_KEPT = 16


class Market:
    """All prices of one seed; `quiet_when_closed` lets them stand still outside the sessions."""

    def __init__(self, seed: str, quiet_when_closed: bool = False) -> None:
        self.seed = seed
        self.quiet_when_closed = quiet_when_closed
        self.prices = PriceModel(seed)
        self._closes: OrderedDict[float, dict[str, float]] = OrderedDict()

    def at(self, now: float) -> "Board":
        """The board that one whole answer is computed from."""
        return Board(self, now)

    def mark_at(self, symbol: str, now: float) -> float:
        """The mark of a known symbol at any instant: options per share, bonds per 100 of face."""
        instant = calendar.quiet_instant(now) if self.quiet_when_closed else now
        contract = parse_contract(symbol)
        if contract is not None:
            return self._option_mark(contract, instant)
        listing = all_listings()[symbol]
        if listing.kind == "MONEY":
            return 1.0
        if listing.kind == "FUND":
            instant = calendar.previous_close(now)
        return self.prices.price(listing, instant)

    def volatility(self, contract: Contract, spot: float) -> float:
        """Implied volatility of a contract, a year's fraction."""
        return options.smile(contract, spot, all_listings()[contract.root].option_volatility)

    def _option_mark(self, contract: Contract, instant: float) -> float:
        spot = self.prices.price(all_listings()[contract.root], instant)
        theory = options.value(contract, spot, instant, self.volatility(contract, spot))
        return max(0.01, round(theory, 2))

    def closes(self, close_at: float) -> dict[str, float]:
        """What is known of the closes of one instant; they never change, so they are kept for a few instants."""
        found = self._closes.get(close_at)
        if found is None:
            found = self._closes[close_at] = {}
            if len(self._closes) > _CLOSES_KEPT:
                self._closes.popitem(last=False)
        return found


class Board:
    """Marks and closes at one instant; every figure of one answer comes from one board."""

    def __init__(self, market: Market, now: float) -> None:
        self.market = market
        self.now = now
        self.day = eastern_date(now)
        self.close_at = calendar.previous_close(now)
        self._marks: dict[str, float] = {}
        self._closes = market.closes(self.close_at)

    def mark(self, symbol: str) -> float:
        """The mark now."""
        found = self._marks.get(symbol)
        if found is None:
            found = self._marks[symbol] = self.market.mark_at(symbol, self.now)
        return found

    def close(self, symbol: str) -> float:
        """The previous close; a fund's is its last net asset value, which is also its mark."""
        found = self._closes.get(symbol)
        if found is None:
            listing = all_listings().get(symbol)
            at = self.now if listing is not None and listing.kind == "FUND" else self.close_at
            found = self._closes[symbol] = self.market.mark_at(symbol, at)
        return found

    def at_close(self) -> "Board":
        """The same day's board at its previous close, which the opening balances are computed from."""
        return ClosingBoard(self.market, self.now)


class ClosingBoard(Board):
    """A board whose marks are the previous closes."""

    def mark(self, symbol: str) -> float:
        """The previous close."""
        return self.close(symbol)


def known_contract(symbol: str) -> Contract | None:
    """The contract of an option on something that is listed; None otherwise."""
    contract = parse_contract(symbol)
    if contract is None or contract.strike <= 0:
        return None
    underlying = all_listings().get(contract.root)
    return contract if underlying is not None and underlying.kind in ("EQUITY", "ETF", "INDEX") else None


def known_listing(symbol: str) -> Listing | None:
    """The listing of a symbol that is not an option; None when unknown."""
    return all_listings().get(symbol)


def multiplier(symbol: str) -> float:
    """What one unit of quantity is worth per point: 100 for options, 0.01 for bonds, else 1."""
    if parse_contract(symbol) is not None:
        return 100.0
    return 0.01 if all_listings()[symbol].kind == "BOND" else 1.0
