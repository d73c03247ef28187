"""The quote of a stock or an ETF; bid, ask and last stand around the mark that positions are valued at."""

from collections.abc import Callable
from functools import lru_cache
from typing import ClassVar

from simulator.wire.times import central_midnight, iso_z, millis
from simulator.world import chance
from simulator.world.instruments import Json
from simulator.world.listings import Listing, all_listings
from simulator.world.market import Board
from simulator.world.ranges import day_range, year_range
from simulator.world.views import View, percent

EXCHANGES = {"Q": "NASDAQ", "N": "NYSE", "P": "NYSE Arca", "9": "OTC", "0": "Index", "3": "Mutual Fund"}
_DAY = 86400


class StockView(View):
    """A stock or an ETF at one instant."""

    main_type: ClassVar[str] = "EQUITY"

    def __init__(self, symbol: str, board: Board) -> None:
        super().__init__(symbol, board)
        self.listing = all_listings()[symbol]
        self.half = round(max(0.01, self.mark * 0.0001), 2)

    @property
    def sub_type(self) -> str:
        """COE (common) or ETF."""
        return "ETF" if self.listing.kind == "ETF" else "COE"

    def head(self) -> Json:
        """Type, symbol, feed."""
        return {
            "assetMainType": self.main_type,
            "assetSubType": self.sub_type,
            "quoteType": "NBBO",
            "realtime": True,
            "ssid": ssid(self.symbol),
            "symbol": self.symbol,
        }

    @property
    def regular(self) -> float:
        """The last price of regular hours."""
        close_at = self.board.session.close
        if self.board.now <= close_at:
            return self.mark
        return self.board.market.mark_at_close(self.symbol, close_at)

    @property
    def regular_time(self) -> int:
        """When that price was traded, milliseconds."""
        return min(millis(self.now) - 60, millis(self.board.session.close))

    @property
    def dividend(self) -> float:
        """The year's dividend, dollars a share; 0 for none."""
        return _dividend(self.listing)

    def dividend_date(self, days: int) -> str | None:
        """A date so many days from today; None without a dividend."""
        return iso_z(central_midnight(self.board.day) + days * _DAY) if self.dividend else None


@lru_cache(maxsize=4096)
def _dividend(listing: Listing) -> float:
    return round(listing.base * chance.between(0.0, 0.03, "dividend", listing.symbol), 2)


@lru_cache(maxsize=4096)
def _earnings(listing: Listing) -> float:
    return round(listing.base / chance.between(12, 45, "earnings", listing.symbol), 2)


@lru_cache(maxsize=4096)
def daily_volume(listing: Listing) -> int:
    """A typical day's volume."""
    return chance.whole(400_000, 60_000_000, "volume", listing.symbol)


def volume_so_far(listing: Listing, now: float) -> int:
    """The day's volume, growing evenly over the Eastern day."""
    return int(daily_volume(listing) * (0.02 + 0.98 * (now % _DAY) / _DAY))


@lru_cache(maxsize=8192)
def _size(symbol: str, side: str, second: int) -> int:
    return chance.whole(1, 12, "size", symbol, side, second)


@lru_cache(maxsize=4096)
def ssid(symbol: str) -> int:
    """Schwab's number of a quoted thing."""
    return chance.whole(10_000_000, 2_000_000_000, "ssid", symbol)


