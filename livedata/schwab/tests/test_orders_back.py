"""A year of orders read back: a window a task, newest first, once, going on where it stopped."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from actandpos import services
from actandpos.models import Account, Order
from livedata.schwab import history, links, orderhistory, orderpages, tasks
from livedata.schwab.models import BrokerConnection, HistoryProgress
from livedata.schwab.tests.fake_schwab import ACCOUNTS, FIVE, FakeSchwab, hash_of, order, said
from livedata.schwab.tests.people import account_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
LISTED_FROM = NOON - timedelta(days=59)
OWN = f"{ACCOUNTS}/{hash_of(FIVE[0])}/orders"
EMPTY = said(200, [])


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """Let it be noon of a trading day."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def account(connection: BrokerConnection) -> Account:
    """The first account, whose newest orders were listed."""
    own = account_of(connection, FIVE[0])
    services.apply_orders(own, [], NOON, window_start=LISTED_FROM)
    return own


def progress() -> HistoryProgress:
    """Return how the reading goes."""
    return HistoryProgress.objects.get(kind="orders")


def windows(schwab: FakeSchwab) -> list[tuple[str, str]]:
    """Return the days from and to which was asked."""
    asked = [parse_qs(urlsplit(str(each.url)).query) for each in schwab.seen if OWN in str(each.url)]
    return [(each["fromEnteredTime"][0][:10], each["toEnteredTime"][0][:10]) for each in asked]


def old(number: int, entered: datetime, **more: Any) -> Any:
    """Return an order filled long ago."""
    day = entered.strftime("%Y-%m-%dT%H:%M:%S+0000")
    return order(FIVE[0], number, "FILLED", day, closeTime=day, **more)


def test_a_year_is_read_back_once_a_window_a_task(schwab: FakeSchwab, account: Account) -> None:
    schwab.says(OWN, said(200, [old(1, LISTED_FROM - timedelta(days=9))]), *[EMPTY] * 20)
    ended = []
    while account.pk in orderhistory.due(NOON):
        ended.append(tasks.read_orders_back(account.pk))
    assert ended == [*["more"] * 10, "done"]
    assert windows(schwab)[:2] == [("2026-08-23", "2026-09-22"), ("2026-07-24", "2026-08-23")]
    assert windows(schwab)[-1][0] == "2025-11-20"
    account.refresh_from_db()
    assert account.orders_from == NOON - timedelta(days=365)
    row = progress()
    assert (row.state, row.pages_done, row.pages_total) == ("done", 11, 11)
    assert row.reached_back_to == row.wanted_from == account.orders_from
    assert Order.objects.get().broker_order_id == "1"
    assert tasks.read_orders_back(account.pk) == "done"
    assert len(windows(schwab)) == 11
    assert account.orders_version == 0  # nothing of it is in the day's lists


def test_a_year_is_read_also_for_who_asked_for_less(schwab: FakeSchwab, account: Account) -> None:
    HistoryProgress.objects.create(account=account, kind="orders", wanted_from=NOON - timedelta(days=30))
    assert orderhistory.due(NOON) == [account.pk]
    schwab.says(OWN, EMPTY)
    assert tasks.read_orders_back(account.pk) == "more"
    assert progress().wanted_from == NOON - timedelta(days=365)


def test_only_accounts_whose_newest_orders_were_listed_are_begun_with(
    connection: BrokerConnection, account: Account
) -> None:
    assert orderhistory.due(NOON) == [account.pk]
    HistoryProgress.objects.create(account=account, kind="transactions", next_at=NOON + timedelta(hours=1))
    assert orderhistory.due(NOON) == [account.pk]
    history.take(history.progress_of(account, "orders"))
    assert orderhistory.due(NOON) == []
    assert tasks.read_orders_back(account.pk) == "busy"
    links.disconnect(connection)
    HistoryProgress.objects.all().delete()
    assert orderhistory.due(NOON) == []
    assert tasks.read_orders_back(account.pk) == "gone"


