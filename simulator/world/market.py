"""The market at one instant: marks and previous closes of everything that can be held or quoted."""

import math
from collections import OrderedDict
from datetime import date

from simulator.wire.times import eastern_date
from simulator.world import calendar, options
from simulator.world.calendar import Session
from simulator.world.listings import Listing, all_listings
from simulator.world.options import Contract, parse_contract
from simulator.world.prices import PriceModel

_CLOSES_KEPT = 16
_RANGES_KEPT = 50_000

RangeKey = tuple[str, date, int]
Range = tuple[float, float, float]


class Market:
    """All prices of one seed; `quiet_when_closed` lets them stand still outside the sessions."""

    def __init__(self, seed: str, quiet_when_closed: bool = False) -> None:
        self.seed = seed
        self.quiet_when_closed = quiet_when_closed
        self.prices = PriceModel(seed)
        self.halts: dict[str, float] = {}
        self.ranges: dict[RangeKey, Range] = {}
        self._closes: OrderedDict[float, dict[str, float]] = OrderedDict()

    def at(self, now: float) -> "Board":
        """The board that one whole answer is computed from."""
        return Board(self, now)

    def mark_at(self, symbol: str, now: float) -> float:
        """The mark of a known symbol at any instant: options per share, bonds per 100 of face."""
        instant = calendar.quiet_instant(now) if self.quiet_when_closed else now
        if self.halts:
            instant = min(instant, self.seen_at(symbol, instant))
        contract = parse_contract(symbol)
        if contract is not None:
            return self._option_mark(contract, instant)
        listing = all_listings()[symbol]
        if listing.kind == "MONEY":
            return 1.0
        if listing.kind == "FUND":
            instant = calendar.previous_close(now)
        return self.prices.price(listing, instant)

    def mark_at_close(self, symbol: str, close_at: float) -> float:
        """The mark at a session's close, which is remembered."""
        known = self.closes(close_at)
        found = known.get(symbol)
        if found is None:
            found = known[symbol] = self.mark_at(symbol, close_at)
        return found

    def seen_at(self, symbol: str, now: float) -> float:
        """The instant that a symbol shows: now, or that of its (or its underlying's) halt."""
        if not self.halts:
            return now
        contract = parse_contract(symbol)
        own = self.halts.get(symbol, math.inf)
        return min(now, own, self.halts.get(contract.root, math.inf) if contract is not None else own)

    def halt(self, symbol: str, at: float | None) -> None:
        """Stop a symbol's trading at an instant, or let it go on with None."""
        self.halts.pop(symbol, None)
        if at is not None:
            self.halts[symbol] = at
        self._closes.clear()
        self.ranges.clear()

    def keep_range(self, key: RangeKey, found: Range) -> None:
        """Remember the range of past points."""
        if len(self.ranges) > _RANGES_KEPT:
            self.ranges.clear()
        self.ranges[key] = found

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
        self._session: Session | None = None
        self._looks: tuple[Session | None, int] | None = None
        self._closes = market.closes(self.close_at)

    def mark(self, symbol: str) -> float:
        """The mark now."""
        found = self._marks.get(symbol)
        if found is None:
            found = self._marks[symbol] = self.market.mark_at(symbol, self.now)
        return found

    @property
    def looks(self) -> tuple[Session | None, int]:
        """Where open, high and low come from, see `calendar.looks_of`."""
        if self._looks is None:
            self._looks = calendar.looks_of(self.now)
        return self._looks

    @property
    def session(self) -> Session:
        """The session that began last."""
        if self._session is None:
            self._session = calendar.last_session(self.now)
        return self._session

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
