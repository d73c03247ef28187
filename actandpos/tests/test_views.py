"""The book over HTTP: who may read what, how it is spelled, and what is cached."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import redis
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actandpos import cache, rendering, selectors, serializers, services
from actandpos.models import Account
from actandpos.tests.book import START, account, apply, option, order, row, signed_in, trader
from actandpos.types import Balances

pytestmark = pytest.mark.django_db
PATHS = [
    "/api/actandpos/accounts",
    "/api/actandpos/account_summary",
    "/api/positions",
    "/api/actandpos/activity/today",
]
CHOOSING = PATHS[1:]


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Start with nothing rendered."""
    cache.local.clear()
    cache.shared.reopen()


@pytest.fixture
def owner() -> User:
    """The one whose desk it is."""
    return trader()


@pytest.fixture
def margin(owner: User) -> Account:
    """An account with a share and a call."""
    made = account(owner)
    call = option(
        "XYZ   261218C00220000",
        date(2026, 12, 18),
        quantity=Decimal("-2.000000"),
        mark_change=None,
        missing={"mark_change": "Schwab sent no net change."},
    )
    apply(made, 1, row("AAA"), call)
    return made


@pytest.fixture
def browser(owner: User) -> Client:
    """The owner's browser."""
    return signed_in(owner)


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
def test_anothers_account_is_not_found_not_even_for_superusers(path: str, margin: Account) -> None:
    boss = signed_in(trader("boss", is_superuser=True, is_staff=True))
    hers = boss.get(path, {"account_id": margin.pk})
    nobodys = boss.get(path, {"account_id": 999_999})
    assert hers.status_code == nobodys.status_code == 404
    assert hers.json() == nobodys.json()
    assert hers.json()["code"] == "not_found"
    assert b"AAA" not in boss.get(path).content
    assert margin.display_name.encode() not in boss.get(PATHS[0]).content


@pytest.mark.parametrize("path", CHOOSING)
@pytest.mark.parametrize("text", ["abc", "-1", "1.5", " 1", "٣", "9" * 19, "9" * 5000, "1;2", "null"])
def test_a_number_is_asked_for(path: str, text: str, browser: Client) -> None:
    answer = browser.get(path, {"account_id": text})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_account_id")


@pytest.mark.parametrize("path", CHOOSING)
def test_an_empty_choice_is_all_accounts(path: str, margin: Account, browser: Client) -> None:
    answer = browser.get(path, {"account_id": ""})
    assert answer.json()["account_id"] is None
    assert browser.get(path, {"account_id": margin.pk}).json()["account_id"] == margin.pk


def test_summary_keys_and_spelling(margin: Account, browser: Client) -> None:
    summary = browser.get(f"/api/actandpos/account_summary/?account_id={margin.pk}").json()
    assert list(summary) == list(serializers.SummarySerializer().fields)
    assert summary["net_liq"] == "2500"
    assert summary["pl_day_percent"] == "0.4016"
    assert summary["margin_balance"] is None
    assert summary["as_of"] == summary["checked_at"] == "2026-11-20T15:00:01.000Z"
    assert browser.get("/api/actandpos/accounts").json() == [summary]
    total = browser.get("/api/actandpos/account_summary").json()
    assert (total["account_id"], total["net_liq"]) == (None, "2500")


def test_position_keys_and_spelling(margin: Account, browser: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 16, 0, tzinfo=UTC), tick=False):
        answer = browser.get(f"/api/positions?account_id={margin.pk}").json()
    assert list(answer) == ["account_id", "version", "as_of", "positions"]
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


def test_what_is_pushed_has_the_bytes_of_what_is_read(margin: Account, browser: Client) -> None:
    today = date(2026, 11, 20)
    with time_machine.travel(datetime(2026, 11, 20, 16, 0, tzinfo=UTC), tick=False):
        content = browser.get("/api/positions").content
        activity = browser.get("/api/actandpos/activity/today").content
    for view in selectors.position_rows([margin], today):
        pushed = msgspec.json.encode(serializers.position_dict(view))
        assert pushed in content
        assert pushed in activity


def test_share_of_net_liq_needs_a_positive_one(margin: Account) -> None:
    for at, net_liq in ((2, Decimal(0)), (3, Decimal(-1)), (4, None)):
        apply(margin, at, row("AAA"), row("BBB", None), balances=Balances(net_liq=net_liq, cash=Decimal(1)))
        share, unknown = selectors.position_rows([margin], date(2026, 11, 20))
        assert share.net_liq_percent is unknown.net_liq_percent is None
        assert "net liquidating value" in share.missing["net_liq_percent"]
        assert "market value" in unknown.missing["net_liq_percent"]


