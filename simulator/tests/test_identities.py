"""The arithmetic of balances and positions, recomputed in Decimal from the answers' own text."""

import json
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
import requests

from simulator.tests.conftest import Wire
from simulator.world.accounts import WIDE_COUNT

CENT, NOISE = Decimal("0.01"), Decimal("0.000001")
SEEDS = ("thor", "a second world", "3")
START = datetime(2026, 11, 20, 4, 59, 58, tzinfo=UTC)
INSTANTS = [START + timedelta(seconds=3 + number * 71_237) for number in range(4)]


def decoded(answer: requests.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text, parse_float=Decimal, parse_int=Decimal)


def factor(row: Any) -> Decimal:
    kind: str = row["instrument"]["assetType"]
    return {"OPTION": Decimal(100), "FIXED_INCOME": CENT}.get(kind, Decimal(1))


def signed(row: Any) -> Any:
    return row["longQuantity"] - row["shortQuantity"]


def check_position(row: Any, marks: Any) -> None:
    assert (row["longQuantity"] > 0) != (row["shortQuantity"] > 0)
    side = "long" if row["longQuantity"] else "short"
    quantity, value = abs(signed(row)), row["marketValue"]
    cost = row["averagePrice"] * quantity * factor(row)
    gain = value - cost if side == "long" else cost - abs(value)
    assert abs(row[f"{side}OpenProfitLoss"] - gain) < NOISE
    assert (value > 0) == (side == "long")
    assert value == value.quantize(CENT)
    assert row["maintenanceRequirement"] == row["maintenanceRequirement"].quantize(CENT)
    check_day(row, side, marks)


def check_day(row: Any, side: str, marks: Any) -> None:
    instrument, value = row["instrument"], row["marketValue"]
    quote = marks.get(instrument["symbol"])
    if quote is None:
        return
    prices = quote["quote"]
    mark, close = prices.get("mark", prices.get("nAV")), prices["closePrice"]
    assert abs(mark * signed(row) * factor(row) - value) <= CENT / 2 + NOISE
    previous = row[f"previousSession{side.title()}Quantity"] * (1 if side == "long" else -1)
    before = (close * previous * factor(row)).quantize(CENT, ROUND_HALF_EVEN)
    assert abs(row["currentDayProfitLoss"] - (value - before - row["currentDayCost"])) <= CENT + NOISE
    invested = abs(before + row["currentDayCost"])
    if invested:
        percent = 100 * row["currentDayProfitLoss"] / invested
        assert abs(row["currentDayProfitLossPercentage"] - percent) <= CENT
    if "netChange" in instrument:
        assert instrument["netChange"] == mark - close


def check_margin(account: Any) -> None:
    now, projected = account["currentBalances"], account["projectedBalances"]
    rows = account.get("positions", [])
    parts = "cashBalance marginBalance shortBalance longMarketValue mutualFundValue moneyMarketFund bondValue"
    assert now["equity"] == sum(now[key] for key in parts.split()) + now["shortMarketValue"]
    assert (
        now["liquidationValue"]
        == now["equity"] + now["longOptionMarketValue"] + now["shortOptionMarketValue"]
    )
    assert now["maintenanceRequirement"] == sum(row["maintenanceRequirement"] for row in rows)
    assert now["availableFunds"] == min(now["sma"], now["equity"] - now["maintenanceRequirement"])
    if now["liquidationValue"] < 2000:
        assert now["buyingPower"] == now["cashBalance"]
    else:
        power = min(2 * now["sma"], now["availableFunds"] / Decimal("0.30"))
        assert abs(now["buyingPower"] - power) <= CENT / 2
    assert now["cashBalance"] == 0 or now["marginBalance"] == 0
    debit = now["marginBalance"] < 0
    whole = min(100, int(100 * now["equity"] / now["longMarketValue"])) if debit else 100
    assert now["equityPercentage"] == whole
    assert projected["stockBuyingPower"] == projected["buyingPower"] == now["buyingPower"]
    for key in ("availableFunds", "dayTradingBuyingPower"):
        assert projected[key] == now[key]
    first = account["initialBalances"]
    assert first["equity"] == first["liquidationValue"] == first["accountValue"]
    assert first["margin"] == first["cashBalance"] + first["marginBalance"]
    assert first["isInCall"] is projected["isInCall"] is False


