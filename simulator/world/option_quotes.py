"""The quote entry of an option contract."""

import math

from simulator.wire.times import millis
from simulator.world import chance, options
from simulator.world.instruments import Json
from simulator.world.listings import all_listings
from simulator.world.market import Board
from simulator.world.options import Contract


def option_quote(contract: Contract, board: Board) -> Json:
    """Prices, greeks and terms of a living contract."""
    return {
        "assetMainType": "OPTION",
        "realtime": True,
        "ssid": chance.whole(10_000_000, 2_000_000_000, "ssid", contract.symbol),
        "symbol": contract.symbol,
        "quote": _prices(contract, board),
        "reference": _reference(contract, board),
    }


def _prices(contract: Contract, board: Board) -> Json:
    symbol = contract.symbol
    mark, close, spot = board.mark(symbol), board.close(symbol), board.mark(contract.root)
    volatility = board.market.volatility(contract, spot)
    theory = options.value(contract, spot, board.now, volatility)
    sign = 1 if contract.right == "C" else -1
    intrinsic = round(sign * (spot - contract.strike), 2)
    half = round(min(max(0.01, mark * 0.01), 0.5, mark), 2)
    net = round(mark - close, 2)
    percent = round(100 * (mark - close) / close, 8)
    quoted = millis(board.now) - 90
    greeks = options.greeks(contract, spot, board.now, volatility)
    return {
        "52WeekHigh": round(max(mark, close) * 1.9, 2),
        "52WeekLow": round(min(mark, close) * 0.4, 2),
        "askPrice": round(mark + half, 2),
        "askSize": chance.whole(1, 60, symbol, "ask", int(board.now)),
        "bidPrice": round(mark - half, 2),
        "bidSize": chance.whole(1, 60, symbol, "bid", int(board.now)),
        "closePrice": close,
        "delta": greeks["delta"],
        "gamma": greeks["gamma"],
        "highPrice": max(mark, close),
        "indAskPrice": 0.0,
        "indBidPrice": 0.0,
        "indQuoteTime": 0,
        "impliedYield": 0.0,
        "lastPrice": mark,
        "lastSize": 2,
        "lowPrice": min(mark, close),
        "mark": mark,
        "markChange": net,
        "markPercentChange": percent,
        "moneyIntrinsicValue": intrinsic,
        "netChange": net,
        "netPercentChange": percent,
        "openInterest": chance.whole(10, 40_000, "interest", symbol),
        "openPrice": close,
        "quoteTime": quoted,
        "rho": greeks["rho"],
        "securityStatus": "Normal",
        "theoreticalOptionValue": round(theory, 5),
        "theta": greeks["theta"],
        "timeValue": round(mark - max(0.0, intrinsic), 2),
        "totalVolume": chance.whole(0, 5_000, "volume", symbol),
        "tradeTime": quoted - 4000,
        "underlyingPrice": spot,
        "vega": greeks["vega"],
        "volatility": round(100 * volatility, 4),
    }


def _reference(contract: Contract, board: Board) -> Json:
    index = all_listings()[contract.root].kind == "INDEX"
    return {
        "contractType": contract.right,
        "daysToExpiration": (contract.expiry - board.day).days,
        "deliverables": f"100 {contract.root}",
        "description": contract.short_description(),
        "exchange": "O",
        "exchangeName": "OPR",
        "exerciseType": "E" if index else "A",
        "expirationDay": contract.expiry.day,
        "expirationMonth": contract.expiry.month,
        "expirationType": "S",
        "expirationYear": contract.expiry.year,
        "isPennyPilot": True,
        "lastTradingDay": millis(math.floor(contract.expires_at)),
        "multiplier": 100.0,
        "settlementType": "P",
        "strikePrice": contract.strike,
        "underlying": contract.root,
        "underlyingAssetType": "INDEX" if index else "EQUITY",
    }
