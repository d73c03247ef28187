"""Positions as bytes: rendered once, the same pushed and read, tagged, put together, kept in Redis."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import redis
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actandpos import cache, rendering, selectors, serializers, services
from actandpos.models import Account
from actandpos.tests.book import account, apply, row
from actandpos.types import Balances

pytestmark = pytest.mark.django_db


def test_what_is_pushed_has_the_bytes_of_what_is_read(held: Account, browser: Client) -> None:
    today = date(2026, 11, 20)
    with time_machine.travel(datetime(2026, 11, 20, 16, 0, tzinfo=UTC), tick=False):
        content = browser.get("/api/positions").content
        activity = browser.get("/api/actandpos/activity/today").content
    for view in selectors.position_rows([held], today):
        pushed = msgspec.json.encode(serializers.position_dict(view))
        assert pushed in content
        assert pushed in activity


def test_share_of_net_liq_needs_a_positive_one(held: Account) -> None:
    for at, net_liq in ((2, Decimal(0)), (3, Decimal(-1)), (4, None)):
        apply(held, at, row("AAA"), row("BBB", None), balances=Balances(net_liq=net_liq, cash=Decimal(1)))
        share, unknown = selectors.position_rows([held], date(2026, 11, 20))
        assert share.net_liq_percent is unknown.net_liq_percent is None
        assert "net liquidating value" in share.missing["net_liq_percent"]
        assert "market value" in unknown.missing["net_liq_percent"]


def test_days_count_down_at_eastern_midnight(held: Account, browser: Client) -> None:
    seen = []
    for minute in (59, 60):
        with time_machine.travel(
            datetime(2026, 11, 21, 4, tzinfo=UTC) + timedelta(minutes=minute), tick=False
        ):
            answer = browser.get(f"/api/positions?account_id={held.pk}")
            seen.append((answer.json()["positions"][1]["days_to_expiration"], answer["ETag"]))
    assert [days for days, _ in seen] == [28, 27]
    assert seen[0][1] != seen[1][1]


def test_etag_tells_that_nothing_changed(held: Account, browser: Client) -> None:
    address = f"/api/positions?account_id={held.pk}"
    first = browser.get(address)
    assert (first["Cache-Control"], first["Vary"]) == ("private, no-cache", "Cookie")
    same = browser.get(address, headers={"if-none-match": f'W/"x", {first["ETag"]}'})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    apply(held, 2, row("AAA", "1001"))
    changed = browser.get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["positions"][0]["market_value"] == "1001"
    assert changed.json()["version"] == 2


def test_one_and_all_have_tags_of_their_own(held: Account, browser: Client) -> None:
    assert (
        browser.get("/api/positions")["ETag"] != browser.get(f"/api/positions?account_id={held.pk}")["ETag"]
    )


def test_all_accounts_are_put_together_from_the_parts(held: Account, owner: User, browser: Client) -> None:
    other, empty = account(owner, "Cash …8765", "two"), account(owner, "New …1111", "three")
    apply(other, 5, row("ZZZ"))
    answer = browser.get("/api/positions").json()
    ones = [browser.get(f"/api/positions?account_id={each.pk}").json() for each in (held, other, empty)]
    assert answer["positions"] == [each for one in ones for each in one["positions"]]
    assert (answer["version"], answer["as_of"]) == (2, "2026-11-20T15:00:05.000Z")
    assert ones[2] == {
        "account_id": empty.pk,
        "version": 0,
        "as_of": None,
        "positions": [],
        "closed_today": [],
    }


def test_a_second_reading_renders_nothing(held: Account, browser: Client) -> None:
    browser.get("/api/positions")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/api/positions")
    assert len(captured) == 3  # session, user, accounts
    assert not any("actandpos_position" in each["sql"] for each in captured)


def test_other_processes_find_the_rows_in_redis(held: Account, redis_url: str) -> None:
    today = date(2026, 11, 20)
    parts = rendering.position_parts([held], today)
    key = rendering.cache_key(held, today)
    with redis.Redis.from_url(redis_url) as client:
        assert client.get(key) == parts[0]
        assert 0 < int(str(client.ttl(key))) <= cache.SHARED_SECONDS
        client.set(key, b'{"from":"redis"}')
    cache.local.clear()
    assert rendering.position_parts([held], today) == [b'{"from":"redis"}']


def test_without_redis_the_answer_is_the_same(held: Account, browser: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = browser.get("/api/positions")
    assert (answer.status_code, len(answer.json()["positions"])) == (200, 2)
    cache.local.clear()
    assert browser.get("/api/positions").content == answer.content


def test_a_writer_meanwhile_is_noticed(held: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    real = rendering.position_rows
    calls: list[int] = []

    def slow(accounts: Any, today: date) -> Any:
        rows = real(accounts, today)
        if not calls:
            calls.append(1)
            services.set_descriptions(held.pk, {"AAA": "Aaa Corp"})
        return rows

    monkeypatch.setattr(rendering, "position_rows", slow)
    seen = Account.objects.get(pk=held.pk)
    old_key = rendering.cache_key(seen, date(2026, 11, 20))
    parts = rendering.position_parts([seen], date(2026, 11, 20))
    assert b"Aaa Corp" in parts[0]
    assert seen.version == 2
    assert cache.get(old_key) is None