def test_days_count_down_at_eastern_midnight(margin: Account, browser: Client) -> None:
    seen = []
    for minute in (59, 60):
        with time_machine.travel(
            datetime(2026, 11, 21, 4, tzinfo=UTC) + timedelta(minutes=minute), tick=False
        ):
            answer = browser.get(f"/api/positions?account_id={margin.pk}")
            seen.append((answer.json()["positions"][1]["days_to_expiration"], answer["ETag"]))
    assert [days for days, _ in seen] == [28, 27]
    assert seen[0][1] != seen[1][1]


def test_etag_tells_that_nothing_changed(margin: Account, browser: Client) -> None:
    address = f"/api/positions?account_id={margin.pk}"
    first = browser.get(address)
    assert (first["Cache-Control"], first["Vary"]) == ("private, no-cache", "Cookie")
    same = browser.get(address, headers={"if-none-match": f'W/"x", {first["ETag"]}'})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    apply(margin, 2, row("AAA", "1001"))
    changed = browser.get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["positions"][0]["market_value"] == "1001"
    assert changed.json()["version"] == 2


def test_one_and_all_have_tags_of_their_own(margin: Account, browser: Client) -> None:
    assert (
        browser.get("/api/positions")["ETag"] != browser.get(f"/api/positions?account_id={margin.pk}")["ETag"]
    )


def test_all_accounts_are_put_together_from_the_parts(margin: Account, owner: User, browser: Client) -> None:
    other, empty = account(owner, "Cash …8765", "two"), account(owner, "New …1111", "three")
    apply(other, 5, row("ZZZ"))
    answer = browser.get("/api/positions").json()
    ones = [browser.get(f"/api/positions?account_id={each.pk}").json() for each in (margin, other, empty)]
    assert answer["positions"] == [each for one in ones for each in one["positions"]]
    assert (answer["version"], answer["as_of"]) == (2, "2026-11-20T15:00:05.000Z")
    assert ones[2] == {"account_id": empty.pk, "version": 0, "as_of": None, "positions": []}


def test_no_accounts_at_all(browser: Client) -> None:
    assert browser.get("/api/positions").json() == {
        "account_id": None,
        "version": 0,
        "as_of": None,
        "positions": [],
    }
    assert browser.get("/api/actandpos/accounts").json() == []
    assert browser.get("/api/actandpos/activity/today").json()["account_status"]["state"] == "unknown"


def test_a_second_reading_renders_nothing(margin: Account, browser: Client) -> None:
    browser.get("/api/positions")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/api/positions")
    assert len(captured) == 3  # session, user, accounts
    assert not any("actandpos_position" in each["sql"] for each in captured)


def test_other_processes_find_the_rows_in_redis(margin: Account, redis_url: str) -> None:
    today = date(2026, 11, 20)
    parts = rendering.position_parts([margin], today)
    key = rendering.cache_key(margin, today)
    with redis.Redis.from_url(redis_url) as client:
        assert client.get(key) == parts[0]
        assert 0 < int(str(client.ttl(key))) <= cache.SHARED_SECONDS
        client.set(key, b'{"from":"redis"}')
    cache.local.clear()
    assert rendering.position_parts([margin], today) == [b'{"from":"redis"}']


def test_without_redis_the_answer_is_the_same(margin: Account, browser: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = browser.get("/api/positions")
    assert (answer.status_code, len(answer.json()["positions"])) == (200, 2)
    cache.local.clear()
    assert browser.get("/api/positions").content == answer.content


def test_a_writer_meanwhile_is_noticed(margin: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    real = rendering.position_rows
    calls: list[int] = []

    def slow(accounts: Any, today: date) -> Any:
        rows = real(accounts, today)
        if not calls:
            calls.append(1)
            services.set_descriptions(margin.pk, {"AAA": "Aaa Corp"})
        return rows

    monkeypatch.setattr(rendering, "position_rows", slow)
    seen = Account.objects.get(pk=margin.pk)
    old_key = rendering.cache_key(seen, date(2026, 11, 20))
    parts = rendering.position_parts([seen], date(2026, 11, 20))
    assert b"Aaa Corp" in parts[0]
    assert seen.version == 2
    assert cache.get(old_key) is None


def test_activity(margin: Account, browser: Client) -> None:
    done = {"status": "FILLED", "status_group": "filled", "closed_at": START}
    services.apply_orders(
        margin, [order("1"), order("2", **done)], START, window_start=START - timedelta(days=1)
    )
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        answer = browser.get(f"/api/actandpos/activity/today?account_id={margin.pk}").json()
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
