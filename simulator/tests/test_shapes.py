"""Shapes and quirks of the Trader API: keys and their order, JSON types, what is left out, and the error bodies."""

import json
import re
from typing import Any

import pytest
import requests

from simulator.tests.conftest import Wire

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000")
ACCOUNT_KEYS = [
    "type",
    "accountNumber",
    "roundTrips",
    "isDayTrader",
    "isClosingOnlyRestricted",
    "pfcbFlag",
    "positions",
    "initialBalances",
    "currentBalances",
    "projectedBalances",
]
LONG_ROW = [
    "shortQuantity",
    "averagePrice",
    "currentDayProfitLoss",
    "currentDayProfitLossPercentage",
    "longQuantity",
    "settledLongQuantity",
    "settledShortQuantity",
    "instrument",
    "marketValue",
    "maintenanceRequirement",
    "averageLongPrice",
    "taxLotAverageLongPrice",
    "longOpenProfitLoss",
    "previousSessionLongQuantity",
    "currentDayCost",
]
INSTRUMENT_KEYS = {
    "EQUITY": {"assetType", "cusip", "symbol", "netChange"},
    "COLLECTIVE_INVESTMENT": {"assetType", "cusip", "symbol", "netChange", "description", "type"},
    "OPTION": {
        "assetType",
        "cusip",
        "symbol",
        "description",
        "netChange",
        "type",
        "putCall",
        "underlyingSymbol",
    },
    "MUTUAL_FUND": {"assetType", "cusip", "symbol", "description"},
    "FIXED_INCOME": {"assetType", "cusip", "symbol", "description"},
}


def accounts(wire: Wire, login: str = "demo") -> list[Any]:
    wire.sign_in(login)
    return [item["securitiesAccount"] for item in wire.get("/trader/v1/accounts", fields="positions").json()]


def contains_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(contains_null(item) for item in value.values())
    return any(contains_null(item) for item in value) if isinstance(value, list) else value is None


def numbers_written_as_integers(text: str, *keys: str) -> list[str]:
    return re.findall(rf'"(?:{"|".join(keys)})":(-?\d+)[,}}]', text)


def side_of(key: str, short: bool) -> str:
    return key.replace("Long", "Short").replace("long", "short") if short else key


def test_account_numbers_and_hashes(wire: Wire) -> None:
    wire.sign_in()
    rows = wire.get("/trader/v1/accounts/accountNumbers").json()
    assert len(rows) == 5
    assert all(re.fullmatch(r"\d{8}", row["accountNumber"]) for row in rows)
    assert all(re.fullmatch(r"[0-9A-F]{64}", row["hashValue"]) for row in rows)
    assert rows[2]["accountNumber"].startswith("0")


def test_kinds_of_accounts(wire: Wire) -> None:
    borrower, desk, ira, empty, wide = accounts(wire)
    assert [item["type"] for item in (borrower, desk, ira, empty, wide)] == [
        "MARGIN",
        "MARGIN",
        "CASH",
        "MARGIN",
        "MARGIN",
    ]
    assert borrower["currentBalances"]["marginBalance"] < 0
    assert borrower["currentBalances"]["cashBalance"] == 0
    assert list(desk) == ACCOUNT_KEYS
    assert "positions" not in empty
    assert len(wide["positions"]) == 1000
    held = {row["instrument"]["assetType"] for row in desk["positions"]}
    assert held == {"EQUITY", "COLLECTIVE_INVESTMENT", "OPTION", "MUTUAL_FUND"}
    assert any(
        row["shortQuantity"] and row["instrument"]["assetType"] == "EQUITY" for row in desk["positions"]
    )
    etf = next(row for row in desk["positions"] if row["instrument"]["assetType"] == "COLLECTIVE_INVESTMENT")
    assert etf["previousSessionLongQuantity"] == etf["settledLongQuantity"] == 0
    assert etf["currentDayCost"] > 0
    assert {row["instrument"]["assetType"] for row in ira["positions"]} >= {"FIXED_INCOME", "MUTUAL_FUND"}
    assert any(row["longQuantity"] % 1 for row in ira["positions"])
    assert len(accounts(wire, "other")) == 2


def test_rows_have_their_keys_and_doubles(wire: Wire) -> None:
    for account in accounts(wire):
        for row in account.get("positions", []):
            short = bool(row["shortQuantity"])
            keys = LONG_ROW[:10] + [side_of(key, short) for key in LONG_ROW[10:]]
            assert list(row) == keys
            assert set(row["instrument"]) == INSTRUMENT_KEYS[row["instrument"]["assetType"]]
            assert row["settledShortQuantity"] <= 0
    text = wire.get("/trader/v1/accounts", fields="positions").text
    assert not contains_null(json.loads(text))
    doubles = set(LONG_ROW) - {"instrument"} | {"shortBalance", "cashBalance", "sma", "netChange"}
    assert not numbers_written_as_integers(text, *doubles)
    noisy = re.findall(r'"currentDayProfitLoss":-?\d+\.(\d{9,})', text)
    assert noisy


def test_positions_only_when_asked(wire: Wire) -> None:
    wire.sign_in()
    path = f"/trader/v1/accounts/{wire.hash_of(1)}"
    assert "positions" not in wire.get(path).json()["securitiesAccount"]
    element = wire.get(path, fields="positions").json()
    assert list(element) == ["securitiesAccount", "aggregatedBalance"]
    assert element["securitiesAccount"]["positions"]
    assert wire.get(path, fields="orders").status_code == 400


