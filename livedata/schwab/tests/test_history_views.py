"""Asking for history over HTTP, and how its reading goes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from actandpos.models import Account
from livedata.schwab import historyasking, tasks
from livedata.schwab.history_views import HistoryProgressSerializer
from livedata.schwab.models import BrokerConnection, HistoryProgress
from livedata.schwab.tests.fake_schwab import FIVE, FakeSchwab, said, transactions_of
from livedata.schwab.tests.people import account_of, change, user
from livedata.schwab.transactionsync import read_window

pytestmark = pytest.mark.django_db
PATH = "/api/schwab/history/"
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Any:
    """Let time stand still."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Collect what would be queued."""
    found: list[tuple[Any, ...]] = []

    def taken(*args: Any) -> bool:
        found.append(args)
        return True

    monkeypatch.setattr(historyasking, "enqueue", taken)
    return found


@pytest.fixture
def account(connection: BrokerConnection, noon: Any) -> Account:
    """The first account."""
    change(connection, access_expires_at=timezone.now() + timedelta(days=2))
    return account_of(connection, FIVE[0])


@pytest.fixture
def browser(account: Account) -> Client:
    """Its owner's browser."""
    client = Client()
    client.force_login(account.owner)
    return client


def ask(browser: Client, account_id: object, first: str = "2025-12-01", kind: str = "transactions") -> Any:
    """Ask for history."""
    body = {"account_id": account_id, "kind": kind, "from": first}
    return browser.post(PATH, body, content_type="application/json")


def test_a_history_is_asked_for_read_and_told(
    schwab: FakeSchwab, account: Account, browser: Client, enqueued: list[tuple[Any, ...]]
) -> None:
    assert browser.get(PATH).json() == []
    answer = ask(browser, account.pk)
    assert answer.status_code == 202
    told = answer.json()
    assert list(told) == list(HistoryProgressSerializer().fields)
    assert (told["state"], told["wanted_from"][:10], told["reached_back_to"]) == (
        "running",
        "2025-12-01",
        None,
    )
    assert (told["pages_done"], told["pages_total"], told["error"]) == (0, 12, None)
    assert enqueued == [(tasks.read_transactions, account.pk)]
    while read_window(account.pk, "manual") == "more":
        pass
    (done,) = browser.get(PATH).json()
    assert (done["state"], done["pages_done"], done["pages_total"]) == ("done", 12, 12)
    assert done["reached_back_to"] == done["wanted_from"]
    # Known already: nothing to do.
    again = ask(browser, account.pk, "2026-05-05").json()
    assert (again["state"], again["wanted_from"]) == ("done", told["wanted_from"])
    assert len(enqueued) == 1


def test_further_back_goes_on_from_where_it_ended(
    schwab: FakeSchwab, account: Account, browser: Client, enqueued: list[tuple[Any, ...]]
) -> None:
    while read_window(account.pk, "schedule") == "more":
        pass
    more = ask(browser, account.pk, "2025-11-20").json()
    assert (more["state"], more["reached_back_to"][:10], more["pages_total"]) == ("running", "2026-01-01", 2)
    while read_window(account.pk, "manual") == "more":
        pass
    account.refresh_from_db()
    assert str(account.transactions_known_from) == "2025-11-20"


def test_trouble_is_told(schwab: FakeSchwab, account: Account, browser: Client, enqueued: list[Any]) -> None:
    ask(browser, account.pk)
    schwab.says(transactions_of(FIVE[0]), said(500, ""))
    read_window(account.pk, "manual")
    (failed,) = browser.get(PATH).json()
    assert (failed["state"], failed["error"]["code"]) == ("failed", "schwab_outage")
    assert failed["error"]["message"].startswith("Schwab has an outage.")


def test_orders_are_asked_for_alike(
    account: Account, browser: Client, enqueued: list[tuple[Any, ...]]
) -> None:
    Account.objects.update(orders_from=NOON - timedelta(days=50))
    told = ask(browser, account.pk, kind="orders").json()
    assert (told["kind"], told["state"], told["pages_total"]) == ("orders", "running", 11)
    assert enqueued == [(tasks.read_orders_back, account.pk)]


@pytest.mark.parametrize(
    ("first", "kind", "code"),
    [
        ("2026-11-21", "orders", "invalid_range"),
        ("2025-11-19", "transactions", "invalid_range"),
        ("soon", "transactions", "invalid"),
        ("2026-11-01", "gossip", "invalid"),
    ],
)
def test_what_makes_no_sense_is_refused(
    account: Account, browser: Client, *, first: str, kind: str, code: str, enqueued: list[Any]
) -> None:
    answer = ask(browser, account.pk, first, kind)
    assert (answer.status_code, answer.json()["code"], enqueued) == (400, code, [])


def test_nobody_elses_and_not_without_a_link(account: Account, browser: Client, enqueued: list[Any]) -> None:
    HistoryProgress.objects.create(account=account, kind="orders")
    stranger = Client()
    stranger.force_login(user("stranger"))
    assert ask(stranger, account.pk).status_code == 404
    assert stranger.get(PATH).json() == []
    account.schwab_link.delete()
    answer = ask(browser, account.pk)
    assert (answer.status_code, answer.json()["code"], enqueued) == (409, "not_connected", [])
