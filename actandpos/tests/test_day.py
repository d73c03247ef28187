"""The day's own figures in the book: what was closed today stays in sight, what the fills contradict is restated."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from actandpos import selectors, services
from actandpos.eastern import eastern_day
from actandpos.models import Account, ClosedPosition, Position
from actandpos.tests.book import START, account, apply, order, row, signed_in, trader
from actandpos.types import FillRow, OrderLegRow, RejectedRow, SnapshotChange

DAY = eastern_day(START)
NEXT_DAY = 24 * 3600
pytestmark = pytest.mark.django_db


@pytest.fixture
def margin() -> Account:
    """An account with AAA and BBB, read at the first second."""
    made = account(trader())
    apply(made, 1, row("AAA"), row("BBB"))
    return made


def fills(margin: Account, at: int, *rows: tuple[str, str, str, int], symbol: str = "AAA", **leg: Any) -> Any:
    """Read orders at a second: one for each (side, quantity, price, second); return what that changed in the book."""
    orders = []
    for number, (side, quantity, price, second) in enumerate(rows):
        filled_at = START + timedelta(seconds=second)
        one = OrderLegRow(
            symbol=symbol,
            side=side,
            position_effect=None,
            quantity=Decimal(quantity),
            **{"asset_type": "EQ", **leg},
        )
        fill = FillRow(
            key=f"f{number}",
            leg_id=1,
            symbol=symbol,
            side=side,
            quantity=Decimal(quantity),
            price=Decimal(price),
            filled_at=filled_at,
        )
        orders.append(
            order(
                f"{symbol}{number}",
                symbol=symbol,
                side=side,
                legs=[one],
                fills=[fill],
                status="FILLED",
                status_group="filled",
                closed_at=filled_at,
            )
        )
    observed = START + timedelta(seconds=at)
    services.apply_orders(margin, orders, observed, window_start=START - timedelta(days=1))
    change = services.settle_after_orders(margin, observed)
    margin.refresh_from_db()
    return change


def closed(margin: Account) -> Any:
    """Return the one position closed today."""
    return ClosedPosition.objects.get(account=margin, day=DAY)


def test_what_was_sold_stays_with_what_it_brought(margin: Account) -> None:
    change: SnapshotChange = apply(margin, 60, row("BBB"))
    assert change.closed_changed
    assert closed(margin).missing["realized"] == "The day's fills do not account for it."
    assert margin.pl_day == Decimal(5)
    assert "Without 1 closed today" in margin.missing["pl_day"]
    told = fills(margin, 61, ("SELL", "10", "101", 30))
    found = closed(margin)
    assert (found.close_price, found.realized, found.pl_day) == (101, 110, 15)
    assert (found.quantity_before, found.avg_price, found.previous_close) == (10, 90, Decimal("99.5"))
    assert (margin.pl_day, margin.missing) == (Decimal(20), {})
    assert (told.closed_changed, told.balances_changed, told.version) == (True, True, margin.version)


def test_rows_and_closings_add_up_at_the_next_answer_too(margin: Account) -> None:
    apply(margin, 60, row("BBB"))
    fills(margin, 61, ("SELL", "10", "101", 30))
    version = margin.version
    assert apply(margin, 75, row("BBB")).outcome == "unchanged"
    assert (margin.pl_day, margin.version) == (Decimal(20), version)
    apply(margin, 90, row("BBB", "1010", pl_day=Decimal(15)))
    assert margin.pl_day == 30


def test_it_leaves_at_midnight_eastern(margin: Account) -> None:
    apply(margin, 60, row("BBB"))
    fills(margin, 61, ("SELL", "10", "101", 30))
    change = apply(margin, NEXT_DAY, row("BBB"))
    assert change.closed_changed
    assert margin.pl_day == 5
    assert (margin.traded_on, selectors.closed_rows([margin], eastern_day(START) + timedelta(days=1))) == (
        None,
        [],
    )
    assert apply(margin, NEXT_DAY + 15, row("BBB")).outcome == "unchanged"


def test_what_is_bought_back_is_open_again(margin: Account) -> None:
    apply(margin, 60, row("BBB"))
    fills(margin, 61, ("SELL", "10", "101", 30))
    change = apply(margin, 120, row("AAA"), row("BBB"))
    assert change.closed_changed
    assert not ClosedPosition.objects.exists()


def test_opened_and_closed_between_two_readings(margin: Account) -> None:
    apply(margin, 60, row("AAA"), row("BBB"))
    bought = (("BUY_TO_OPEN", "2", "1.5", 10), ("SELL_TO_CLOSE", "2", "1.75", 40))
    leg = {"asset_type": "OPT", "underlying": "CCC", "put_call": "CALL", "expiration": date(2026, 12, 18)}
    fills(margin, 61, *bought, symbol="CCC   261218C00220000", **leg)
    found = closed(margin)
    assert (found.realized, found.pl_day, found.multiplier, found.underlying) == (50, 50, 100, "CCC")
    assert margin.pl_day == 60


def test_fills_after_the_positions_were_told_wait(margin: Account) -> None:
    fills(margin, 61, ("BUY", "5", "10", 30), ("SELL", "5", "11", 40), symbol="CCC")
    assert not ClosedPosition.objects.exists()
    apply(margin, 75, row("AAA"), row("BBB"))
    assert closed(margin).realized == 5


def test_an_absurd_figure_is_restated_and_both_are_kept(margin: Account) -> None:
    absurd = row("AAA", "1200", quantity=Decimal(12), pl_day=Decimal(-38000), pl_day_percent=Decimal(-99))
    apply(margin, 60, absurd, row("BBB"))
    change = fills(margin, 61, ("BUY", "5", "100", 20), ("SELL", "3", "100", 30))
    assert change.changed_ids == [Position.objects.get(symbol="AAA").pk]
    rows: list[Any] = selectors.position_rows([margin], DAY)
    shown, other = rows
    assert (shown.pl_day, shown.pl_day_source, shown.pl_day_broker) == (5, "computed", -38000)
    assert shown.pl_day_percent == Decimal("0.4184")  # 5 ÷ (10 × 99.5 + 200)
    assert (other.pl_day, other.pl_day_source, other.pl_day_broker) == (5, "broker", None)
    assert margin.pl_day == 10
    apply(margin, 75, row("AAA", "1212", quantity=Decimal(12), pl_day=Decimal(-37000)), row("BBB"))
    assert selectors.position_rows([margin], DAY)[0].pl_day == 17
    assert margin.pl_day == 22


def test_a_fill_that_is_not_known_yet_gives_the_broker_the_word_back(margin: Account) -> None:
    apply(margin, 60, row("AAA", "1200", quantity=Decimal(12), pl_day=Decimal(-38000)), row("BBB"))
    fills(margin, 61, ("BUY", "5", "100", 20), ("SELL", "3", "100", 30))
    apply(margin, 75, row("AAA", "1100", quantity=Decimal(11), pl_day=Decimal(-38001)), row("BBB"))
    assert selectors.position_rows([margin], DAY)[0].pl_day_source == "broker"


def test_a_day_later_the_brokers_figure_is_shown_again(margin: Account) -> None:
    absurd = row("AAA", "1200", quantity=Decimal(12), pl_day=Decimal(-38000))
    apply(margin, 60, absurd, row("BBB"))
    fills(margin, 61, ("BUY", "5", "100", 20), ("SELL", "3", "100", 30))
    change = apply(margin, NEXT_DAY, absurd, row("BBB"))
    assert change.changed_ids == [Position.objects.get(symbol="AAA").pk]
    assert selectors.position_rows([margin], DAY)[0].pl_day == -38000


def test_a_row_without_quantity_was_closed_before(margin: Account) -> None:
    apply(margin, 60, row("AAA", "0", quantity=Decimal(0), mark_price=None), row("BBB"))
    apply(margin, 75, row("BBB"))
    assert not ClosedPosition.objects.exists()


def test_over_http(margin: Account, time_machine: Any) -> None:
    apply(margin, 60, row("BBB"))
    fills(margin, 61, ("SELL", "10", "101", 30))
    time_machine.move_to(START + timedelta(minutes=5), tick=False)
    browser: Client = signed_in(margin.owner)
    body = browser.get(f"/api/positions?account_id={margin.pk}").json()
    assert [(each["symbol"], each["realized"], each["pl_day"]) for each in body["closed_today"]] == [
        ("AAA", "110", "15")
    ]
    assert {each["pl_day_source"] for each in body["positions"]} == {"broker"}
    summary = browser.get(f"/api/actandpos/account_summary?account_id={margin.pk}").json()
    assert (summary["pl_day"], summary["pl_day_since"]) == ("20", None)
    time_machine.move_to(START + timedelta(days=1), tick=False)
    assert browser.get(f"/api/positions?account_id={margin.pk}").json()["closed_today"] == []


def test_what_was_sold_before_it_was_ever_seen_is_shown_without_guessing(margin: Account) -> None:
    apply(margin, 60, row("AAA"), row("BBB"))
    fills(margin, 61, ("SELL", "5", "10", 30), symbol="CCC")
    found = closed(margin)
    assert (found.quantity_before, found.close_price, found.realized, found.pl_day) == (5, 10, None, None)
    assert set(found.missing) == {"realized", "pl_day"}
    assert "Without 1 closed today" in margin.missing["pl_day"]


def test_a_row_that_cannot_be_read_is_not_closed(margin: Account) -> None:
    odd = RejectedRow(symbol="CCC", reason="odd")
    apply(margin, 60, row("AAA"), row("BBB"), rejected=[odd])
    fills(margin, 61, ("SELL", "5", "10", 30), symbol="CCC")
    assert not ClosedPosition.objects.exists()
