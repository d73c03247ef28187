"""Open orders that no list reaches, lists that Schwab cuts, and what a failed question leaves behind."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection as database
from django.utils import timezone

from actandpos import services
from actandpos.models import Account, Order
from actandpos.types import OrdersChange
from livedata.schwab import errors, leases, orderapplying, orderpages
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.models import BrokerConnection, LinkedAccount, SyncRun
from livedata.schwab.orders import read_orders
from livedata.schwab.ordersync import sync_orders
from livedata.schwab.tests.fake_schwab import ACCOUNTS, FIVE, ORDERS, FakeSchwab, hash_of, order, said
from livedata.schwab.tests.people import account_of

pytestmark = pytest.mark.django_db
OLD, MORNING = "2026-07-01T14:45:00+0000", "2026-11-20T15:00:00+0000"
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
OWN = f"{ACCOUNTS}/{hash_of(FIVE[0])}/orders"


@pytest.fixture(autouse=True)
def _noon() -> Any:
    """Let it be noon of a trading day."""
    with time_machine.travel(NOON, tick=True):
        yield


def sync(connection: BrokerConnection, trigger: str = "manual") -> SyncRun:
    """Sync the orders alone."""
    lease = leases.take_sync(connection.pk)
    assert lease
    try:
        return sync_orders(connection, SchwabTraderAPI(connection), lease, trigger)
    finally:
        leases.release_sync(lease)


def first(connection: BrokerConnection) -> Account:
    """Return the first account as stored now."""
    return account_of(connection, FIVE[0])


def holds(connection: BrokerConnection, *orders: Any) -> None:
    """Let the book hold orders that `GET /orders` does not list any more."""
    (rows,) = read_orders(json.dumps(orders).encode()).by_number.values()
    services.apply_more_orders(first(connection), rows, timezone.now())


def test_old_open_orders_are_asked_for_until_they_are_over(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    good = order(FIVE[0], 1, "WORKING", OLD, duration="GOOD_TILL_CANCEL")
    holds(connection, good)
    over = good | {"status": "FILLED", "filledQuantity": 5.0, "closeTime": MORNING}
    schwab.says(f"{OWN}/1", said(200, over))
    run = sync(connection)
    assert (run.outcome, run.http_calls, schwab.calls[f"{OWN}/1"]) == ("ok", 2, 1)
    assert Order.objects.get().status_group == "filled"
    assert sync(connection).http_calls == 1


@pytest.mark.django_db(transaction=True)
def test_the_news_of_one_order_are_told_after_they_are_stored(
    schwab: FakeSchwab, connection: BrokerConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[OrdersChange] = []

    def publish(change: OrdersChange) -> bool:
        assert not database.in_atomic_block
        told.append(change)
        return True

    monkeypatch.setattr(orderapplying, "publish_orders", publish)
    good = order(FIVE[0], 1, "WORKING", OLD)
    holds(connection, good)
    schwab.says(f"{OWN}/1", said(200, good | {"status": "CANCELED", "closeTime": MORNING}))
    sync(connection)
    changed = [change.changed_ids for change in told if change.version != change.base_version]
    assert changed == [[Order.objects.get().pk]]


def test_the_schedule_asks_for_them_only_now_and_then(
    schwab: FakeSchwab, connection: BrokerConnection, settings: Any
) -> None:
    good = order(FIVE[0], 1, "WORKING", OLD)
    holds(connection, good)
    schwab.says(f"{OWN}/1", *[said(200, good)] * 9)
    assert [sync(connection, "schedule").http_calls for _ in range(3)] == [2, 1, 1]
    settings.THOR_OLD_ORDERS_SECONDS = 0
    assert sync(connection, "schedule").http_calls == 2
    settings.THOR_OLD_ORDERS_SECONDS = 300
    assert sync(connection, "stream").http_calls == 2


def test_a_child_is_asked_for_through_the_order_it_hangs_under(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    child = order(FIVE[0], 3, "WORKING", OLD)
    oco = {key: child[key] for key in ("accountNumber", "enteredTime")} | {"orderStrategyType": "OCO"}
    shell = oco | {"orderId": 2, "status": "WORKING", "childOrderStrategies": [child]}
    entry = order(FIVE[0], 1, "FILLED", OLD, childOrderStrategies=[shell], closeTime=OLD)
    holds(connection, entry)
    child |= {"status": "CANCELED", "closeTime": MORNING}
    shell |= {"status": "CANCELED", "closeTime": MORNING}
    schwab.says(f"{OWN}/1", said(200, entry))
    assert sync(connection).http_calls == 2
    assert set(Order.objects.values_list("broker_order_id", "status", "parent_broker_order_id")) == {
        ("1", "FILLED", None),
        ("2", "CANCELED", "1"),
        ("3", "CANCELED", "2"),
    }


def test_many_old_ones_are_asked_for_in_one_list(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    many = [order(FIVE[0], number, "WORKING", OLD) for number in range(1, 8)]
    holds(connection, *many)
    schwab.says(OWN, said(200, [each | {"status": "EXPIRED", "closeTime": MORNING} for each in many]))
    assert sync(connection).http_calls == 2
    query = parse_qs(urlsplit(str(schwab.seen[-1].url)).query)
    assert query["fromEnteredTime"] == ["2026-07-01T14:45:00.000Z"]
    assert query["toEnteredTime"][0].startswith("2026-09-22T17:0")
    assert set(Order.objects.values_list("status", flat=True)) == {"EXPIRED"}


def test_a_working_order_that_the_list_leaves_out_is_asked_for_at_once(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    today = order(FIVE[0], 1, "WORKING", MORNING)
    holds(connection, today)
    schwab.says(f"{OWN}/1", said(200, today | {"status": "PENDING_CANCEL"}))
    assert sync(connection, "schedule").http_calls == 2
    assert Order.objects.get().status == "PENDING_CANCEL"


def test_an_order_that_schwab_does_not_know_stays_and_says_so(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    today = order(FIVE[0], 1, "WORKING", MORNING)
    holds(connection, today)
    before = first(connection).orders_version
    schwab.says(f"{OWN}/1", said(404, {"message": "Order not found"}))
    sync(connection, "schedule")
    lost = Order.objects.get()
    assert (lost.status, lost.status_group, first(connection).orders_version) == (
        "WORKING",
        "working",
        before + 1,
    )
    assert "nor knows it" in lost.missing["status"]
    assert lost.events.get().noticed
    LinkedAccount.objects.update(orders_reread_at=timezone.now())
    assert sync(connection, "schedule").http_calls == 1  # not at every sync
    schwab.orders = [today]
    sync(connection)
    assert "status" not in Order.objects.get().missing


def test_trouble_with_one_order_does_not_spoil_the_list(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    holds(connection, order(FIVE[0], 1, "WORKING", MORNING))
    schwab.orders = [order(FIVE[1], 2, "WORKING", MORNING)]
    schwab.says(f"{OWN}/1", said(503, ""))
    run = sync(connection)
    assert run.outcome == "partial"
    assert "were not read" in run.reason
    assert Order.objects.filter(broker_order_id="2").exists()
    schwab.says(f"{OWN}/1", *[said(401, {})] * 2)
    with pytest.raises(errors.NotAuthorized):
        sync(connection)


def test_a_failed_list_is_never_no_orders(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    assert first(connection).orders_checked_at is None
    schwab.says(ORDERS, said(500, ""))
    with pytest.raises(errors.SchwabUnavailable):
        sync(connection)
    assert first(connection).orders_checked_at is None
    sync(connection)
    checked = first(connection).orders_checked_at
    assert checked
    schwab.says(ORDERS, said(200, {"message": "odd"}))
    with pytest.raises(errors.SchwabOddAnswer):
        sync(connection)
    assert first(connection).orders_checked_at == checked
    assert connection.runs.filter(kind="orders").first().outcome == "failed"  # type: ignore[union-attr]  # there is one


def test_a_list_as_long_as_schwab_makes_them_is_asked_for_in_halves(
    schwab: FakeSchwab, connection: BrokerConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orderpages, "MOST_ROWS", 3)
    days = [NOON - timedelta(days=each) for each in (1, 2, 30, 50, 58)]
    entered = [day.strftime("%Y-%m-%dT%H:%M:%S+0000") for day in days]
    four = [order(FIVE[0], number, "FILLED", day, closeTime=day) for number, day in enumerate(entered, 1)]
    schwab.says(ORDERS, said(200, four[:3]), said(200, four[:2]), said(200, four[2:]), said(200, four[2:3]))
    schwab.says(ORDERS, said(200, four[3:]))
    assert sync(connection).http_calls == 5
    assert Order.objects.count() == 5
    asked = [parse_qs(urlsplit(str(each.url)).query) for each in schwab.seen if ORDERS in str(each.url)]
    starts = [each["fromEnteredTime"][0][:10] for each in asked[-5:]]
    assert starts == ["2026-09-22", "2026-10-22", "2026-09-22", "2026-10-07", "2026-09-22"]
    assert str(first(connection).orders_from)[:10] == "2026-09-22"
