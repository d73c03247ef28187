"""A margin account with as many positions as wanted, as Schwab would send it."""

import json
import random
from typing import Any

FIRST_MARK = 100.0


def position(number: int, rng: random.Random) -> dict[str, Any]:
    """Return one long stock with the keys of a captured row (reference §2.3)."""
    units, average = float(rng.randint(1, 900)), round(rng.uniform(5, 400), 4)
    mark = round(average * rng.uniform(0.7, 1.4), 2)
    value = round(units * mark, 2)
    return {
        "shortQuantity": 0.0,
        "averagePrice": average,
        "currentDayProfitLoss": round(units * 0.37, 2) + 1e-11,
        "currentDayProfitLossPercentage": 0.37,
        "longQuantity": units,
        "settledLongQuantity": units,
        "settledShortQuantity": 0.0,
        "instrument": {
            "assetType": "EQUITY",
            "cusip": f"{number:09d}",
            "symbol": f"ZZ{number:04d}",
            "netChange": 0.37,
        },
        "marketValue": value,
        "maintenanceRequirement": round(value * 0.3, 2),
        "averageLongPrice": average,
        "taxLotAverageLongPrice": average,
        "longOpenProfitLoss": value - average * units,
        "previousSessionLongQuantity": units,
        "currentDayCost": 0.0,
    }


def of_a_kind(row: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a row as a call, a short, a fund or as it is: of each a quarter."""
    kind, instrument = number % 4, row["instrument"]
    if kind == 1:
        words = {
            "description": "FICTIONAL INC 12/18/2026 $220 Call",
            "putCall": "CALL",
            "underlyingSymbol": "ZZ",
        }
        return row | {
            "instrument": instrument
            | words
            | {"assetType": "OPTION", "symbol": f"ZZ{number:04d}261218C00220000"}
        }
    if kind == 2:
        sides = {"longQuantity": 0.0, "shortQuantity": row["longQuantity"]}
        short = row | sides | {"shortOpenProfitLoss": -row["longOpenProfitLoss"]}
        del short["longOpenProfitLoss"]
        return short | {"marketValue": -row["marketValue"]}
    if kind == 3:
        del instrument["netChange"]
        instrument |= {"assetType": "MUTUAL_FUND", "description": "FICTIONAL INDEX FUND"}
    return row


def accounts(count: int, seed: int, *, kinds: bool = False) -> bytes:
    """Return the body of `GET /accounts?fields=positions` for one account; another seed changes every row.

    All rows are long shares, with `kinds` of four kinds.
    """
    rng = random.Random(seed)  # noqa: S311 (prices, no secrets)
    rows = [position(number, rng) for number in range(count)]
    if kinds:
        rows = [of_a_kind(row, number) for number, row in enumerate(rows)]
    held = round(sum(row["marketValue"] for row in rows), 2)
    balances = {
        "cashBalance": 1000.0,
        "liquidationValue": held + 1000.0,
        "equity": held + 1000.0,
        "longMarketValue": held,
        "shortMarketValue": 0.0,
        "marginBalance": 0.0,
        "shortBalance": 0.0,
        "buyingPower": 2000.0,
        "dayTradingBuyingPower": 4000.0,
        "maintenanceRequirement": 10.0,
        "availableFundsNonMarginableTrade": 500.0,
    }
    account = {"type": "MARGIN", "accountNumber": "31415926", "positions": rows, "currentBalances": balances}
    return json.dumps([{"securitiesAccount": account}]).encode()


def mixed(old: bytes, new: bytes, changed: int) -> bytes:
    """Return `old` with its first `changed` rows taken from `new`; the balances follow the rows."""
    body, other = json.loads(old), json.loads(new)
    rows = body[0]["securitiesAccount"]["positions"]
    rows[:changed] = other[0]["securitiesAccount"]["positions"][:changed]
    held = round(sum(row["marketValue"] for row in rows), 2)
    balances = body[0]["securitiesAccount"]["currentBalances"]
    balances |= {"liquidationValue": held + 1000.0, "equity": held + 1000.0, "longMarketValue": held}
    return json.dumps(body).encode()
