"""The quotes of an index and of a mutual fund, which have no bid and no ask."""

from collections.abc import Callable
from typing import ClassVar

from simulator.wire.times import millis
from simulator.world.instruments import Json
from simulator.world.listings import all_listings
from simulator.world.market import Board
from simulator.world.ranges import day_range, year_range
from simulator.world.stock_quotes import EXCHANGES, ssid, volume_so_far
from simulator.world.views import View


class PlainView(View):
    """Something that is only valued."""

    def __init__(self, symbol: str, board: Board) -> None:
        super().__init__(symbol, board)
        self.listing = all_listings()[symbol]


class IndexView(PlainView):
    """An index at one instant."""

    main_type: ClassVar[str] = "INDEX"

    def head(self) -> Json:
        """Type and symbol."""
        ends = {"realtime": True, "ssid": ssid(self.symbol), "symbol": self.symbol}
        return {"assetMainType": self.main_type, **ends}


class FundView(PlainView):
    """A mutual fund; its mark is its last net asset value."""

    main_type: ClassVar[str] = "MUTUAL_FUND"

    @property
    def sub_type(self) -> str:
        """OEF (open-ended) or MMF (money market)."""
        return "MMF" if self.listing.kind == "MONEY" else "OEF"

    def head(self) -> Json:
        """Types and symbol."""
        ends = {"realtime": True, "ssid": -1, "symbol": self.symbol}
        return {"assetMainType": self.main_type, "assetSubType": self.sub_type, **ends}


PlainField = Callable[[PlainView], object]
_NOTHING: dict[str, PlainField] = {
    "avg10DaysVolume": lambda view: 0.0,
    "avg1YearVolume": lambda view: 0.0,
    "divAmount": lambda view: 0.0,
    "divFreq": lambda view: 0,
    "divPayAmount": lambda view: 0.0,
    "divYield": lambda view: 0.0,
    "eps": lambda view: 0.0,
    "fundLeverageFactor": lambda view: 0.0,
    "peRatio": lambda view: 0.0,
}
_REFERENCE: dict[str, PlainField] = {
    "description": lambda view: view.listing.name,
    "exchange": lambda view: view.listing.exchange,
    "exchangeName": lambda view: EXCHANGES[view.listing.exchange],
}
_INDEX: dict[str, PlainField] = {
    "52WeekHigh": lambda view: year_range(view.board, view.symbol, view.mark)[0],
    "52WeekLow": lambda view: year_range(view.board, view.symbol, view.mark)[1],
    "closePrice": lambda view: view.close,
    "highPrice": lambda view: day_range(view.board, view.symbol, view.mark)[1],
    "lastPrice": lambda view: view.mark,
    "lowPrice": lambda view: day_range(view.board, view.symbol, view.mark)[2],
    "netChange": lambda view: view.net,
    "netPercentChange": lambda view: view.percent,
    "openPrice": lambda view: day_range(view.board, view.symbol, view.mark)[0],
    "securityStatus": lambda view: view.status,
    "totalVolume": lambda view: volume_so_far(view.listing, view.now),
    "tradeTime": lambda view: millis(view.now) - 60,
}
_FUND: dict[str, PlainField] = {
    "52WeekHigh": lambda view: year_range(view.board, view.symbol, view.mark)[0],
    "52WeekLow": lambda view: year_range(view.board, view.symbol, view.mark)[1],
    "closePrice": lambda view: view.mark,
    "nAV": lambda view: view.mark,
    "netChange": lambda view: 0.0,
    "netPercentChange": lambda view: 0.0,
    "securityStatus": lambda view: view.status,
    "totalVolume": lambda view: 0,
    "tradeTime": lambda view: 0,
}
IndexView.sections = {"fundamental": _NOTHING, "quote": _INDEX, "reference": _REFERENCE}
FundView.sections = {
    "fundamental": {**_NOTHING, "divYield": lambda view: 1.21},
    "quote": _FUND,
    "reference": {"cusip": lambda view: view.listing.cusip, **_REFERENCE},
}
