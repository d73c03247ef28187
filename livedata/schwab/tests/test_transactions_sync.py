"""Reading transactions: window by window, back and then forward."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone

from actandpos.models import Account, OpenLot, RealizedLot, Transaction
from livedata.schwab import history, tasks, transactionsync
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.tests.fake_schwab import FIVE, FakeSchwab
from livedata.schwab.tests.transactioning import (
    NOON,
    buy,
    progress,
    read_all,
    sell,
    version_of,
    windows,
)
from livedata.schwab.transactionsync import read_window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
Enqueued = list[tuple[Any, ...]]


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> Enqueued:
    """Collect what would be queued."""
    found: Enqueued = []
    monkeypatch.setattr(tasks.read_transactions, "apply_async", lambda args, **_: found.append(args))

    def taken(_: object, *args: Any) -> bool:
        found.append(args)
        return True

    monkeypatch.setattr(tasks, "enqueue", taken)
    return found


def test_a_new_account_reads_the_year_back_window_by_window(schwab: FakeSchwab, reader: Account) -> None:
    schwab.transactions[FIVE[0]] = [
        buy(1, "2026-02-02", 12.0),
        sell(2, "2026-11-19", 2.0),
        buy(9, "2025-12-31"),
    ]
    schwab.seen.clear()
    assert read_window(reader.pk, "schedule") == "more"
    first = progress(reader)
    assert (first.state, first.pages_done, first.pages_total) == ("running", 1, 11)
    reader.refresh_from_db()
    assert reader.lots_matched_at is None  # nothing is said of gains while the history is incomplete
    assert read_all(reader) == 10
    asked = windows(schwab)
    assert asked[:2] == [("2026-10-21", "2026-11-20"), ("2026-09-21", "2026-10-21")]
    assert (len(asked), asked[-1][0]) == (11, "2026-01-01")
    assert all(later[0] == earlier[1] for later, earlier in pairwise(asked))
    done = progress(reader)
    assert (done.state, done.pages_done, done.pages_total, done.failures) == ("done", 11, 11, 0)
    reader.refresh_from_db()
    assert (reader.transactions_known_from, reader.transactions_checked_at) == (date(2026, 1, 1), NOON)
    assert Transaction.objects.count() == 2  # that of last year was not asked for
    # 12 bought, 2 of them sold: 240 − 200 − 2 ⁄ 12 of a dollar.
    assert RealizedLot.objects.get().pl == Decimal("39.8333")
    assert OpenLot.objects.get(symbol="AAPL").quantity == 10
    # Of MSFT no transaction is known: it was held before, at a cost that nobody knows.
    assert OpenLot.objects.values_list("quantity", "cost").get(symbol="MSFT") == (4, None)


def test_what_was_held_before_the_year_goes_first(schwab: FakeSchwab, reader: Account) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-02-02", 5.0), sell(2, "2026-03-02", 3.0)]
    read_all(reader)
    # 10 are held, 5 came and 3 went: 8 were there before, and of these 3 were sold.
    (sold,) = RealizedLot.objects.all()
    assert (sold.quantity, sold.pl, sold.opened_by) == (3, None, None)
    assert "known history" in sold.unmatched
    assert [(lot.quantity, lot.cost) for lot in OpenLot.objects.filter(symbol="AAPL").order_by("id")] == [
        (5, None),
        (5, 501),
    ]


def test_then_only_the_last_days_are_read_again(schwab: FakeSchwab, reader: Account, noon: Any) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 10.0)]
    read_all(reader)
    schwab.seen.clear()
    assert read_window(reader.pk, "schedule") == "done"
    assert windows(schwab) == []  # a moment ago
    noon.shift(timedelta(minutes=15))
    schwab.transactions[FIVE[0]].append(sell(2, "2026-11-20", 4.0) | {"time": "2026-11-20T17:10:00+0000"})
    assert read_window(reader.pk, "schedule") == "done"
    assert windows(schwab) == [("2026-11-15", "2026-11-20")]
    assert list(OpenLot.objects.filter(symbol="AAPL").values_list("quantity", flat=True)) == [6]
    run = SyncRun.objects.filter(kind="transactions").latest("id")
    assert (run.outcome, run.http_calls, run.rows_written) == ("ok", 1, 1)
    noon.shift(timedelta(minutes=15))
    before = list(Transaction.objects.order_by("id").values()), version_of(reader)
    assert read_window(reader.pk, "schedule") == "done"
    assert (list(Transaction.objects.order_by("id").values()), version_of(reader)) == before
    assert SyncRun.objects.filter(kind="transactions").latest("id").outcome == "unchanged"


def test_a_full_page_is_asked_for_again_by_halves(
    schwab: FakeSchwab, reader: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactionsync, "MOST_ROWS", 3)
    days = ("2026-11-18", "2026-11-10", "2026-11-02", "2026-10-25")
    schwab.transactions[FIVE[0]] = [buy(number, day) for number, day in enumerate(days, 1)]
    schwab.seen.clear()
    assert read_window(reader.pk, "schedule") == "more"
    assert windows(schwab) == [("2026-10-21", "2026-11-20"), ("2026-11-05", "2026-11-20")]
    read_all(reader)
    assert Transaction.objects.count() == 4
    assert progress(reader).state == "done"


def test_what_is_due_is_queued_and_windows_follow_each_other(
    schwab: FakeSchwab, reader: Account, enqueued: Enqueued, noon: Any
) -> None:
    others = set(Account.objects.exclude(pk=reader.pk).values_list("pk", flat=True))
    assert tasks.read_due_transactions() == 5
    assert {args[0] for args in enqueued} == {reader.pk, *others}
    enqueued.clear()
    assert tasks.read_transactions(reader.pk, "schedule") == "more"
    assert enqueued == [(reader.pk, "schedule")]
    read_all(reader)
    assert set(history.due(timezone.now())) == others
    noon.shift(timedelta(minutes=15))
    assert history.due(timezone.now())[-1] == reader.pk  # those never read come first


def test_when_it_is_read_again() -> None:
    assert history.next_reading(NOON) == NOON + timedelta(minutes=15)
    close = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
    assert history.next_reading(close - timedelta(minutes=5)) == close + timedelta(minutes=2)
    saturday = NOON + timedelta(days=1)
    assert history.next_reading(saturday) == saturday + timedelta(hours=6)


def test_after_a_fill_it_is_read_in_a_minute(reader: Account, connection: BrokerConnection) -> None:
    read_all(reader)
    assert progress(reader).next_at == NOON + timedelta(minutes=15)
    tasks.sync_connection(connection.pk, "manual")
    assert progress(reader).next_at == NOON + timedelta(minutes=15)
    tasks.sync_connection(connection.pk, "stream")
    assert progress(reader).next_at == NOON + timedelta(minutes=1)
