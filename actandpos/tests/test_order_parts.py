"""Legs, fills and what changed of orders: kept by few statements, nothing twice, nothing lost to an older answer."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actandpos import services
from actandpos.models import Account, Order, OrderEvent, OrderFill, OrderLeg
from actandpos.tests.book import START, account, order, trader
from actandpos.types import FillRow, OrderEventRow, OrderLegRow, OrderRow, OrdersChange

pytestmark = pytest.mark.django_db
WINDOW = START - timedelta(days=60)
OVER = {"status": "FILLED", "status_group": "filled"}


@pytest.fixture
def margin() -> Account:
    """An account without orders."""
    return account(trader())


def at(seconds: float) -> datetime:
    """Return a moment after the start."""
    return START + timedelta(seconds=seconds)


def apply(margin: Account, seconds: float, *rows: OrderRow, window: datetime = WINDOW) -> OrdersChange:
    """Apply a whole list asked for so many seconds after the start."""
    change = services.apply_orders(margin, list(rows), at(seconds), window_start=window)
    margin.refresh_from_db()
    return change


def more(margin: Account, seconds: float, *rows: OrderRow, **window: Any) -> OrdersChange:
    """Apply some orders asked for apart from the list."""
    change = services.apply_more_orders(margin, list(rows), at(seconds), **window)
    margin.refresh_from_db()
    return change


def fill(key: str, quantity: str, price: str, *, leg: int = 1, seconds: float = 0) -> FillRow:
    """Return one execution."""
    amounts = {"quantity": Decimal(quantity), "price": Decimal(price)}
    return FillRow(key=key, leg_id=leg, symbol="XYZ", side="BUY", filled_at=at(seconds), **amounts)


def call(leg_id: int, side: str, strike: str) -> OrderLegRow:
    """Return a leg of a spread."""
    return OrderLegRow(
        leg_id=leg_id,
        symbol=f"XYZ {strike}",
        underlying="XYZ",
        asset_type="OPT",
        side=side,
        position_effect="OPENING",
        quantity=Decimal(1),
        put_call="CALL",
        strike=Decimal(strike),
        expiration=date(2026, 12, 18),
    )


def test_legs_and_fills_are_kept_once(margin: Account) -> None:
    legs = [call(1, "BUY_TO_OPEN", "220"), call(2, "SELL_TO_OPEN", "230")]
    fills = [fill("98", "1.000000", "8.45000000"), fill("98", "1.000000", "5.05000000", leg=2)]
    row = order("1", legs=legs, fills=fills, spread="VERTICAL", terms={"source": "TA_x"}, session="NORMAL")
    apply(margin, 1, row)
    assert apply(margin, 2, row).outcome == "unchanged"
    apply(
        margin,
        3,
        order("1", legs=legs, fills=[*fills, fill("99", "1", "8.50", seconds=9)], spread="VERTICAL"),
    )
    stored = Order.objects.get()
    assert list(stored.leg_rows.values_list("leg_id", "side", "strike", "expiration")) == [
        (1, "BUY_TO_OPEN", Decimal(220), date(2026, 12, 18)),
        (2, "SELL_TO_OPEN", Decimal(230), date(2026, 12, 18)),
    ]
    assert list(stored.fills.values_list("activity_id", "leg_id", "price", "filled_at")) == [
        ("98", 1, Decimal("8.45"), START),
        ("98", 2, Decimal("5.05"), START),
        ("99", 1, Decimal("8.5"), at(9)),
    ]
    assert (stored.spread, stored.terms) == ("VERTICAL", {})


def test_statements_do_not_grow_with_legs_fills_and_events(margin: Account) -> None:
    counts = []
    for size in (3, 300):
        for turn, price in enumerate(("9", "8")):
            rows = [
                order(f"{size}-{each}", limit_price=Decimal(price), fills=[fill(str(each), "1", "9")])
                for each in range(size)
            ]
            with CaptureQueriesContext(connection) as captured:
                apply(margin, size + turn, *rows)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
    assert (OrderLeg.objects.count(), OrderFill.objects.count(), OrderEvent.objects.count()) == (
        303,
        303,
        303,
    )


def test_an_unchanged_list_writes_nothing_but_when_it_was_read(margin: Account) -> None:
    rows = [order(str(each), fills=[fill(str(each), "1", "9")]) for each in range(5)]
    apply(margin, 1, *rows)
    with CaptureQueriesContext(connection) as captured:
        change = apply(margin, 2, *rows)
    written = [
        each["sql"] for each in captured if each["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE", "COPY")
    ]
    assert (change.outcome, len(written)) == ("unchanged", 1)
    assert "actandpos_account" in written[0]


@pytest.mark.parametrize(
    ("changes", "kind", "text", "amounts"),
    [
        ({"limit_price": Decimal("98")}, "changed", "Limit price 99.5 → 98", (None, "98")),
        ({"stop_price": Decimal("90.25")}, "changed", "Stop price none → 90.25", (None, "90.25")),
        ({"quantity": Decimal(8)}, "changed", "Quantity 10 → 8", ("8", None)),
        ({"duration": "GOOD_TILL_CANCEL"}, "changed", "Duration DAY → GOOD_TILL_CANCEL", (None, None)),
        ({"status": "PENDING_CANCEL"}, "status", "Status WORKING → PENDING_CANCEL", (None, None)),
        ({**OVER}, "status", "Status WORKING → FILLED", (None, None)),
    ],
)
def test_what_changed_between_two_readings_is_noticed(
    margin: Account, changes: Any, kind: str, text: str, amounts: tuple[str | None, str | None]
) -> None:
    apply(margin, 1, order("1"))
    assert not OrderEvent.objects.exists()
    apply(margin, 7, order("1", **changes))
    apply(margin, 8, order("1", **changes))
    event = OrderEvent.objects.get()
    assert (event.noticed, event.at, event.kind, event.text) == (True, at(7), kind, text)
    assert (event.quantity, event.price) == tuple(value and Decimal(value) for value in amounts)


def test_an_end_that_the_broker_times_is_not_noticed_beside_it(margin: Account) -> None:
    apply(margin, 1, order("1"))
    apply(margin, 7, order("1", closed_at=at(5), **OVER))
    assert not OrderEvent.objects.exists()


def test_what_the_broker_tells_is_kept_once_with_its_own_time(margin: Account) -> None:
    told = OrderEventRow(key="told:7:1", at=at(3), kind="canceled", quantity=Decimal(10))
    apply(margin, 5, order("1", told=[told]))
    apply(margin, 6, order("1", told=[told], status="PENDING_CANCEL"))
    stored = OrderEvent.objects.filter(kind="canceled").values_list("noticed", "at", "quantity")
    assert list(stored) == [(False, at(3), Decimal(10))]


def test_an_older_answer_about_one_order_changes_nothing(margin: Account) -> None:
    apply(margin, 10, order("1", closed_at=at(9), **OVER), order("2"))
    change = more(margin, 5, order("1"), order("2", status="PENDING_CANCEL"), order("3"))
    assert change.changed_ids == [Order.objects.get(broker_order_id="3").pk]
    assert Order.objects.get(broker_order_id="1").status == "FILLED"
    assert (margin.orders_observed_at, margin.orders_checked_at) == (at(10), at(10))
    assert more(margin, 20, order("1", status_description="late")).outcome == "applied"


def test_what_an_order_hangs_under_is_not_forgotten_when_it_is_read_singly(margin: Account) -> None:
    apply(margin, 1, order("10"), order("11", parent_broker_order_id="10", replaces_broker_order_id="9"))
    assert more(margin, 2, order("11")).outcome == "unchanged"
    more(margin, 3, order("11", status="PENDING_CANCEL"))
    stored = Order.objects.get(broker_order_id="11")
    assert (stored.parent_broker_order_id, stored.replaces_broker_order_id) == ("10", "9")


def test_the_version_moves_only_for_what_the_day_shows(margin: Account) -> None:
    apply(margin, 1, order("open", entered_at=START - timedelta(days=100)))
    old = {"entered_at": START - timedelta(days=200), "closed_at": START - timedelta(days=199), **OVER}
    assert more(margin, 2, order("old", **old)).version == margin.orders_version == 1
    over = {"entered_at": START - timedelta(days=100), "closed_at": START - timedelta(days=3), **OVER}
    assert more(margin, 3, order("open", **over)).version == margin.orders_version == 2
    assert margin.orders_changed_at == at(3)


def test_since_when_orders_are_known(margin: Account) -> None:
    more(margin, 1, window=(WINDOW - timedelta(days=30), WINDOW))
    assert margin.orders_from == WINDOW - timedelta(days=30)
    apply(margin, 2)
    assert margin.orders_from == WINDOW - timedelta(days=30)
    more(margin, 3, window=(WINDOW - timedelta(days=90), WINDOW - timedelta(days=60)))
    assert margin.orders_from == WINDOW - timedelta(days=30)  # what lies between was not read
    more(margin, 4, window=(WINDOW - timedelta(days=60), WINDOW - timedelta(days=30)))
    assert margin.orders_from == WINDOW - timedelta(days=60)
    apply(margin, 100 * 86400, window=at(41 * 86400))
    assert margin.orders_from == at(41 * 86400)  # nobody read the time since the last list


def test_a_fill_too_long_to_keep_is_refused_with_its_order(margin: Account) -> None:
    change = apply(margin, 1, order("1", fills=[fill("1", "1", "12345678")]), order("2"))
    assert [row.reason[:8] for row in change.rejected] == ["Order 1:"]
    assert Order.objects.get().broker_order_id == "2"
    assert not OrderFill.objects.exists()


def test_a_fill_without_a_time_is_kept(margin: Account) -> None:
    timeless = FillRow(
        key="x", leg_id=0, symbol="", side="", quantity=Decimal(1), price=Decimal(9), filled_at=None
    )
    apply(margin, 1, order("1", fills=[timeless]))
    assert OrderFill.objects.get().filled_at is None
