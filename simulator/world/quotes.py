"""Quotes of every kind of instrument; the mark is the one that positions are valued at."""

from functools import lru_cache

from simulator.wire.times import central_midnight, iso_z, millis
from simulator.world import calendar, chance
from simulator.world.instruments import Json
from simulator.world.listings import Listing
from simulator.world.market import Board, known_contract, known_listing
from simulator.world.option_quotes import option_quote
from simulator.world.ranges import day_range, year_range

_EXCHANGES = {"Q": "NASDAQ", "N": "NYSE", "P": "NYSE Arca", "9": "OTC", "0": "Index", "3": "Mutual Fund"}
SECTIONS = ("quote", "fundamental", "extended", "reference", "regular")


def quote_json(symbol: str, board: Board, sections: frozenset[str]) -> Json | None:
    """The entry of one symbol with the wanted sections; None when the symbol is unknown or cannot be quoted."""
    contract = known_contract(symbol)
    if contract is not None:
        found = option_quote(contract, board) if contract.expiry >= board.day else None
    else:
        listing = known_listing(symbol)
        found = _listing_quote(listing, board) if listing is not None and listing.kind != "BOND" else None
    if found is None:
        return None
    return {key: value for key, value in found.items() if key not in SECTIONS or key in sections}


def _listing_quote(listing: Listing, board: Board) -> Json:
    if listing.kind in ("FUND", "MONEY"):
        return _fund_quote(listing, board)
    if listing.kind == "INDEX":
        return _index_quote(listing, board)
    return _stock_quote(listing, board)


def change(price: float, close: float) -> tuple[float, float]:
    """Net change and percent change from the previous close."""
    return round(price - close, 2), round(100 * (price - close) / close, 8) if close else 0.0


def _stock_quote(listing: Listing, board: Board) -> Json:
    mark, now = board.mark(listing.symbol), board.now
    session = calendar.last_session(now)
    regular_at = min(now, session.close)
    regular = mark if regular_at == now else board.market.mark_at(listing.symbol, regular_at)
    regular_net, regular_percent = change(regular, board.close(listing.symbol))
    traded = millis(now) - 60
    return {
        "assetMainType": "EQUITY",
        "assetSubType": "ETF" if listing.kind == "ETF" else "COE",
        "quoteType": "NBBO",
        "realtime": True,
        "ssid": _ssid(listing.symbol),
        "symbol": listing.symbol,
        "extended": {
            "askPrice": 0.0,
            "askSize": 0,
            "bidPrice": 0.0,
            "bidSize": 0,
            "lastPrice": mark,
            "lastSize": 10,
            "mark": 0.0,
            "quoteTime": 0,
            "totalVolume": 0,
            "tradeTime": traded,
        },
        "fundamental": _fundamental(listing, mark, board),
        "quote": _stock_prices(listing, board, mark, regular),
        "reference": _stock_reference(listing),
        "regular": {
            "regularMarketLastPrice": regular,
            "regularMarketLastSize": 100,
            "regularMarketNetChange": regular_net,
            "regularMarketPercentChange": regular_percent,
            "regularMarketTradeTime": min(traded, millis(session.close)),
        },
    }


def _stock_prices(listing: Listing, board: Board, mark: float, regular: float) -> Json:
    symbol, now = listing.symbol, board.now
    close = board.close(symbol)
    net, percent = change(mark, close)
    post_net, post_percent = change(mark, regular)
    year_high, year_low = year_range(board, symbol, mark)
    opened, high, low = day_range(board, symbol)
    half = round(max(0.01, mark * 0.0001), 2)
    quoted = millis(now) - 90
    return {
        "52WeekHigh": year_high,
        "52WeekLow": year_low,
        "askMICId": "ARCX",
        "askPrice": round(mark + half, 2),
        "askSize": _size(symbol, "ask", now),
        "askTime": quoted - 30,
        "bidMICId": "XNAS",
        "bidPrice": max(0.01, round(mark - half, 2)),
        "bidSize": _size(symbol, "bid", now),
        "bidTime": quoted,
        "closePrice": close,
        "highPrice": high,
        "lastMICId": "XADF",
        "lastPrice": mark,
        "lastSize": 100,
        "lowPrice": low,
        "mark": mark,
        "markChange": net,
        "markPercentChange": percent,
        "netChange": net,
        "netPercentChange": percent,
        "openPrice": opened,
        "postMarketChange": post_net,
        "postMarketPercentChange": post_percent,
        "quoteTime": quoted,
        "securityStatus": "Normal",
        "totalVolume": volume_so_far(listing, board),
        "tradeTime": quoted + 30,
    }


