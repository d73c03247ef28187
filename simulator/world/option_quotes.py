"""The quote of an option contract: prices, greeks and terms."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import ClassVar

from simulator.wire.times import millis
from simulator.world import chance, options
from simulator.world.instruments import Json
from simulator.world.listings import all_listings
from simulator.world.market import Board
from simulator.world.options import Contract
from simulator.world.stock_quotes import ssid
from simulator.world.views import View


class OptionView(View):
    """A living contract at one instant."""

    main_type: ClassVar[str] = "OPTION"

    def __init__(self, contract: Contract, board: Board) -> None:
        super().__init__(contract.symbol, board)
        self.contract = contract
        self.spot = board.mark(contract.root)
        self.half = round(min(max(0.01, self.mark * 0.01), 0.5, self.mark), 2)
        self._greeks: dict[str, float] = {}

    def head(self) -> Json:
        """Type and symbol."""
        ends = {"realtime": True, "ssid": ssid(self.symbol), "symbol": self.symbol}
        return {"assetMainType": self.main_type, **ends}

    @property
    def volatility(self) -> float:
        """Implied, a year's fraction."""
        return self.board.market.volatility(self.contract, self.spot)

    @property
    def theory(self) -> float:
        """The model's value."""
        return options.value(self.contract, self.spot, self.now, self.volatility)

    @property
    def intrinsic(self) -> float:
        """Below zero when out of the money."""
        sign = 1 if self.contract.right == "C" else -1
        return round(sign * (self.spot - self.contract.strike), 2)

    def greek(self, name: str) -> float:
        """One of the greeks."""
        if not self._greeks:
            self._greeks = options.greeks(self.contract, self.spot, self.now, self.volatility)
        return self._greeks[name]

    @property
    def is_on_index(self) -> bool:
        """Whether the underlying is an index."""
        return all_listings()[self.contract.root].kind == "INDEX"


@lru_cache(maxsize=8192)
def _size(symbol: str, side: str, second: int) -> int:
    return chance.whole(1, 60, symbol, side, second)


@lru_cache(maxsize=8192)
def _fixed(high: int, name: str, symbol: str, low: int = 0) -> int:
    return chance.whole(low, high, name, symbol)


OptionField = Callable[[OptionView], object]
PRICES: dict[str, OptionField] = {
    "52WeekHigh": lambda view: round(max(view.mark, view.close) * 1.9, 2),
    "52WeekLow": lambda view: round(min(view.mark, view.close) * 0.4, 2),
    "askPrice": lambda view: round(view.mark + view.half, 2),
    "askSize": lambda view: _size(view.symbol, "ask", int(view.now)),
    "bidPrice": lambda view: round(view.mark - view.half, 2),
    "bidSize": lambda view: _size(view.symbol, "bid", int(view.now)),
    "closePrice": lambda view: view.close,
    "delta": lambda view: view.greek("delta"),
    "gamma": lambda view: view.greek("gamma"),
    "highPrice": lambda view: max(view.mark, view.close),
    "indAskPrice": lambda view: 0.0,
    "indBidPrice": lambda view: 0.0,
    "indQuoteTime": lambda view: 0,
    "impliedYield": lambda view: 0.0,
    "lastPrice": lambda view: view.mark,
    "lastSize": lambda view: 2,
    "lowPrice": lambda view: min(view.mark, view.close),
    "mark": lambda view: view.mark,
    "markChange": lambda view: view.net,
    "markPercentChange": lambda view: view.percent,
    "moneyIntrinsicValue": lambda view: view.intrinsic,
    "netChange": lambda view: view.net,
    "netPercentChange": lambda view: view.percent,
    "openInterest": lambda view: _fixed(40_000, "interest", view.symbol, 10),
    "openPrice": lambda view: view.close,
    "quoteTime": lambda view: view.quoted,
    "rho": lambda view: view.greek("rho"),
    "securityStatus": lambda view: view.status,
    "theoreticalOptionValue": lambda view: round(view.theory, 5),
    "theta": lambda view: view.greek("theta"),
    "timeValue": lambda view: round(view.mark - max(0.0, view.intrinsic), 2),
    "totalVolume": lambda view: _fixed(5_000, "volume", view.symbol),
    "tradeTime": lambda view: view.quoted - 4000,
    "underlyingPrice": lambda view: view.spot,
    "vega": lambda view: view.greek("vega"),
    "volatility": lambda view: round(100 * view.volatility, 4),
}
REFERENCE: dict[str, OptionField] = {
    "contractType": lambda view: view.contract.right,
    "daysToExpiration": lambda view: (view.contract.expiry - view.board.day).days,
    "deliverables": lambda view: f"100 {view.contract.root}",
    "description": lambda view: view.contract.short_description(),
    "exchange": lambda view: "O",
    "exchangeName": lambda view: "OPR",
    "exerciseType": lambda view: "E" if view.is_on_index else "A",
    "expirationDay": lambda view: view.contract.expiry.day,
    "expirationMonth": lambda view: view.contract.expiry.month,
    "expirationType": lambda view: "S",
    "expirationYear": lambda view: view.contract.expiry.year,
    "isPennyPilot": lambda view: True,
    "lastTradingDay": lambda view: millis(math.floor(view.contract.expires_at)),
    "multiplier": lambda view: 100.0,
    "settlementType": lambda view: "P",
    "strikePrice": lambda view: view.contract.strike,
    "underlying": lambda view: view.contract.root,
    "underlyingAssetType": lambda view: "INDEX" if view.is_on_index else "EQUITY",
}
OptionView.sections = {"quote": PRICES, "reference": REFERENCE}
