"""Orders: applied by difference, shown by the trading day in US Eastern."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actandpos import selectors, services
from actandpos.models import Account, Order
from actandpos.tests.book import START, account, order, trader
from actandpos.types import OrderRow, OrdersChange
from actandpos.wire import order_dict

pytestmark = pytest.mark.django_db
WINDOW = START - timedelta(days=60)


@pytest.fixture
def margin() -> Account:
    """An account without orders."""
    return account(trader())


def apply(margin: Account, at: int, *rows: OrderRow) -> OrdersChange:
    """Apply an order list asked for so many seconds after the start."""
    change = services.apply_orders(margin, list(rows), START + timedelta(seconds=at), window_start=WINDOW)
    margin.refresh_from_db()
    return change


def test_only_what_differs_is_written(margin: Account) -> None:
    assert apply(margin, 1, order("1"), order("2")).outcome == "applied"
    ids = dict(Order.objects.values_list("broker_order_id", "id"))
    assert apply(margin, 2, order("1"), order("2")).outcome == "unchanged"
    change = apply(margin, 3, order("1"), order("2", filled_quantity=Decimal(4)))
    assert (change.changed_ids, change.base_version, change.version) == ([ids["2"]], 1, 2)
    assert dict(Order.objects.values_list("broker_order_id", "id")) == ids
    assert margin.orders_checked_at == START + timedelta(seconds=3)
    assert (margin.orders_version, margin.version) == (2, 0)


def test_older_list_is_refused(margin: Account) -> None:
    apply(margin, 5, order("1", status="FILLED", status_group="filled"))
    change = apply(margin, 5, order("1"))
    assert (change.outcome, change.version) == ("older", 1)
    assert Order.objects.get().status == "FILLED"


def test_orders_that_leave_the_list_stay(margin: Account) -> None:
    old = order("0", entered_at=WINDOW - timedelta(days=1))
    apply(margin, 1, order("1"), order("2"), old)
    change = apply(margin, 2, order("2"))
    assert (change.outcome, change.unlisted) == ("unchanged", ["1"])
    assert Order.objects.count() == 3


def test_a_figure_too_long_is_refused_with_a_reason(margin: Account) -> None:
    change = apply(margin, 1, order("1", limit_price=Decimal("10000000")), order("2"))
    assert change.rejected[0].reason.startswith("Order 1:")
    assert list(Order.objects.values_list("broker_order_id", flat=True)) == ["2"]


def test_queries_do_not_grow_with_the_orders(margin: Account) -> None:
    counts = []
    for at, size in ((1, 10), (2, 500)):
        rows = [order(f"{at}-{number}") for number in range(size)]
        with CaptureQueriesContext(connection) as captured:
            apply(margin, at, *rows)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_wire_spelling_and_parent(margin: Account) -> None:
    child = order("11", parent_broker_order_id="10", limit_price=None, stop_price=Decimal("95.50000000"))
    apply(margin, 1, order("10"), child)
    rows = selectors.order_rows([margin], Order.objects.values_list("id", flat=True))
    by_id = {row.broker_order_id: order_dict(row) for row in rows}
    assert by_id["11"]["parent_id"] == by_id["10"]["id"]
    assert by_id["10"]["parent_id"] is None
    assert (by_id["11"]["stop_price"], by_id["11"]["limit_price"]) == ("95.5", None)
    assert by_id["10"]["entered_at"] == "2026-11-20T15:00:00.000Z"
    assert by_id["10"]["legs"] == [
        {
            "symbol": "XYZ",
            "asset_type": "EQ",
            "side": "BUY",
            "position_effect": "OPENING",
            "quantity": "10",
            "put_call": None,
            "strike": None,
            "expiration": None,
        }
    ]


def test_today_is_the_eastern_day(margin: Account) -> None:
    before = datetime(2026, 11, 21, 4, 59, 59, tzinfo=UTC)  # 23:59:59 on the 20th in New York
    after = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
    done = {"status": "FILLED", "status_group": "filled"}
    out = {"status": "EXPIRED", "status_group": "canceled"}
    apply(
        margin,
        1,
        order("fill-before", closed_at=before, entered_at=START, **done),
        order("fill-after", closed_at=after, entered_at=START, **done),
        order("no-close", closed_at=None, entered_at=after, **out),
        order("old-working", entered_at=START - timedelta(days=40)),
    )
    for now, filled, canceled in ((before, "fill-before", []), (after, "fill-after", ["no-close"])):
        today = selectors.orders_today([margin], now)
        assert [row.broker_order_id for row in today.filled] == [filled]
        assert [row.broker_order_id for row in today.canceled] == canceled
        assert [row.broker_order_id for row in today.working] == ["old-working"]
    assert today.trading_day.isoformat() == "2026-11-21"


def test_never_read_is_told_apart_from_none(margin: Account) -> None:
    assert selectors.orders_today([margin], START).orders_checked_at is None
    apply(margin, 1)
    assert selectors.orders_today([margin], START).orders_checked_at == START + timedelta(seconds=1)
    other = account(margin.owner, "Cash …8765", "two")
    assert selectors.orders_today([margin, other], START).orders_checked_at is None
