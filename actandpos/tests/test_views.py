"""The book over HTTP: who may read what, how it is spelled, and what is cached."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from actandpos import serializers, services
from actandpos.models import Account
from actandpos.tests.book import START, order, signed_in, trader

pytestmark = pytest.mark.django_db
PATHS = [
    "/api/actandpos/accounts",
    "/api/actandpos/account_summary",
    "/api/positions",
    "/api/actandpos/activity/today",
]
CHOOSING = PATHS[1:]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("slash", ["", "/"])
def test_who_is_not_signed_in_gets_401(path: str, slash: str) -> None:
    answer = Client().get(path + slash)
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Sign in first.", "code": "not_authenticated"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", PATHS)
def test_reading_is_all_there_is(path: str, browser: Client) -> None:
    answer = browser.post(path)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("path", CHOOSING)
def test_anothers_account_is_not_found_not_even_for_superusers(path: str, held: Account) -> None:
    boss = signed_in(trader("boss", is_superuser=True, is_staff=True))
    hers = boss.get(path, {"account_id": held.pk})
    nobodys = boss.get(path, {"account_id": 999_999})
    assert hers.status_code == nobodys.status_code == 404
    assert hers.json() == nobodys.json()
    assert hers.json()["code"] == "not_found"
    assert b"AAA" not in boss.get(path).content
    assert held.display_name.encode() not in boss.get(PATHS[0]).content


@pytest.mark.parametrize("path", CHOOSING)
@pytest.mark.parametrize("text", ["abc", "-1", "1.5", " 1", "٣", "9" * 19, "9" * 5000, "1;2", "null"])
def test_a_number_is_asked_for(path: str, text: str, browser: Client) -> None:
    answer = browser.get(path, {"account_id": text})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_account_id")


@pytest.mark.parametrize("path", CHOOSING)
def test_an_empty_choice_is_all_accounts(path: str, held: Account, browser: Client) -> None:
    answer = browser.get(path, {"account_id": ""})
    assert answer.json()["account_id"] is None
    assert browser.get(path, {"account_id": held.pk}).json()["account_id"] == held.pk


def test_summary_keys_and_spelling(held: Account, browser: Client) -> None:
    summary = browser.get(f"/api/actandpos/account_summary/?account_id={held.pk}").json()
    assert list(summary) == list(serializers.SummarySerializer().fields)
    assert summary["net_liq"] == "2500"
    assert summary["pl_day_percent"] == "0.4016"
    assert summary["margin_balance"] is None
    assert summary["as_of"] == summary["checked_at"] == "2026-11-20T15:00:01.000Z"
    assert browser.get("/api/actandpos/accounts").json() == [summary]
    total = browser.get("/api/actandpos/account_summary").json()
    assert (total["account_id"], total["net_liq"]) == (None, "2500")


def test_position_keys_and_spelling(held: Account, browser: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 16, 0, tzinfo=UTC), tick=False):
        answer = browser.get(f"/api/positions?account_id={held.pk}").json()
    assert list(answer) == ["account_id", "version", "as_of", "positions", "closed_today"]
    share, call = answer["positions"]
    assert list(share) == list(serializers.PositionSerializer().fields)
    assert (share["quantity"], share["mark_price"], share["net_liq_percent"]) == ("10", "100", "40")
    assert (call["quantity"], call["strike"], call["expiration"], call["days_to_expiration"]) == (
        "-2",
        "220",
        "2026-12-18",
        28,
    )
    assert call["mark_change"] is None
    assert call["missing"] == {"mark_change": "Schwab sent no net change."}


def test_no_accounts_at_all(browser: Client) -> None:
    assert browser.get("/api/positions").json() == {
        "account_id": None,
        "version": 0,
        "as_of": None,
        "positions": [],
        "closed_today": [],
    }
    assert browser.get("/api/actandpos/accounts").json() == []
    assert browser.get("/api/actandpos/activity/today").json()["account_status"]["state"] == "unknown"


def test_activity(held: Account, browser: Client) -> None:
    done = {"status": "FILLED", "status_group": "filled", "closed_at": START}
    services.apply_orders(
        held, [order("1"), order("2", **done)], START, window_start=START - timedelta(days=1)
    )
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        answer = browser.get(f"/api/actandpos/activity/today?account_id={held.pk}").json()
    assert list(answer) == list(serializers.ActivitySerializer().fields)
    assert (answer["trading_day"], answer["orders_checked_at"]) == ("2026-11-20", "2026-11-20T15:00:00.000Z")
    assert [each["broker_order_id"] for each in answer["working_orders"]] == ["1"]
    assert [each["broker_order_id"] for each in answer["filled_orders"]] == ["2"]
    assert list(answer["working_orders"][0]) == list(serializers.OrderSerializer().fields)
    assert len(answer["positions"]) == 2
    assert answer["account_status"] == {"state": "ok_to_trade", "text": "OK to trade", "reasons": []}


def test_the_schema_lists_the_book(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular")
    schema = capsys.readouterr().out
    for path in PATHS:
        assert f"{path}/:" in schema
    assert "If-None-Match" in schema