def test_reading_back_takes_only_a_part_of_the_calls(
    connection: BrokerConnection, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    for number in FIVE:
        services.apply_orders(account_of(connection, number), [], NOON, window_start=LISTED_FROM)
    sent: list[tuple[int]] = []
    monkeypatch.setattr(tasks.read_orders_back, "apply_async", lambda args, expires: sent.append(args))
    for limit, many in ((100, 5), (60, 3), (1, 1)):
        settings.THOR_CALLS_PER_MINUTE = limit
        assert tasks.read_due_orders_back() == many
        assert [account_id for (account_id,) in sent] == orderhistory.due(NOON)[:many]
        sent.clear()


@pytest.mark.parametrize(
    ("reply", "code"), [(said(503, ""), "schwab_outage"), (said(200, {"no": "list"}), "schwab_odd_answer")]
)
def test_a_failed_window_is_kept_in_words_and_read_again_later(
    schwab: FakeSchwab, account: Account, reply: Any, code: str
) -> None:
    schwab.says(OWN, EMPTY, reply, EMPTY)
    assert [tasks.read_orders_back(account.pk) for _ in range(2)] == ["more", code]
    row = progress()
    assert (row.state, row.error_code, row.pages_done, row.failures) == ("failed", code, 1, 1)
    assert row.error_message
    assert orderhistory.due(NOON) == []
    assert orderhistory.due(NOON + timedelta(hours=2)) == [account.pk]
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        assert tasks.read_orders_back(account.pk) == "more"
    assert (progress().state, progress().error_code, progress().failures) == ("running", "", 0)
    assert windows(schwab)[1] == windows(schwab)[2]


def test_a_window_as_full_as_schwab_makes_them_is_halved(
    schwab: FakeSchwab, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orderpages, "MOST_ROWS", 2)
    rows = [old(number, LISTED_FROM - timedelta(days=number)) for number in (1, 20)]
    schwab.says(OWN, said(200, rows), said(200, rows[:1]), said(200, rows[1:]))
    assert [tasks.read_orders_back(account.pk) for _ in range(2)] == ["more", "more"]
    assert windows(schwab) == [
        ("2026-08-23", "2026-09-22"),
        ("2026-09-07", "2026-09-22"),
        ("2026-08-08", "2026-09-07"),
    ]
    assert Order.objects.count() == 2


def test_what_was_read_while_the_login_changed_is_not_stored(
    schwab: FakeSchwab, connection: BrokerConnection, account: Account
) -> None:
    schwab.meanwhile[OWN] = lambda: links.disconnect(connection)
    schwab.says(OWN, said(200, [old(1, LISTED_FROM - timedelta(days=1))]))
    assert tasks.read_orders_back(account.pk) == "gone"
    assert not Order.objects.exists()


def test_what_a_later_answer_told_of_an_order_stands(schwab: FakeSchwab, account: Account) -> None:
    filled = old(1, LISTED_FROM - timedelta(days=1))
    schwab.says(OWN, said(200, [filled]), said(200, [filled | {"status": "WORKING", "closeTime": None}]))
    with time_machine.travel(NOON + timedelta(seconds=1), tick=False):
        tasks.read_orders_back(account.pk)
    Account.objects.update(orders_from=LISTED_FROM)
    tasks.read_orders_back(account.pk)
    assert Order.objects.get().status == "FILLED"


def test_a_gap_after_a_long_pause_is_read_again(schwab: FakeSchwab, account: Account) -> None:
    schwab.says(OWN, *[EMPTY] * 30)
    while tasks.read_orders_back(account.pk) == "more":
        pass
    assert orderhistory.due(NOON) == []
    later = NOON + timedelta(days=100)
    services.apply_orders(account, [], later, window_start=later - timedelta(days=59))
    assert orderhistory.due(later) == [account.pk]


def test_an_order_that_cannot_be_read_is_said_and_the_rest_kept(schwab: FakeSchwab, account: Account) -> None:
    rows = [old(1, LISTED_FROM - timedelta(days=1)), old(2, LISTED_FROM) | {"quantity": "many"}]
    schwab.says(OWN, said(200, rows))
    assert tasks.read_orders_back(account.pk) == "more"
    assert Order.objects.get().broker_order_id == "1"
    assert (progress().state, progress().error_code) == ("running", "partial")
