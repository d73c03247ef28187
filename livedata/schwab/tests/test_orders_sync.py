"""Order lists: one call for all accounts, how far back it reaches, and what is kept of it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.utils import timezone

from actandpos.models import Order
from livedata.schwab import errors, leases, ordersync, services
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.tests.fake_schwab import ACCOUNTS, FIVE, ORDERS, FakeSchwab, order, said
from livedata.schwab.tests.people import account_of

pytestmark = pytest.mark.django_db
NOON = "2026-11-20T17:00:00Z"  # Friday, noon in New York
MORNING, LONG_AGO = "2026-11-20T14:45:00+0000", "2026-10-05T14:45:00+0000"


def sync(connection: BrokerConnection) -> SyncRun:
    """Sync the orders alone, under a lease of our own."""
    lease = leases.take_sync(connection.pk)
    assert lease
    try:
        return ordersync.sync_orders(connection, SchwabTraderAPI(connection), lease, "manual")
    finally:
        leases.release_sync(lease)


def window(schwab: FakeSchwab) -> tuple[str, str]:
    """Return from when to when was asked last."""
    query = parse_qs(urlsplit(str(schwab.seen[-1].url)).query)
    return query["fromEnteredTime"][0], query["toEnteredTime"][0]


def test_one_call_brings_the_orders_of_all_accounts(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.orders = [
        order(FIVE[0], 1001, "WORKING", MORNING),
        order(FIVE[1], 1002, "FILLED", MORNING, filledQuantity=5.0, closeTime=MORNING),
        order(FIVE[4], 1003, "CANCELED", MORNING),
    ]
    run = sync(connection)
    assert (run.kind, run.outcome, run.http_calls, run.rows_written) == ("orders", "ok", 1, 3)
    assert schwab.calls[ORDERS] == 1
    assert set(Order.objects.values_list("broker_order_id", "status_group")) == {
        ("1001", "working"),
        ("1002", "filled"),
        ("1003", "canceled"),
    }
    # An account number that begins with 0 comes as an integer without it.
    assert account_of(connection, FIVE[4]).orders.get().broker_order_id == "1003"
    for number in FIVE:
        assert account_of(connection, number).orders_checked_at
    again = sync(connection)
    assert (again.outcome, again.rows_written) == ("unchanged", 0)


def test_an_order_that_moves_on_is_written_once(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.orders = [order(FIVE[0], 1001, "WORKING", MORNING), order(FIVE[0], 1000, "FILLED", MORNING)]
    sync(connection)
    before = account_of(connection, FIVE[0]).orders_version
    schwab.orders[0] = order(FIVE[0], 1001, "FILLED", MORNING, filledQuantity=5.0)
    assert sync(connection).rows_written == 1
    assert Order.objects.get(broker_order_id="1001").status_group == "filled"
    assert account_of(connection, FIVE[0]).orders_version == before + 1


@time_machine.travel(NOON, tick=False)
def test_how_far_back_a_list_reaches(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    sync(connection)
    # The first of the day: as far as Schwab allows, so that old orders that still work are found.
    assert window(schwab) == ("2026-09-22T17:00:00.000Z", "2026-11-20T17:05:00.000Z")
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
        sync(connection)
        assert window(schwab)[0] == "2026-11-20T05:00:00.000Z"  # midnight in New York
        schwab.orders = [order(FIVE[0], 900, "WORKING", LONG_AGO), order(FIVE[1], 901, "FILLED", LONG_AGO)]
    with time_machine.travel(timezone.now() + timedelta(seconds=2), tick=False):
        sync(connection)
    with time_machine.travel(timezone.now() + timedelta(seconds=3), tick=False):
        sync(connection)
        assert window(schwab)[0] == "2026-10-05T14:45:00.000Z"  # the oldest that still works
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        sync(connection)
        assert window(schwab)[0] == "2026-09-28T17:00:00.000Z"  # another day: far back again


def test_what_cannot_be_read_is_recorded_and_the_rest_kept(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    broken = order(FIVE[0], 1002, "WORKING", "yesterday")
    stranger = order("99999999", 1003, "WORKING", MORNING)
    schwab.orders = [order(FIVE[0], 1001, "WORKING", MORNING), broken, stranger]
    run = sync(connection)
    assert (run.outcome, run.rows_written) == ("partial", 1)
    assert "could not be read" in run.reason
    assert Order.objects.get().broker_order_id == "1001"


def test_an_older_list_is_refused(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.orders = [order(FIVE[0], 1001, "FILLED", MORNING)]
    sync(connection)
    schwab.orders = [order(FIVE[0], 1001, "WORKING", MORNING)]
    with time_machine.travel(timezone.now() - timedelta(seconds=30)):
        assert sync(connection).outcome == "superseded"
    assert Order.objects.get().status == "FILLED"


def test_who_lost_the_lease_stores_no_orders(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    def taken_over() -> None:
        BrokerConnection.objects.update(sync_lease_until=timezone.now() - timedelta(seconds=1))
        assert leases.take_sync(connection.pk)

    schwab.meanwhile[ORDERS] = taken_over
    schwab.orders = [order(FIVE[0], 1001, "WORKING", MORNING)]
    run = sync(connection)
    assert (run.outcome, run.rows_written) == ("superseded", 0)
    assert not Order.objects.exists()


def test_orders_that_fail_leave_the_figures_and_are_said(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    schwab.orders = [order(FIVE[0], 1001, "WORKING", MORNING)]
    sync(connection)
    schwab.says(ORDERS, said(500, ""))
    with pytest.raises(errors.SchwabUnavailable):
        services.sync_connection(connection, "manual", with_orders=True)
    connection.refresh_from_db()
    runs = connection.runs.order_by("-id").values_list("kind", "outcome")
    assert list(runs[:2]) == [("orders", "failed"), ("accounts", "unchanged")]
    assert (connection.last_error_code, connection.failures) == ("schwab_outage", 1)
    assert Order.objects.get().status == "WORKING"
    assert schwab.calls[ACCOUNTS] == 1


def test_a_list_that_is_none_is_said(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.says(ORDERS, said(200, {"orders": []}))
    with pytest.raises(errors.SchwabOddAnswer, match="not a list of orders"):
        sync(connection)
