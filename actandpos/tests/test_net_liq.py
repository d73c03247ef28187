"""The net liquidating value over time: what is kept, what is thinned, and what is told of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from actandpos.models import Account, NetLiqClose, NetLiqPoint, Transaction
from actandpos.selectors.net_liq import net_liq_history
from actandpos.services.history import SessionNow, record_net_liq, thin_net_liq
from actandpos.tests.book import account

DAY = date(2026, 11, 20)
CLOSE = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
OPEN_SESSION = SessionNow(is_open=True, trading_day=DAY, close=CLOSE)
pytestmark = pytest.mark.django_db


def seen(account: Account, at: datetime, net_liq: str | None, session: SessionNow = OPEN_SESSION) -> int:
    """Let an answer of a moment be applied, then keep what the account was worth."""
    value = None if net_liq is None else Decimal(net_liq)
    Account.objects.filter(pk=account.pk).update(checked_at=at, net_liq=value)
    return record_net_liq([account.pk], at, session)


def points(account: Account) -> list[tuple[str, str]]:
    """Return the kept minutes."""
    rows = NetLiqPoint.objects.filter(account=account).values_list("at", "net_liq")
    return [(f"{at:%H:%M:%S}", f"{value:f}") for at, value in rows]


def paid(account: Account, at: datetime, amount: str, kind: str = "deposit", status: str = "VALID") -> None:
    """Book money in or out."""
    Transaction.objects.create(
        account=account,
        broker_activity_id=str(Transaction.objects.count() + 1),
        at=at,
        trade_date=DAY,
        broker_type="ACH_RECEIPT",
        kind=kind,
        status=status,
        net_amount=Decimal(amount),
        digest="x",
    )


def told_of_transactions(account: Account) -> Account:
    """Let the account's transactions count as read."""
    Account.objects.filter(pk=account.pk).update(transactions_checked_at=timezone.now())
    account.refresh_from_db()
    return account


def test_the_last_figure_of_a_minute_is_kept(owner: User) -> None:
    made, at = account(owner), CLOSE - timedelta(hours=1)
    seen(made, at, "100.10")
    seen(made, at + timedelta(seconds=30), "100.20")
    seen(made, at + timedelta(seconds=60), "100.30")
    assert points(made) == [("20:00:00", "100.2000"), ("20:01:00", "100.3000")]


def test_nothing_is_invented(owner: User) -> None:
    made, at = account(owner), CLOSE - timedelta(hours=1)
    assert seen(made, at, None) == 0
    assert seen(made, at, "5", SessionNow(is_open=False, trading_day=DAY, close=None)) == 0
    Account.objects.filter(pk=made.pk).update(checked_at=at, net_liq=Decimal(5))
    assert (
        record_net_liq([made.pk], at + timedelta(minutes=1), OPEN_SESSION) == 0
    )  # that answer was not applied
    assert points(made) == []
    assert not NetLiqClose.objects.exists()


def test_a_days_close_is_the_first_figure_after_the_bell(owner: User) -> None:
    made = account(owner)
    for seconds, value in ((-60, "1"), (5, "2"), (65, "3"), (3600, "4")):
        seen(made, CLOSE + timedelta(seconds=seconds), value)
    assert NetLiqClose.objects.get(account=made, day=DAY).net_liq == Decimal(2)
    assert len(points(made)) == 4


def test_old_minutes_are_thinned_and_closes_stay(owner: User) -> None:
    made, now = account(owner), CLOSE
    old = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    for minutes in range(0, 90, 10):
        seen(made, old + timedelta(minutes=minutes), str(minutes))
    seen(made, now - timedelta(days=100), "7")
    seen(made, now - timedelta(hours=1), "8")
    assert thin_net_liq(now) == 7
    assert points(made) == [
        ("15:20:00", "20.0000"),
        ("15:50:00", "50.0000"),
        ("16:20:00", "80.0000"),
        ("20:00:00", "8.0000"),
    ]
    assert thin_net_liq(now) == 0
    assert NetLiqClose.objects.exists()


def test_a_day_has_the_close_before_as_its_base_line(owner: User) -> None:
    made = told_of_transactions(account(owner))
    NetLiqClose.objects.create(account=made, day=date(2026, 11, 19), net_liq=Decimal(1000), observed_at=CLOSE)
    seen(made, CLOSE - timedelta(hours=2), "1010")
    seen(made, CLOSE - timedelta(hours=1), "1020")
    told: Any = net_liq_history([made], "1d", CLOSE)
    assert (told.previous_close, told.change, told.return_percent) == (1000, 20, Decimal("2.0000"))
    assert [each.net_liq for each in told.points] == [1010, 1020]
    sunday = net_liq_history([made], "1d", CLOSE + timedelta(days=2))
    assert [each.net_liq for each in sunday.points] == [1010, 1020]


def test_a_deposit_is_no_gain(owner: User) -> None:
    made, start = told_of_transactions(account(owner)), CLOSE - timedelta(hours=4)
    seen(made, start, "1000")
    seen(made, start + timedelta(hours=4), "1560")
    paid(made, start + timedelta(hours=2), "500")
    paid(made, start + timedelta(hours=2), "9999", status="PENDING")
    told: Any = net_liq_history([made], "1w", CLOSE + timedelta(minutes=1))
    assert told.change == 560
    assert [(each.amount, each.kind) for each in told.flows] == [(500, "deposit")]
    assert told.return_percent == Decimal("4.8000")  # 60 ÷ (1000 + 500 × ½)


def test_the_return_waits_for_the_transactions(owner: User) -> None:
    made = account(owner)
    seen(made, CLOSE - timedelta(hours=1), "1000")
    told: Any = net_liq_history([made], "1w", CLOSE)
    assert told.return_percent is None
    assert "transactions were not read" in told.missing["return_percent"]


def test_accounts_are_added_up_from_when_all_are_known(owner: User) -> None:
    one, two = account(owner), account(owner, "IRA …118", "two")
    at = CLOSE - timedelta(hours=1)
    seen(one, at, "1")
    seen(two, at + timedelta(minutes=1), "10")
    seen(one, at + timedelta(minutes=2), "2")
    told: Any = net_liq_history([one, two], "1d", CLOSE)
    assert [(f"{each.at:%H:%M}", each.net_liq) for each in told.points] == [("20:01", 11), ("20:02", 12)]


def test_many_points_are_picked_evenly_and_the_last_is_among_them(owner: User) -> None:
    made, start = account(owner), CLOSE - timedelta(days=5)
    rows = [
        NetLiqPoint(account=made, at=start + timedelta(minutes=each), net_liq=each) for each in range(1500)
    ]
    NetLiqPoint.objects.bulk_create(rows)
    told: Any = net_liq_history([made], "1w", CLOSE)
    assert len(told.points) == 500
    assert told.points[-1].net_liq == 1499


def test_the_answer_over_http(owner: User, browser: Client) -> None:
    made = account(owner)
    answer = browser.get(f"/api/actandpos/net_liq?account_id={made.pk}&range=all")
    assert answer.status_code == 200
    body = answer.json()
    assert body["points"] == []
    assert body["previous_close"] is None
    assert "kept while the market is open" in body["missing"]["points"]
    assert browser.get("/api/actandpos/net_liq/?range=2d").json()["code"] == "invalid_range"
    assert browser.get("/api/actandpos/net_liq/?account_id=999").status_code == 404
