"""Invented transactions of Schwab's Trader API, as the wire reference writes them (§2.5, §6.5)."""

from typing import Any

from livedata.schwab.tests.payloads import Json

DOLLAR: Json = {
    "assetType": "CURRENCY",
    "status": "ACTIVE",
    "symbol": "CURRENCY_USD",
    "description": "USD currency",
    "instrumentId": 1,
    "closingPrice": 0.0,
}
FEE_TYPES = ("COMMISSION", "SEC_FEE", "OPT_REG_FEE", "TAF_FEE")


def fee(amount: float, kind: str | None = "COMMISSION") -> Json:
    """Return a fee row; its type may be missing."""
    row: Json = {"instrument": DOLLAR, "amount": amount, "cost": -amount if amount else 0.0}
    return row | ({"feeType": kind} if kind else {})


def cash(amount: float) -> Json:
    """Return the one row of a dividend or a deposit."""
    return {"instrument": DOLLAR, "amount": amount, "cost": 0.0}


def security(symbol: str, amount: float, cost: float, price: float | None, **more: Any) -> Json:
    """Return the row of a security; `more` overrides keys of the instrument, `effect` the position's."""
    effect = more.pop("effect", "OPENING")
    instrument = {"assetType": "EQUITY", "status": "ACTIVE", "symbol": symbol, "closingPrice": 10.0, **more}
    row: Json = {"instrument": instrument, "amount": amount, "cost": cost}
    row |= {"price": price} if price is not None else {}
    return row | ({"positionEffect": effect} if effect else {})


def option(symbol: str, amount: float, cost: float, price: float | None, **more: Any) -> Json:
    """Return the row of an equity option."""
    put = symbol[12] == "P"
    details: Json = {
        "assetType": "OPTION",
        "description": "EXAMPLE INC 08/21/2026 $140 Put",
        "expirationDate": f"20{symbol[6:8]}-{symbol[8:10]}-{symbol[10:12]}T04:00:00+0000",
        "optionPremiumMultiplier": 100,
        "putCall": "PUT" if put else "CALL",
        "strikePrice": int(symbol[13:]) / 1000,
        "underlyingSymbol": symbol[:6].strip(),
    }
    return security(symbol, amount, cost, price, **details | more)


def transaction(activity_id: int, kind: str, net: float | None, *rows: Json, **more: Any) -> Json:
    """Return a transaction with its usual keys; `more` overrides them and adds to them."""
    at = more.get("time", "2026-05-14T13:45:03+0000")
    usual: Json = {
        "activityId": activity_id,
        "time": at,
        "accountNumber": "31415926",
        "type": kind,
        "status": "VALID",
        "subAccount": "MARGIN",
        "tradeDate": at,
        "netAmount": net,
        "transferItems": list(rows),
    }
    return {key: value for key, value in (usual | more).items() if value is not None}


def trade(activity_id: int, row: Json, fees: float = 0.0, **more: Any) -> Json:
    """Return a trade with Schwab's four fee rows, three of them zero."""
    rows = [fee(fees if kind == "COMMISSION" else 0.0, kind) for kind in FEE_TYPES]
    net = round(row["cost"] - fees, 2)
    return transaction(activity_id, "TRADE", net, *rows, row, orderId=activity_id * 10, **more)


def bought_spy() -> Json:
    """Return the buy of 25 SPY without fees."""
    row = security("SPY", 25.0, -15250.6, 610.024, assetType="COLLECTIVE_INVESTMENT")
    return trade(98000009001, row, settlementDate="2026-05-15T04:00:00+0000")


def sold_put() -> Json:
    """Return the sale of an AMD put: fees in three rows."""
    rows = [fee(0.65), fee(0.01, "SEC_FEE"), fee(0.01, "OPT_REG_FEE"), fee(0.0, "TAF_FEE")]
    row = option("AMD   260821P00140000", -1.0, 422.0, 4.22)
    return transaction(
        98000009002, "TRADE", 421.33, *rows, row, orderId=1005000090044, time="2026-05-13T17:20:10+0000"
    )


def dividend() -> Json:
    """Return a dividend: no ticker, the company only in the description."""
    dates = {"time": "2026-05-12T08:00:00+0000", "tradeDate": "2026-05-12T04:00:00+0000"}
    more = {"qualifiedDividend": True, "description": "EXAMPLE SOFTWARE CORP", "subAccount": "CASH"}
    return transaction(98000009003, "DIVIDEND_OR_INTEREST", 9.5, cash(9.5), **dates, **more)


def deposit() -> Json:
    """Return a transfer from a bank."""
    dates = {"time": "2026-05-11T11:30:00+0000", "tradeDate": "2026-05-11T04:00:00+0000"}
    return transaction(98000009004, "ACH_RECEIPT", 2000.0, cash(2000.0), **dates, description="EXAMPLE BANK")