def volume_so_far(listing: Listing, board: Board) -> int:
    """The day's volume, growing evenly over the Eastern day."""
    share = (board.now % 86400) / 86400
    return int(daily_volume(listing) * (0.02 + 0.98 * share))


def daily_volume(listing: Listing) -> int:
    """A typical day's volume."""
    return chance.whole(400_000, 60_000_000, "volume", listing.symbol)


def _size(symbol: str, side: str, now: float) -> int:
    return chance.whole(1, 12, "size", symbol, side, int(now))


@lru_cache(maxsize=4096)
def _ssid(symbol: str) -> int:
    return chance.whole(10_000_000, 2_000_000_000, "ssid", symbol)


def _stock_reference(listing: Listing) -> Json:
    return {
        "cusip": listing.cusip,
        "description": listing.name,
        "exchange": listing.exchange,
        "exchangeName": _EXCHANGES[listing.exchange],
        "isHardToBorrow": listing.volatile,
        "isShortable": True,
        "htbRate": 12.5 if listing.volatile else 0.0,
    }


def _fundamental(listing: Listing, mark: float, board: Board) -> Json:
    dividend = round(listing.base * chance.between(0.0, 0.03, "dividend", listing.symbol), 2)
    eps = round(listing.base / chance.between(12, 45, "earnings", listing.symbol), 2)
    volume = float(daily_volume(listing))
    day = central_midnight(board.day)
    found: Json = {"avg10DaysVolume": volume, "avg1YearVolume": round(volume * 1.07, 1)}
    if dividend:
        found["declarationDate"] = iso_z(day - 40 * 86400)
    found |= {"divAmount": dividend}
    if dividend:
        found["divExDate"] = iso_z(day - 30 * 86400)
    found |= {"divFreq": 4 if dividend else 0, "divPayAmount": round(dividend / 4, 4)}
    if dividend:
        found["divPayDate"] = iso_z(day - 16 * 86400)
    found |= {"divYield": round(100 * dividend / mark, 4), "eps": eps, "fundLeverageFactor": 0.0}
    if dividend:
        found |= {"nextDivExDate": iso_z(day + 60 * 86400), "nextDivPayDate": iso_z(day + 74 * 86400)}
    return found | {"peRatio": round(mark / eps, 4) if listing.kind == "EQUITY" else 0.0}


def _no_fundamental() -> Json:
    return {
        "avg10DaysVolume": 0.0,
        "avg1YearVolume": 0.0,
        "divAmount": 0.0,
        "divFreq": 0,
        "divPayAmount": 0.0,
        "divYield": 0.0,
        "eps": 0.0,
        "fundLeverageFactor": 0.0,
        "peRatio": 0.0,
    }


def _index_quote(listing: Listing, board: Board) -> Json:
    mark, close = board.mark(listing.symbol), board.close(listing.symbol)
    net, percent = change(mark, close)
    year_high, year_low = year_range(board, listing.symbol, mark)
    opened, high, low = day_range(board, listing.symbol)
    return {
        "assetMainType": "INDEX",
        "realtime": True,
        "ssid": _ssid(listing.symbol),
        "symbol": listing.symbol,
        "fundamental": _no_fundamental(),
        "quote": {
            "52WeekHigh": year_high,
            "52WeekLow": year_low,
            "closePrice": close,
            "highPrice": high,
            "lastPrice": mark,
            "lowPrice": low,
            "netChange": net,
            "netPercentChange": percent,
            "openPrice": opened,
            "securityStatus": "Normal",
            "totalVolume": volume_so_far(listing, board),
            "tradeTime": millis(board.now) - 60,
        },
        "reference": _plain_reference(listing),
    }


def _fund_quote(listing: Listing, board: Board) -> Json:
    value, symbol = board.mark(listing.symbol), listing.symbol
    year_high, year_low = year_range(board, symbol, value)
    return {
        "assetMainType": "MUTUAL_FUND",
        "assetSubType": "MMF" if listing.kind == "MONEY" else "OEF",
        "realtime": True,
        "ssid": -1,
        "symbol": symbol,
        "fundamental": {**_no_fundamental(), "divYield": 1.21},
        "quote": {
            "52WeekHigh": year_high,
            "52WeekLow": year_low,
            "closePrice": value,
            "nAV": value,
            "netChange": 0.0,
            "netPercentChange": 0.0,
            "securityStatus": "Normal",
            "totalVolume": 0,
            "tradeTime": 0,
        },
        "reference": {"cusip": listing.cusip, **_plain_reference(listing)},
    }


def _plain_reference(listing: Listing) -> Json:
    return {
        "description": listing.name,
        "exchange": listing.exchange,
        "exchangeName": _EXCHANGES[listing.exchange],
    }
