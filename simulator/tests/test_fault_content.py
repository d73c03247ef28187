"""Faults inside good answers: unknown keys and values, missing rows and accounts, numbers that are none."""

import json
from typing import Any

import pytest

from simulator.tests.conftest import Wire
from simulator.tests.trouble import ALL, ordered


def test_unknown_keys_and_values_in_good_answers(wire: Wire) -> None:
    wire.sign_in()
    wire.control("faults", kind="unknown_keys")
    first, *others = [item["securitiesAccount"] for item in wire.get(ALL, fields="positions").json()]
    assert first["type"] == "UNIVERSAL"
    assert {item["type"] for item in others} == {"MARGIN", "CASH"}
    assert first["positions"][0]["instrument"]["assetType"] == "HOLOGRAM"
    assert all("unheardOf" in item for item in (first, first["positions"][3], first["currentBalances"]))
    window = {"fromEnteredTime": "2026-11-24T05:00:00.000Z", "toEnteredTime": "2026-11-25T00:00:00.000Z"}
    orders = wire.get(f"{ALL}/{wire.hash_of(2)}/orders", **window).json()
    assert orders[0]["status"] == "PONDERING"
    quotes = wire.get("/marketdata/v1/quotes", symbols="AAPL,ZZZZ").json()
    assert set(quotes) == {"AAPL", "errors"}
    assert "unheardOf" in quotes["AAPL"]["quote"]


def rows(wire: Wire, index: int) -> dict[str, Any]:
    account = wire.get(f"{ALL}/{wire.hash_of(index)}", fields="positions").json()["securitiesAccount"]
    return {row["instrument"]["symbol"]: row for row in account.get("positions", [])}


def test_rows_are_missing_while_the_balances_count_them(wire: Wire) -> None:
    wire.sign_in()
    good = {
        item["securitiesAccount"]["accountNumber"]: item for item in wire.get(ALL, fields="positions").json()
    }
    number = wire.state()["accounts"][1]["number"]
    wire.control("faults", kind="missing_rows", account=2, rows=3)
    seen = {
        item["securitiesAccount"]["accountNumber"]: item for item in wire.get(ALL, fields="positions").json()
    }
    assert {key for key in seen if seen[key] != good[key]} == {number}
    was, now = good[number]["securitiesAccount"], seen[number]["securitiesAccount"]
    assert now["positions"] == was["positions"][:-3]
    assert now["currentBalances"] == was["currentBalances"]
    assert len(rows(wire, 2)) == len(was["positions"]) - 3
    wire.control("faults", clear=True)
    ordered(wire, "missing_rows", symbols=["KO"])
    assert len(rows(wire, 1)) == 10
    assert "KO" not in rows(wire, 3)
    assert "KO" in rows(wire, 3)


def test_the_key_of_the_positions_and_whole_accounts_are_missing(wire: Wire) -> None:
    wire.sign_in()
    ordered(wire, "no_positions_key")
    assert ["positions" in item["securitiesAccount"] for item in wire.get(ALL, fields="positions").json()] == [
        False, True, True, False, True,
    ]  # fmt: skip
    missing = wire.control("faults", kind="missing_account", account=3)["id"]
    number = wire.state()["accounts"][2]["number"]
    numbers = [item["accountNumber"] for item in wire.get(f"{ALL}/accountNumbers").json()]
    assert (len(numbers), number in numbers) == (4, False)
    assert len(wire.get(ALL).json()) == 4
    assert number not in wire.get("/trader/v1/userPreference").text
    ordered(wire, "empty_list", endpoint="accounts")
    wire.http.request("DELETE", f"{wire.base}/_control/faults", json={"id": missing}, timeout=10)
    assert wire.get(ALL).json() == []


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("nan", "NaN"),
        ("null", "null"),
        ("huge", "1E1000000"),
        ("infinity", "Infinity"),
        ("-0.0", "-0.0"),
    ],
)
def test_one_bad_number(wire: Wire, value: str, written: str) -> None:
    wire.sign_in()
    path = f"{ALL}/{wire.hash_of(3)}"
    good = wire.get(path, fields="positions").text
    ordered(wire, "bad_number", value=value, symbol="MSFT", key="averagePrice")
    bad = wire.get(path, fields="positions").text
    was = json.loads(good)["securitiesAccount"]["positions"]
    average = next(row["averagePrice"] for row in was if row["instrument"]["symbol"] == "MSFT")
    assert bad == good.replace(f'"averagePrice":{average}', f'"averagePrice":{written}', 1)


def test_a_number_as_text_in_the_first_row_that_has_one(wire: Wire) -> None:
    wire.sign_in()
    good = wire.get(f"{ALL}/{wire.hash_of(1)}", fields="positions").json()["securitiesAccount"]["positions"]
    ordered(wire, "bad_number", value="string", endpoint="account")
    bad = list(rows(wire, 1).values())
    assert bad[0]["marketValue"] == str(good[0]["marketValue"])
    assert bad[1:] == good[1:]
