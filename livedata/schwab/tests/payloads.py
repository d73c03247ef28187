"""Invented answers of Schwab's Trader API, as the wire reference writes them (§6.1–§6.3), and ways to change them."""

import copy
import json
from typing import Any

Json = dict[str, Any]

MARGIN_NUMBER, CASH_NUMBER = "31415926", "27182818"


def encode(value: Any) -> bytes:
    """Return JSON as it comes over the wire; a string `@@text@@` stands for that text without quotes."""
    return json.dumps(value).replace('"@@', "").replace('@@"', "").encode()


def changed(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """Return a copy with the value at `path` replaced."""
    result = copy.deepcopy(value)
    place = result
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = new
    return result


def without(value: Any, path: tuple[str | int, ...]) -> Any:
    """Return a copy with the key at `path` taken out."""
    result = copy.deepcopy(value)
    place = result
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return result


def row(instrument: Json, figures: str) -> Json:
    """Return a position row of §2.3; a negative quantity makes it a short.

    `figures` are quantity, average price, market value, open P/L, day P/L and day P/L percent.
    """
    quantity, average, value, opened, day, percent = (float(word) for word in figures.split())
    side = "Long" if quantity >= 0 else "Short"
    return {
        "shortQuantity": max(-quantity, 0.0),
        "averagePrice": average,
        "currentDayProfitLoss": day,
        "currentDayProfitLossPercentage": percent,
        "longQuantity": max(quantity, 0.0),
        "settledLongQuantity": max(quantity, 0.0),
        "settledShortQuantity": min(quantity, 0.0),
        "instrument": instrument,
        "marketValue": value,
        "maintenanceRequirement": 0.0,
        f"average{side}Price": average,
        f"taxLotAverage{side}Price": average,
        f"{side.lower()}OpenProfitLoss": opened,
        f"previousSession{side}Quantity": abs(quantity),
        "currentDayCost": 0.0,
    }


def equity(symbol: str, net_change: float) -> Json:
    """Return the instrument of a share: no description."""
    return {"assetType": "EQUITY", "cusip": "000000000", "symbol": symbol, "netChange": net_change}


def named(kind: str, symbol: str, description: str, **more: Any) -> Json:
    """Return an instrument that has a description."""
    return {
        "assetType": kind,
        "cusip": "000000109",
        "symbol": symbol,
        "description": description,
    } | more


def option(symbol: str, description: str, net_change: float, put_call: str, underlying: str) -> Json:
    """Return the instrument of an equity option."""
    more = {"netChange": net_change, "type": "VANILLA", "putCall": put_call, "underlyingSymbol": underlying}
    return named("OPTION", symbol, description, **more)


AAPL = row(equity("AAPL", 1.6), "120.0 178.254 25368.0 3977.52 192.0 0.76")
INTC = row(equity("INTC", -0.45), "-200.0 24.1275 -4430.0 395.5 90.0 1.99")
CALL = row(
    option("AAPL  260918C00220000", "APPLE INC 09/18/2026 $220 Call", 0.45, "CALL", "AAPL"),
    "2.0 8.4566 2230.0 538.68 90.0 4.21",
)
PUT = row(
    option("AMD   260821P00140000", "ADVANCED MICRO DEVICES 08/21/2026 $140 Put", -0.24, "PUT", "AMD"),
    "-1.0 4.2133 -286.0 135.33 24.0 7.74",
)
SPY = row(
    named("COLLECTIVE_INVESTMENT", "SPY", "STATE STREET SPDR S&P 500 ETF", netChange=3.24),
    "25.0 610.024 15308.5 57.9 57.9 0.38",
)
FUND = row(
    named("MUTUAL_FUND", "ZZIDX", "FICTIONAL INDEX FUND SELECT SHARES"),
    "310.455 14.2203 5231.17 816.41 0.0 0.0",
)
MONEY = row(
    named("MUTUAL_FUND", "ZZMMF", "FICTIONAL PRIME MONEY FUND INVESTOR"),
    "8250.12 1.0 8250.12 0.0 0.0 0.0",
)
SWEEP = row(
    named("CASH_EQUIVALENT", "ZZSWP", "FICTIONAL BANK SWEEP", type="SWEEP_VEHICLE"),
    "2500.17 1.0 2500.17 0.0 0.0 0.0",
)
SCHD = row(
    named("COLLECTIVE_INVESTMENT", "SCHD", "SCHWAB US DIVIDEND EQUITY ETF", netChange=0.08),
    "400.0 27.115 11216.0 370.0 32.0 0.29",
)
MSFT = row(equity("MSFT", -1.86), "12.5 402.3312 5890.5 861.36 -23.25 -0.39")
CASH_MONEY = row(
    named("MUTUAL_FUND", "ZZMMF", "FICTIONAL PRIME MONEY FUND INVESTOR"),
    "3000.0 1.0 3000.0 0.0 0.0 0.0",
)

MARGIN_CURRENT: Json = {
    "accruedInterest": 0.0, "cashBalance": 12845.67, "cashReceipts": 0.0, "longOptionMarketValue": 2230.0,
    "liquidationValue": 69342.96, "longMarketValue": 40676.5, "moneyMarketFund": 0.0, "savings": 0.0,
    "shortMarketValue": -4430.0, "pendingDeposits": 0.0, "mutualFundValue": 13481.29, "bondValue": 0.0,
    "shortOptionMarketValue": -286.0, "availableFunds": 31250.4, "availableFundsNonMarginableTrade": 31250.4,
    "buyingPower": 62500.8, "buyingPowerNonMarginableTrade": 31250.4, "dayTradingBuyingPower": 118742.0,
    "equity": 67398.96, "equityPercentage": 100.0, "longMarginValue": 40676.5, "maintenanceCall": 0.0,
    "maintenanceRequirement": 20026.34, "marginBalance": 0.0, "regTCall": 0.0, "shortBalance": 4825.5,
    "shortMarginValue": -4430.0, "sma": 31250.4,
}  # fmt: skip
MARGIN_PROJECTED: Json = {
    "availableFunds": 31250.4, "availableFundsNonMarginableTrade": 31250.4, "buyingPower": 62500.8,
    "dayTradingBuyingPower": 118742.0, "dayTradingBuyingPowerCall": 0.0, "maintenanceCall": 0.0, "regTCall": 0.0,
    "isInCall": False, "stockBuyingPower": 62500.8,
}  # fmt: skip
CASH_CURRENT: Json = {
    "accruedInterest": 0.0, "cashBalance": 4210.35, "cashReceipts": 0.0, "longOptionMarketValue": 0.0,
    "liquidationValue": 24316.85, "longMarketValue": 17106.5, "moneyMarketFund": 0.0, "savings": 0.0,
    "shortMarketValue": 0.0, "pendingDeposits": 0.0, "mutualFundValue": 3000.0, "bondValue": 0.0,
    "shortOptionMarketValue": 0.0, "cashAvailableForTrading": 4210.35, "cashAvailableForWithdrawal": 4210.35,
    "cashCall": 0.0, "longNonMarginableMarketValue": 4210.35, "totalCash": 4210.35, "cashDebitCallValue": 0.0,
    "unsettledCash": 0.0,
}  # fmt: skip
CASH_PROJECTED: Json = {"cashAvailableForTrading": 4210.35, "cashAvailableForWithdrawal": 4210.35}


def _account(kind: str, number: str, positions: list[Json], current: Json, projected: Json) -> Json:
    """Return one element of `GET /accounts`."""
    account = {
        "type": kind,
        "accountNumber": number,
        "roundTrips": 0,
        "isDayTrader": False,
        "isClosingOnlyRestricted": False,
        "pfcbFlag": False,
        "positions": positions,
        "initialBalances": {"liquidationValue": current.get("liquidationValue"), "isInCall": False},
        "currentBalances": current,
        "projectedBalances": projected,
    }
    total = {
        name: current.get("liquidationValue") for name in ("currentLiquidationValue", "liquidationValue")
    }
    return copy.deepcopy({"securitiesAccount": account, "aggregatedBalance": total})


def margin_account(positions: list[Json] | None = None) -> Json:
    """Return the margin account of §6.2, with other positions where they are given."""
    held = [AAPL, INTC, CALL, PUT, SPY, FUND, MONEY] if positions is None else positions
    return _account("MARGIN", MARGIN_NUMBER, held, MARGIN_CURRENT, MARGIN_PROJECTED)


def cash_account(positions: list[Json] | None = None) -> Json:
    """Return the cash account of §6.3."""
    held = [SCHD, MSFT, CASH_MONEY] if positions is None else positions
    return _account("CASH", CASH_NUMBER, held, CASH_CURRENT, CASH_PROJECTED)


def preferences() -> Json:
    """Return `GET /userPreference` of §6.1."""
    names = {MARGIN_NUMBER: "Trading", CASH_NUMBER: "Contributory IRA"}
    streamer = {
        "streamerSocketUrl": "wss://streamer.example/ws",
        "schwabClientCustomerId": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "schwabClientCorrelId": "6b1d3a52-4c1e-4f7a-9d35-0c8a2e7f1b44",
        "schwabClientChannel": "N9",
        "schwabClientFunctionId": "APIAPP",
    }
    accounts = [
        {"accountNumber": number, "primaryAccount": False, "type": "BROKERAGE", "nickName": name}
        for number, name in names.items()
    ]
    return {
        "accounts": accounts,
        "streamerInfo": [streamer],
        "offers": [{"level2Permissions": True, "mktDataPermission": "NP"}],
    }
