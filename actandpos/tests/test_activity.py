"""The day's activity as bytes: rendered once a version and day, tagged, never older than what it says."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actandpos import activity, cache, selectors, services
from actandpos.models import Account, Order, Transaction
from actandpos.tests.book import START, account, apply, order, row
from actandpos.types import OrderRow

pytestmark = pytest.mark.django_db
PATH = "/api/actandpos/activity/today"
NOW = START + timedelta(hours=1)
DONE = {"status": "FILLED", "status_group": "filled"}


@pytest.fixture(autouse=True)
def _now() -> Any:
    """Let an hour have passed."""
    with time_machine.travel(NOW, tick=False):
        yield


def put(held: Account, seconds: float, *rows: OrderRow) -> None:
    """Apply an order list asked for so many seconds after the start."""
    at = START + timedelta(seconds=seconds)
    services.apply_orders(held, list(rows), at, window_start=START - timedelta(days=59))
    held.refresh_from_db()


def again(browser: Client, tag: str) -> Any:
    """Ask whether the answer has changed."""
    return browser.get(PATH, headers={"if-none-match": tag})


def ids(answer: Any, group: str = "working_orders") -> list[str]:
    """Return the broker's ids of a group."""
    return [each["broker_order_id"] for each in answer.json()[group]]


def test_a_second_reading_asks_for_no_order(held: Account, browser: Client) -> None:
    put(held, 1, order("1"))
    first = browser.get(PATH)
    with CaptureQueriesContext(connection) as captured:
        second = browser.get(PATH)
    assert second.content == first.content
    assert len(captured) == 3  # session, user, accounts
    with CaptureQueriesContext(connection) as captured:
        unchanged = again(browser, first["ETag"])
    assert (unchanged.status_code, unchanged.content, len(captured)) == (304, b"", 3)
    assert unchanged["ETag"] == first["ETag"]
    assert unchanged["Cache-Control"] == "private, no-cache"


def test_the_cached_bytes_are_those_of_the_rows(held: Account, browser: Client) -> None:
    put(held, 1, order("1"), order("2", closed_at=START, **DONE))
    body = browser.get(PATH).json()
    cache.local.clear()
    fresh = selectors.orders_today([held], NOW)
    assert [each["id"] for each in body["working_orders"]] == [each.id for each in fresh.working]
    assert [each["id"] for each in body["filled_orders"]] == [each.id for each in fresh.filled]
    assert body["canceled_orders"] == []
    assert browser.get(PATH).json() == body


@pytest.mark.parametrize("moved", ["orders", "checked", "positions", "fees", "status", "history", "day"])
def test_whatever_is_shown_changes_the_tag(held: Account, browser: Client, moved: str) -> None:
    filled = order("1", avg_fill_price=Decimal(9), closed_at=START, **DONE)
    put(held, 1, filled)
    first = browser.get(PATH)
    at = NOW
    if moved == "orders":
        put(held, 2, filled, order("2"))
    elif moved == "checked":
        put(held, 2, filled)
    elif moved == "positions":
        apply(held, 5, row("AAA", "1001"))
    elif moved == "fees":
        booked = {"broker_activity_id": "1", "at": START, "trade_date": date(2026, 11, 20), "kind": "trade"}
        Transaction.objects.create(account=held, broker_order_id="1", fees=Decimal("0.66"), **booked)
        Account.objects.update(transactions_version=1)
    elif moved == "status":
        services.set_link_state([held], "reauth_required")
    elif moved == "history":
        Account.objects.update(orders_from=START - timedelta(days=365))
    else:
        at = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        answer = again(browser, first["ETag"])
    assert answer.status_code == 200
    assert answer.json() != first.json()


def test_working_orders_of_earlier_days_and_children_of_what_is_over(held: Account, browser: Client) -> None:
    long_ago = {"entered_at": START - timedelta(days=20)}
    entry = order("1", closed_at=START - timedelta(days=20), **DONE, **long_ago)
    shell = order("2", parent_broker_order_id="1", structure="OCO", legs=[], symbol="", **long_ago)
    stop = order("3", parent_broker_order_id="2", **long_ago)
    gone = {"status": "CANCELED", "status_group": "canceled", "closed_at": START}
    taken = order("4", parent_broker_order_id="2", **gone, **long_ago)
    put(held, 1, entry, shell, stop, taken)
    answer = browser.get(PATH)
    assert ids(answer) == ["3", "2"]
    assert ids(answer, "canceled_orders") == ["4"]
    parents = {each["broker_order_id"]: each["parent_id"] for each in answer.json()["working_orders"]}
    stored = dict(Order.objects.values_list("broker_order_id", "id"))
    assert parents == {"2": stored["1"], "3": stored["2"]}  # the first is over and not in the lists


def test_never_read_or_read_long_ago_is_not_the_same_as_none(held: Account, browser: Client) -> None:
    body = browser.get(PATH).json()
    assert (body["orders_checked_at"], body["history"]) == (
        None,
        [{"account_id": held.pk, "orders_from": None}],
    )
    put(held, 1)
    body = browser.get(PATH).json()
    assert body["orders_checked_at"] == "2026-11-20T15:00:01.000Z"
    assert body["history"] == [{"account_id": held.pk, "orders_from": "2026-09-22T15:00:00.000Z"}]


def test_one_account_and_all(held: Account, browser: Client) -> None:
    other = account(held.owner, "Cash …8765", "two")
    put(held, 1, order("1", entered_at=START))
    put(other, 1, order("2", entered_at=START + timedelta(minutes=1)))
    assert ids(browser.get(PATH)) == ["2", "1"]  # newest first, whatever the account
    assert ids(browser.get(PATH, {"account_id": other.pk})) == ["2"]
    tags = {
        browser.get(PATH)["ETag"],
        *(browser.get(PATH, {"account_id": pk})["ETag"] for pk in (held.pk, other.pk)),
    }
    assert len(tags) == 3
    put(other, 2, order("2", status="PENDING_CANCEL"))
    assert [each["status"] for each in browser.get(PATH).json()["working_orders"]] == [
        "PENDING_CANCEL",
        "WORKING",
    ]


def test_a_writer_meanwhile_is_noticed(held: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    put(held, 1, order("1"))
    real = selectors.orders_today
    calls: list[int] = []

    def slow(accounts: Any, now: datetime) -> Any:
        found = real(accounts, now)
        if not calls:
            calls.append(1)
            put(Account.objects.get(pk=held.pk), 2, order("1"), order("2"))
        return found

    monkeypatch.setattr(activity.selectors, "orders_today", slow)
    seen = Account.objects.get(pk=held.pk)
    body = activity.activity_body(None, [seen], NOW)
    assert b'"broker_order_id":"2"' in body
    assert seen.orders_version == 2
    with CaptureQueriesContext(connection) as captured:
        assert activity.order_lists([Account(pk=held.pk, orders_version=2)], NOW) != b""
    assert captured  # a version alone does not find another book's bytes


def test_without_redis_the_answer_is_the_same(held: Account, browser: Client, settings: Any) -> None:
    put(held, 1, order("1"))
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    first = browser.get(PATH)
    cache.local.clear()
    assert browser.get(PATH).content == first.content