StockField = Callable[[StockView], object]
PRICES: dict[str, StockField] = {
    "52WeekHigh": lambda view: year_range(view.board, view.symbol, view.mark)[0],
    "52WeekLow": lambda view: year_range(view.board, view.symbol, view.mark)[1],
    "askMICId": lambda view: "ARCX",
    "askPrice": lambda view: round(view.mark + view.half, 2),
    "askSize": lambda view: _size(view.symbol, "ask", int(view.now)),
    "askTime": lambda view: view.quoted - 30,
    "bidMICId": lambda view: "XNAS",
    "bidPrice": lambda view: max(0.01, round(view.mark - view.half, 2)),
    "bidSize": lambda view: _size(view.symbol, "bid", int(view.now)),
    "bidTime": lambda view: view.quoted,
    "closePrice": lambda view: view.close,
    "highPrice": lambda view: day_range(view.board, view.symbol, view.mark)[1],
    "lastMICId": lambda view: "XADF",
    "lastPrice": lambda view: view.mark,
    "lastSize": lambda view: 100,
    "lowPrice": lambda view: day_range(view.board, view.symbol, view.mark)[2],
    "mark": lambda view: view.mark,
    "markChange": lambda view: view.net,
    "markPercentChange": lambda view: view.percent,
    "netChange": lambda view: view.net,
    "netPercentChange": lambda view: view.percent,
    "openPrice": lambda view: day_range(view.board, view.symbol, view.mark)[0],
    "postMarketChange": lambda view: round(view.mark - view.regular, 2),
    "postMarketPercentChange": lambda view: percent(view.mark, view.regular),
    "quoteTime": lambda view: view.quoted,
    "securityStatus": lambda view: view.status,
    "totalVolume": lambda view: volume_so_far(view.listing, view.now),
    "tradeTime": lambda view: view.quoted + 30,
}
REGULAR: dict[str, StockField] = {
    "regularMarketLastPrice": lambda view: view.regular,
    "regularMarketLastSize": lambda view: 100,
    "regularMarketNetChange": lambda view: round(view.regular - view.close, 2),
    "regularMarketPercentChange": lambda view: percent(view.regular, view.close),
    "regularMarketTradeTime": lambda view: view.regular_time,
}
EXTENDED: dict[str, StockField] = {
    "askPrice": lambda view: 0.0,
    "askSize": lambda view: 0,
    "bidPrice": lambda view: 0.0,
    "bidSize": lambda view: 0,
    "lastPrice": lambda view: view.mark,
    "lastSize": lambda view: 10,
    "mark": lambda view: 0.0,
    "quoteTime": lambda view: 0,
    "totalVolume": lambda view: 0,
    "tradeTime": lambda view: millis(view.now) - 60,
}
REFERENCE: dict[str, StockField] = {
    "cusip": lambda view: view.listing.cusip,
    "description": lambda view: view.listing.name,
    "exchange": lambda view: view.listing.exchange,
    "exchangeName": lambda view: EXCHANGES[view.listing.exchange],
    "isHardToBorrow": lambda view: view.listing.volatile,
    "isShortable": lambda view: True,
    "htbRate": lambda view: 12.5 if view.listing.volatile else 0.0,
}
FUNDAMENTAL: dict[str, StockField] = {
    "avg10DaysVolume": lambda view: float(daily_volume(view.listing)),
    "avg1YearVolume": lambda view: round(daily_volume(view.listing) * 1.07, 1),
    "declarationDate": lambda view: view.dividend_date(-40),
    "divAmount": lambda view: view.dividend,
    "divExDate": lambda view: view.dividend_date(-30),
    "divFreq": lambda view: 4 if view.dividend else 0,
    "divPayAmount": lambda view: round(view.dividend / 4, 4),
    "divPayDate": lambda view: view.dividend_date(-16),
    "divYield": lambda view: round(100 * view.dividend / view.mark, 4),
    "eps": lambda view: _earnings(view.listing),
    "fundLeverageFactor": lambda view: 0.0,
    "nextDivExDate": lambda view: view.dividend_date(60),
    "nextDivPayDate": lambda view: view.dividend_date(74),
    "peRatio": lambda view: (
        round(view.mark / _earnings(view.listing), 4) if view.listing.kind == "EQUITY" else 0.0
    ),
}
StockView.sections = {
    "extended": EXTENDED,
    "fundamental": FUNDAMENTAL,
    "quote": PRICES,
    "reference": REFERENCE,
    "regular": REGULAR,
}
