"""Field numbers of the level-one services and where a quote view has their values."""

from collections.abc import Callable, Mapping
from typing import Any

from simulator.world.option_quotes import OptionView
from simulator.world.stock_quotes import StockView
from simulator.world.views import View

Reader = Callable[[Any], object]
Place = tuple[str, str]
_Q, _R, _F, _M = "quote", "reference", "fundamental", "regular"


def _in_session(view: StockView) -> bool:
    return view.board.session.open <= view.now <= view.board.session.close


EQUITY_PLACES: dict[int, Place] = {
    1: (_Q, "bidPrice"), 2: (_Q, "askPrice"), 3: (_Q, "lastPrice"), 4: (_Q, "bidSize"), 5: (_Q, "askSize"),
    8: (_Q, "totalVolume"), 9: (_Q, "lastSize"), 10: (_Q, "highPrice"), 11: (_Q, "lowPrice"),
    12: (_Q, "closePrice"), 13: (_R, "exchange"), 15: (_R, "description"), 17: (_Q, "openPrice"),
    18: (_Q, "netChange"), 19: (_Q, "52WeekHigh"), 20: (_Q, "52WeekLow"), 21: (_F, "peRatio"),
    22: (_F, "divAmount"), 23: (_F, "divYield"), 24: (_Q, "nAV"), 25: (_R, "exchangeName"),
    26: (_F, "divExDate"), 29: (_M, "regularMarketLastPrice"), 30: (_M, "regularMarketLastSize"),
    31: (_M, "regularMarketNetChange"), 32: (_Q, "securityStatus"), 33: (_Q, "mark"), 34: (_Q, "quoteTime"),
    35: (_Q, "tradeTime"), 36: (_M, "regularMarketTradeTime"), 37: (_Q, "bidTime"), 38: (_Q, "askTime"),
    39: (_Q, "askMICId"), 40: (_Q, "bidMICId"), 41: (_Q, "lastMICId"), 42: (_Q, "netPercentChange"),
    43: (_M, "regularMarketPercentChange"), 44: (_Q, "markChange"), 45: (_Q, "markPercentChange"),
    47: (_R, "htbRate"), 50: (_Q, "postMarketChange"), 51: (_Q, "postMarketPercentChange"),
}  # fmt: skip
EQUITY_OWN: dict[int, Callable[[StockView], object]] = {
    6: lambda view: "P",
    7: lambda view: "Q",
    14: lambda view: not view.listing.volatile,
    16: lambda view: view.listing.exchange,
    27: _in_session,
    28: _in_session,
    46: lambda view: -1,
    48: lambda view: int(view.listing.volatile),
    49: lambda view: 1,
}
OPTION_PLACES: dict[int, Place] = {
    1: (_R, "description"), 2: (_Q, "bidPrice"), 3: (_Q, "askPrice"), 4: (_Q, "lastPrice"),
    5: (_Q, "highPrice"), 6: (_Q, "lowPrice"), 7: (_Q, "closePrice"), 8: (_Q, "totalVolume"),
    9: (_Q, "openInterest"), 10: (_Q, "volatility"), 11: (_Q, "moneyIntrinsicValue"),
    12: (_R, "expirationYear"), 13: (_R, "multiplier"), 15: (_Q, "openPrice"), 16: (_Q, "bidSize"),
    17: (_Q, "askSize"), 18: (_Q, "lastSize"), 19: (_Q, "netChange"), 20: (_R, "strikePrice"),
    21: (_R, "contractType"), 22: (_R, "underlying"), 23: (_R, "expirationMonth"), 24: (_R, "deliverables"),
    25: (_Q, "timeValue"), 26: (_R, "expirationDay"), 27: (_R, "daysToExpiration"), 28: (_Q, "delta"),
    29: (_Q, "gamma"), 30: (_Q, "theta"), 31: (_Q, "vega"), 32: (_Q, "rho"), 33: (_Q, "securityStatus"),
    34: (_Q, "theoreticalOptionValue"), 35: (_Q, "underlyingPrice"), 36: (_R, "expirationType"),
    37: (_Q, "mark"), 38: (_Q, "quoteTime"), 39: (_Q, "tradeTime"), 41: (_R, "exchangeName"),
    42: (_R, "lastTradingDay"), 43: (_R, "settlementType"), 44: (_Q, "netPercentChange"),
    45: (_Q, "markChange"), 46: (_Q, "markPercentChange"), 47: (_Q, "impliedYield"), 48: (_R, "isPennyPilot"),
    50: (_Q, "52WeekHigh"), 51: (_Q, "52WeekLow"), 52: (_Q, "indAskPrice"), 53: (_Q, "indBidPrice"),
    54: (_Q, "indQuoteTime"), 55: (_R, "exerciseType"),
}  # fmt: skip
OPTION_OWN: dict[int, Callable[[OptionView], object]] = {
    14: lambda view: 2,
    40: lambda view: "o",
    49: lambda view: view.contract.root,
}

LAST_FIELD = {"LEVELONE_EQUITIES": 51, "LEVELONE_OPTIONS": 55}


def readers_of(kind: type[View], numbers: tuple[int, ...]) -> Mapping[str, Reader]:
    """How the wanted fields that a kind of view has are read, by number as text."""
    is_option = issubclass(kind, OptionView)
    places = OPTION_PLACES if is_option else EQUITY_PLACES
    own: Mapping[int, Reader] = OPTION_OWN if is_option else EQUITY_OWN if issubclass(kind, StockView) else {}
    found: dict[str, Reader] = {}
    for number in numbers:
        if number in own:
            found[str(number)] = own[number]
        elif number in places:
            section, key = places[number]
            reader = kind.sections.get(section, {}).get(key)
            if reader is not None:
                found[str(number)] = reader
    return found