def test_option_symbols_and_cusips(wire: Wire) -> None:
    desk = accounts(wire)[1]
    for row in desk["positions"]:
        item = row["instrument"]
        if item["assetType"] != "OPTION":
            continue
        found = re.fullmatch(r"([A-Z ]{6})(\d\d)(\d\d)(\d\d)([CP])(\d{8})", item["symbol"])
        assert found
        root, year, month, day, right, strike = found.groups()
        letter = "ABCDEFGHIJKL" if right == "C" else "MNOPQRSTUVWX"
        base36 = "0123456789ABCDEFGHIJKLMNOPQRSTUV"[int(day)]
        assert item["cusip"] == f"0{root.strip():.<5}{letter[int(month) - 1]}{base36}{year[-1]}{strike[1:]}"
        assert item["description"].endswith(
            f"{month}/{day}/20{year} ${int(strike) / 1000:g} {item['putCall'].title()}"
        )
        assert (item["putCall"] == "CALL") == (right == "C")
        assert f"20{year}-{month}-{day}" > "2026-11-24"


def test_every_answer_has_a_correl_id_and_may_be_gzip(wire: Wire) -> None:
    wire.sign_in()
    for path in ("/trader/v1/accounts", "/trader/v1/nothing", "/marketdata/v1/quotes"):
        answer = wire.get(path)
        assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["Schwab-Client-CorrelId"])
    assert wire.get("/marketdata/v1/quotes").headers["Schwab-Resource-Version"] == "1"
    packed = wire.get("/trader/v1/accounts", fields="positions")
    assert packed.headers["Content-Encoding"] == "gzip"
    plain = requests.get(
        wire.base + "/trader/v1/accounts", headers={**wire.headers, "Accept-Encoding": "identity"}, timeout=10
    )
    assert "Content-Encoding" not in plain.headers


def test_user_preference(wire: Wire) -> None:
    wire.sign_in()
    body = wire.get("/trader/v1/userPreference").json()
    assert [row["nickName"] for row in body["accounts"]] == [
        "Trading",
        "Options",
        "Contributory IRA",
        "Holiday fund",
        "Wide book",
    ]
    assert [row["primaryAccount"] for row in body["accounts"]] == [True, False, False, False, False]
    assert body["accounts"][0]["displayAcctId"] == "..." + body["accounts"][0]["accountNumber"][-3:]
    streamer = body["streamerInfo"][0]
    assert (streamer["schwabClientChannel"], streamer["schwabClientFunctionId"]) == ("N9", "APIAPP")
    assert streamer["streamerSocketUrl"].startswith("ws://127.0.0.1:")


@pytest.mark.parametrize("path", ["/trader/v1/accounts", "/trader/v1/orders", "/marketdata/v1/quotes"])
def test_bad_tokens_get_the_gateway_401(wire: Wire, path: str) -> None:
    wire.headers = {"Authorization": "Bearer I0.nothing@"}
    answer = wire.get(path)
    assert answer.status_code == 401
    error = answer.json()["errors"][0]
    assert list(error) == ["id", "status", "title", "detail"]
    assert (error["status"], error["title"], error["detail"]) == (
        401,
        "Unauthorized",
        "Client not authorized",
    )


def test_unknown_hashes_and_routes(wire: Wire) -> None:
    wire.sign_in()
    number = wire.state()["accounts"][0]["number"]
    for wrong in ("F" * 64, number):
        answer = wire.get(f"/trader/v1/accounts/{wrong}")
        assert answer.status_code == 404
        assert set(answer.json()) == {"message"}
    answer = wire.get("/trader/v1/nothing")
    assert answer.status_code == 404
    assert answer.text == "404 Not Found: Requested route ('/trader/v1/nothing') does not exist."
    assert answer.headers["Content-Type"].startswith("text/plain")


DAY = {"fromEnteredTime": "2026-11-24T00:00:00.000Z", "toEnteredTime": "2026-11-25T00:00:00.000Z"}
DATES = {"startDate": "2026-11-24T00:00:00.000Z", "endDate": "2026-11-25T00:00:00.000Z"}


@pytest.mark.parametrize(
    ("tail", "params"),
    [
        ("orders", {}),
        ("orders", {"fromEnteredTime": "2026-11-24T00:00:00.000Z"}),
        ("orders", {**DAY, "fromEnteredTime": "2026-11-24"}),
        ("orders", {**DAY, "fromEnteredTime": "2026-11-26T00:00:00.000Z"}),
        ("orders", {**DAY, "fromEnteredTime": "2025-11-01T00:00:00.000Z"}),
        ("orders", {**DAY, "status": "OPEN"}),
        ("orders", {**DAY, "maxResults": "0"}),
        ("orders/abc", {}),
        ("transactions", DATES),
        ("transactions", {**DATES, "types": "TRADE,GIFT"}),
        ("transactions", {"types": "TRADE"}),
    ],
)
def test_bad_parameters_are_service_errors(wire: Wire, tail: str, params: dict[str, str]) -> None:
    wire.sign_in()
    answer = wire.get(f"/trader/v1/accounts/{wire.hash_of(2)}/{tail}", **params)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert set(answer.json()) <= {"message", "errors"}
