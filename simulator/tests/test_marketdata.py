"""Quotes, market hours and candles."""

from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from simulator.tests.conftest import Wire

CHICAGO = ZoneInfo("America/Chicago")


def quotes(wire: Wire, symbols: str, **more: str) -> Any:
    answer = wire.get("/marketdata/v1/quotes", symbols=symbols, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_quotes_by_kind_and_unknown_symbols(wire: Wire) -> None:
    wire.sign_in()
    held = wire.get(f"/trader/v1/accounts/{wire.hash_of(2)}", fields="positions").json()
    option = next(
        row["instrument"]["symbol"]
        for row in held["securitiesAccount"]["positions"]
        if row["instrument"]["assetType"] == "OPTION"
    )
    body = quotes(wire, f"AAPL,SPY,$SPX,SWPPX,NOTASYM,{option}")
    assert body.pop("errors") == {"invalidSymbols": ["NOTASYM"]}
    assert list(body) == ["AAPL", "SPY", "$SPX", "SWPPX", option]
    kinds = {symbol: entry["assetMainType"] for symbol, entry in body.items()}
    assert kinds == {
        "AAPL": "EQUITY",
        "SPY": "EQUITY",
        "$SPX": "INDEX",
        "SWPPX": "MUTUAL_FUND",
        option: "OPTION",
    }
    assert body["SPY"]["assetSubType"] == "ETF"
    assert body["AAPL"]["reference"]["description"] == "APPLE INC"
    assert body[option]["reference"]["strikePrice"] == int(option[-8:]) / 1000
    assert (
        0
        < body["AAPL"]["quote"]["bidPrice"]
        < body["AAPL"]["quote"]["mark"]
        < body["AAPL"]["quote"]["askPrice"]
    )
    assert set(quotes(wire, "AAPL", fields="quote,reference")["AAPL"]) & {"fundamental", "regular"} == set()


def test_one_symbol_and_its_errors(wire: Wire) -> None:
    wire.sign_in()
    assert list(wire.get("/marketdata/v1/AAPL/quotes").json()) == ["AAPL"]
    answer = wire.get("/marketdata/v1/NOTASYM/quotes")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["status"] == "404"
    answer = wire.get("/marketdata/v1/quotes")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"]["pointer"][0] == "/data/attributes/symbols"
    answer = wire.get("/marketdata/v1/quotes", symbols="AAPL", fields="price")
    assert answer.json()["errors"][0]["source"] == {"parameter": "fields"}
    wire.headers = {}
    assert wire.get("/marketdata/v1/quotes", symbols="AAPL").json()["errors"][0]["source"] == {
        "header": "Authorization"
    }


@pytest.mark.parametrize(
    ("day", "ends"),
    [("2026-11-25", "16:00:00-05:00"), ("2026-11-27", "13:00:00-05:00"), ("2027-07-06", "16:00:00-04:00")],
)
def test_market_hours_of_whole_and_half_days(wire: Wire, day: str, ends: str) -> None:
    wire.sign_in()
    body = wire.get("/marketdata/v1/markets", markets="equity,option", date=day).json()
    assert (list(body["equity"]), list(body["option"])) == (["EQ"], ["EQO", "IND"])
    hours = body["equity"]["EQ"]["sessionHours"]
    assert list(hours) == ["preMarket", "regularMarket", "postMarket"]
    assert hours["regularMarket"][0]["end"] == f"{day}T{ends}"
    assert hours["postMarket"][0]["start"] == f"{day}T{ends}"
    assert body["equity"]["EQ"]["isOpen"] is True


@pytest.mark.parametrize("day", ["2026-11-26", "2026-11-28", "2027-01-01"])
def test_market_hours_of_closed_days(wire: Wire, day: str) -> None:
    wire.sign_in()
    body = wire.get("/marketdata/v1/markets/equity", date=day).json()
    closed = {"date": day, "marketType": "EQUITY", "product": "equity", "isOpen": False}
    assert body == {"equity": {"equity": closed}}


@pytest.mark.parametrize("params", [{}, {"markets": "moon"}, {"markets": "equity", "date": "2026-11-01"}])
def test_bad_market_questions(wire: Wire, params: dict[str, str]) -> None:
    wire.sign_in()
    assert wire.get("/marketdata/v1/markets", **params).status_code == 400


def test_daily_candles_are_central_midnights_and_end_in_the_quotes_close(wire: Wire) -> None:
    wire.sign_in()
    params = {"periodType": "month", "frequencyType": "daily", "needPreviousClose": "true"}
    body = wire.get("/marketdata/v1/pricehistory", symbol="AAPL", **params).json()
    candles = body["candles"]
    stamps = [datetime.fromtimestamp(item["datetime"] / 1000, CHICAGO) for item in candles]
    assert all((stamp.hour, stamp.minute) == (0, 0) and stamp.weekday() < 5 for stamp in stamps)
    assert len({stamp.utcoffset() for stamp in stamps}) == 2
    assert stamps[-1].date().isoformat() == "2026-11-23"
    assert candles[-1]["close"] == quotes(wire, "AAPL")["AAPL"]["quote"]["closePrice"]
    for item in candles:
        assert (
            item["low"]
            <= min(item["open"], item["close"])
            <= max(item["open"], item["close"])
            <= item["high"]
        )
    later = wire.get(
        "/marketdata/v1/pricehistory", symbol="AAPL", **params, startDate=str(candles[1]["datetime"])
    ).json()
    assert later["previousClose"] == candles[0]["close"]
    assert later["candles"] == candles[1:]
    weekly = wire.get(
        "/marketdata/v1/pricehistory", symbol="AAPL", periodType="month", frequencyType="weekly"
    ).json()
    assert weekly["candles"][-1]["close"] == candles[-1]["close"]


def test_minute_candles(wire: Wire) -> None:
    wire.sign_in()
    ask = {"symbol": "SPY", "periodType": "day", "period": "1"}
    body = wire.get("/marketdata/v1/pricehistory", **ask).json()
    starts = [item["datetime"] for item in body["candles"]]
    assert len(starts) == 390
    assert {after - before for before, after in pairwise(starts)} == {60_000}
    assert body["candles"][-1]["close"] == quotes(wire, "SPY")["SPY"]["quote"]["closePrice"]
    wide = wire.get("/marketdata/v1/pricehistory", **ask, frequency="30", needExtendedHoursData="true").json()
    assert len(wide["candles"]) == 19  # 07:00 to the default end, the 16:00 close; both ends count
    empty = wire.get("/marketdata/v1/pricehistory", symbol="NOTASYM").json()
    assert empty == {"candles": [], "symbol": "NOTASYM", "empty": True}


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"symbol": "SPY", "frequencyType": "daily"},
        {"symbol": "SPY", "period": "7"},
        {"symbol": "SPY", "startDate": "x"},
    ],
)
def test_bad_history_questions(wire: Wire, params: dict[str, str]) -> None:
    wire.sign_in()
    assert wire.get("/marketdata/v1/pricehistory", **params).status_code == 400