def check_cash(account: Any) -> None:
    now = account["currentBalances"]
    parts = (
        "cashBalance longMarketValue longOptionMarketValue shortOptionMarketValue mutualFundValue bondValue"
    )
    assert now["liquidationValue"] == sum(now[key] for key in parts.split())
    assert all(row["maintenanceRequirement"] == 0 for row in account["positions"])
    keys = {key for block in account.values() if isinstance(block, dict) for key in block}
    assert not keys & {
        "marginBalance",
        "maintenanceRequirement",
        "buyingPower",
        "equity",
        "sma",
        "availableFunds",
    }


def check_account(element: Any, marks: Any) -> None:
    account = element["securitiesAccount"]
    now = account["currentBalances"]
    (check_margin if account["type"] == "MARGIN" else check_cash)(account)
    rows = account.get("positions", [])
    for row in rows:
        check_position(row, marks)
    total = sum(row["marketValue"] for row in rows)
    loans = now.get("marginBalance", 0) + now.get("shortBalance", 0)
    assert total == now["liquidationValue"] - now["cashBalance"] - loans
    assert element["aggregatedBalance"]["liquidationValue"] == now["liquidationValue"]


def quotes_of(wire: Wire, accounts: Any) -> Any:
    """Quotes of all that the small accounts hold and of every fourth row of the wide one."""
    held: set[str] = set()
    for element in accounts:
        rows = element["securitiesAccount"].get("positions", [])
        held |= {row["instrument"]["symbol"] for row in rows[:: 4 if len(rows) > 100 else 1]}
    found = decoded(wire.get("/marketdata/v1/quotes", symbols=",".join(sorted(held)), fields="quote"))
    # A bond has no quote here; everything else that is held must have one.
    assert set(found) - {"errors"} >= {symbol for symbol in held if not symbol.startswith("91282")}
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_balances_positions_and_quotes_agree_at_every_instant(wire: Wire, seed: str) -> None:
    wire.control("seed", seed=seed)
    for instant in INSTANTS:
        wire.control("clock", set=instant.isoformat())
        seen = []
        for login in ("demo", "other"):
            wire.sign_in(login)
            accounts = decoded(wire.get("/trader/v1/accounts", fields="positions"))
            marks = quotes_of(wire, accounts)
            for element in accounts:
                check_account(element, marks)
            seen += [len(element["securitiesAccount"].get("positions", [])) for element in accounts]
        assert len(seen) == 7
        assert seen[4] == WIDE_COUNT == 1000


def test_the_same_seed_and_instant_give_the_same_figures(wire: Wire) -> None:
    wire.sign_in()
    path = f"/trader/v1/accounts/{wire.hash_of(2)}"
    first = wire.get(path, fields="positions").text
    assert wire.get(path, fields="positions").text == first
    wire.control("clock", advance_seconds=2)
    moved = wire.get(path, fields="positions").text
    assert moved != first
    wire.control("clock", advance_seconds=-2)
    assert wire.get(path, fields="positions").text == first
    wire.control("seed", seed="other")
    assert wire.get(path).status_code == 404


def test_prices_can_stand_still_when_the_market_is_closed(wire: Wire) -> None:
    wire.sign_in()

    def price_at(instant: str) -> float:
        wire.control("clock", set=instant)
        entry = wire.get("/marketdata/v1/quotes", symbols="AAPL").json()["AAPL"]
        return float(entry["quote"]["lastPrice"])

    sunday, later, monday = "2026-11-29T15:00:00Z", "2026-11-29T15:10:00Z", "2026-11-30T15:00:00Z"
    wire.control("clock", set=sunday)
    wire.sign_in()
    assert price_at(sunday) != price_at(later)
    wire.control("market", quiet_when_closed=True)
    # The Friday after Thanksgiving is a half day: its post-market ends at 17:00 Eastern.
    assert price_at(sunday) == price_at(later) == price_at("2026-11-27T22:00:00Z")
    assert price_at("2026-11-27T21:59:00Z") != price_at(sunday)
    wire.control("clock", set=monday)
    wire.sign_in()
    assert price_at(monday) != price_at(sunday)
