"""The control endpoint: clock, changes by hand, switched-off routes, faults and counters."""

import time
from typing import Any

import pytest
import requests

from simulator.tests.conftest import NOON, Wire


def held(wire: Wire, index: int) -> dict[str, Any]:
    path = f"/trader/v1/accounts/{wire.hash_of(index)}"
    account = wire.get(path, fields="positions").json()["securitiesAccount"]
    return {row["instrument"]["symbol"]: row for row in account.get("positions", [])}


def worth(wire: Wire, index: int) -> float:
    body = wire.get(f"/trader/v1/accounts/{wire.hash_of(index)}").json()
    return float(body["securitiesAccount"]["currentBalances"]["liquidationValue"])


def fees(wire: Wire, index: int) -> float:
    """What the account's trades of the last hour cost in fees."""
    window = {"startDate": "2026-11-24T16:00:00.000Z", "endDate": "2026-11-24T18:00:00.000Z"}
    rows = wire.get(f"/trader/v1/accounts/{wire.hash_of(index)}/transactions", **window, types="TRADE").json()
    return -sum(float(item["cost"]) for row in rows for item in row["transferItems"][:-1])


def test_clock(wire: Wire) -> None:
    assert wire.state()["now"] == NOON
    assert wire.control("clock", advance_seconds=90.5)["now"] == "2026-11-24T17:01:30.500000Z"
    assert wire.control("clock", set="2027-01-04T09:30:00-05:00")["now"] == "2027-01-04T14:30:00Z"
    assert wire.control("clock", freeze=False)["frozen"] is False
    assert wire.state()["epoch"] > 1_799_000_000
    assert abs(wire.control("clock", reset=True)["epoch"] - time.time()) < 60


def test_closing_and_opening_by_hand(wire: Wire) -> None:
    wire.sign_in()
    before, first = worth(wire, 1), held(wire, 1)
    wire.control("accounts", account=1, remove_symbol="AAPL")
    assert set(held(wire, 1)) == set(first) - {"AAPL"}
    assert fees(wire, 1) > 0
    assert worth(wire, 1) == pytest.approx(before - fees(wire, 1), abs=0.001)
    wire.control(
        "accounts", account=1, add=[{"symbol": "F", "quantity": 30}, {"symbol": "GME", "quantity": -5}]
    )
    now = held(wire, 1)
    assert (now["F"]["longQuantity"], now["F"]["previousSessionLongQuantity"]) == (30.0, 0.0)
    assert now["F"]["currentDayCost"] == pytest.approx(now["F"]["marketValue"])
    assert now["GME"]["shortQuantity"] == 5.0
    assert worth(wire, 1) == pytest.approx(before - fees(wire, 1), abs=0.001)
    wire.control("accounts", account=1, add={"symbol": "F", "quantity": -40})
    assert held(wire, 1)["F"]["shortQuantity"] == 10.0
    wire.control("clock", advance_seconds=86400)
    wire.sign_in()
    later = held(wire, 1)
    assert "AAPL" not in later
    assert later["F"]["previousSessionShortQuantity"] == 10.0
    assert later["F"]["currentDayCost"] == 0.0
    wire.control("reset")
    wire.control("clock", freeze=True, set=NOON)
    assert set(held(wire, 1)) == set(first)


def test_a_hand_trade_is_an_order_too(wire: Wire) -> None:
    wire.sign_in()
    wire.control("accounts", account=4, add={"symbol": "KO", "quantity": 1})
    window = {"fromEnteredTime": "2026-11-24T05:00:00.000Z", "toEnteredTime": "2026-11-25T00:00:00.000Z"}
    rows = wire.get(f"/trader/v1/accounts/{wire.hash_of(4)}/orders", **window).json()
    assert [(row["status"], row["filledQuantity"]) for row in rows] == [("FILLED", 1.0)]


def test_a_position_that_a_days_plan_carries_stays_closed(wire: Wire) -> None:
    wire.sign_in()
    wire.control("accounts", account=2, remove_symbol="UBER")
    assert "UBER" not in held(wire, 2)
    wire.control("clock", set="2026-11-25T05:00:11Z")
    wire.sign_in()
    assert "UBER" not in held(wire, 2)
    wire.control("clock", set="2026-11-25T05:03:00Z")
    assert held(wire, 2)["UBER"]["previousSessionLongQuantity"] == 0.0
    wire.control("clock", set="2026-11-26T05:00:11Z")
    wire.sign_in()
    assert held(wire, 2)["UBER"]["previousSessionLongQuantity"] == 20.0


def test_an_account_vanishes_and_comes_back(wire: Wire) -> None:
    wire.sign_in()
    wire.control("accounts", omit_account=3)
    assert len(wire.get("/trader/v1/accounts").json()) == 4
    assert wire.get(f"/trader/v1/accounts/{wire.hash_of(3)}").status_code == 404
    wire.control("accounts", restore_account=3)
    assert len(wire.get("/trader/v1/accounts").json()) == 5


def test_switched_off_routes(wire: Wire) -> None:
    wire.sign_in()
    wire.control("off", paths=["/marketdata/v1/markets", "/trader/v1/userPreference"])
    for path in ("/marketdata/v1/markets", "/marketdata/v1/markets/equity", "/trader/v1/userPreference"):
        answer = wire.get(path, markets="equity")
        assert answer.status_code == 404
        assert answer.text == f"404 Not Found: Requested route ('{path}') does not exist."
    assert wire.get("/marketdata/v1/quotes", symbols="AAPL").status_code == 200
    wire.control("off", paths=[])
    assert wire.get("/trader/v1/userPreference").status_code == 200


def test_status_and_html_faults_count_down(wire: Wire) -> None:
    wire.sign_in()
    throttled = {"kind": "status", "path_prefix": "/trader/v1/accounts", "count": 2, "status": 429}
    wire.control("faults", **throttled, body='{"errors": []}', headers={"Retry-After": "60"})
    assert wire.get("/trader/v1/userPreference").status_code == 200
    seen = [wire.get("/trader/v1/accounts") for _ in range(3)]
    assert [answer.status_code for answer in seen] == [429, 429, 200]
    assert seen[0].headers["Retry-After"] == "60"
    assert seen[0].json() == {"errors": []}
    wire.control("faults", kind="html", status=403)
    answer = wire.get("/trader/v1/accounts")
    assert answer.status_code == 403
    assert "<TITLE>Access Denied</TITLE>" in answer.text
    wire.control("faults", clear=True)
    assert wire.get("/trader/v1/accounts").status_code == 200


def test_a_cut_body_breaks_off(wire: Wire) -> None:
    wire.sign_in()
    wire.control("faults", kind="cut_body", count=1, path_prefix="/trader/v1/accounts")
    with pytest.raises(requests.exceptions.RequestException, match=r"IncompleteRead|Connection broken"):
        wire.get("/trader/v1/accounts", fields="positions")
    assert wire.get("/trader/v1/accounts").status_code == 200


def test_slow_answers_and_latency_make_clients_wait(wire: Wire) -> None:
    wire.sign_in()
    url = wire.base + "/trader/v1/accounts"
    wire.control("faults", kind="slow", seconds=30, count=1)
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(url, headers=wire.headers, timeout=0.2)
    wire.control("latency", seconds=30, path_prefix="/trader/v1/accounts")
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(url, headers=wire.headers, timeout=0.2)
    assert wire.get("/trader/v1/userPreference").status_code == 200
    wire.control("latency", seconds=0, path_prefix="/trader/v1/accounts")
    assert wire.get("/trader/v1/accounts").status_code == 200


def test_calls_are_counted_by_route(wire: Wire) -> None:
    wire.sign_in()
    wire.control("calls/reset")
    for index in (1, 2):
        wire.get(f"/trader/v1/accounts/{wire.hash_of(index)}")
    wire.get("/trader/v1/nothing")
    counted = requests.get(f"{wire.base}/_control/calls", timeout=10).json()
    assert counted["routes"] == {"GET /trader/v1/accounts/{hash}": 2, "GET /trader/v1/nothing": 1}
    assert counted["total"] == 3


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("clock", {"advance_seconds": "soon"}),
        ("clock", {"set": "never"}),
        ("faults", {"kind": "gremlin"}),
        ("faults", {"colour": "red"}),
        ("accounts", {"account": 99, "remove_symbol": "AAPL"}),
        ("accounts", {"account": 1, "remove_symbol": "ZZZZ"}),
        ("accounts", {"account": 1, "add": {"symbol": "ZZZZ", "quantity": 1}}),
        ("accounts", {"account": 1, "add": "AAPL"}),
        ("off", {"paths": "all"}),
        ("latency", {}),
    ],
)
def test_unreadable_control_requests_are_refused(wire: Wire, name: str, body: dict[str, Any]) -> None:
    answer = requests.post(f"{wire.base}/_control/{name}", json=body, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["detail"]
