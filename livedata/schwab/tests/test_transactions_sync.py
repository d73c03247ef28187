"""Reading transactions: window by window, back and then forward, once whatever is delivered twice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.utils import timezone

from actandpos.models import Account, OpenLot, RealizedLot, RejectedTransaction, Transaction
from livedata.schwab import errors, history, services, tasks, transactionsync
from livedata.schwab.models import BrokerConnection, HistoryProgress, SyncRun
from livedata.schwab.tests.fake_schwab import FIVE, FakeSchwab, said, transactions_of
from livedata.schwab.tests.payload_transactions import security, trade, transaction
from livedata.schwab.tests.people import account_of, change, together
from livedata.schwab.transactionsync import read_window

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # Friday, noon in New York
PATH = transactions_of(FIVE[0])
Enqueued = list[tuple[Any, ...]]


@pytest.fixture(autouse=True)
def noon() -> Any:
    """Let it be Friday noon, and let time stand still unless a test moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def account(connection: BrokerConnection, noon: Any) -> Account:
    """Return the account that holds 10 AAPL and 4 MSFT, seen a minute ago."""
    change(connection, access_expires_at=timezone.now() + timedelta(days=2))
    services.sync_connection(connection, "manual")
    return account_of(connection, FIVE[0])


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


def at(day: str) -> str:
    """Return ten in the morning of a day, as Schwab writes it."""
    return f"{day}T15:00:00+0000"


def buy(activity_id: int, day: str, units: float = 1.0, symbol: str = "AAPL", **more: Any) -> dict[str, Any]:
    """Return a buy at 100 with a dollar of fees."""
    return trade(activity_id, security(symbol, units, -100.0 * units, 100.0), 1.0, time=at(day), **more)


def sell(activity_id: int, day: str, units: float = 1.0, symbol: str = "AAPL") -> dict[str, Any]:
    """Return a sale at 120 without fees."""
    return trade(activity_id, security(symbol, -units, 120.0 * units, 120.0, effect="CLOSING"), time=at(day))


def windows(schwab: FakeSchwab) -> list[tuple[str, str]]:
    """Return from which day to which was asked, each time."""
    queries = [
        parse_qs(urlsplit(str(each.url)).query) for each in schwab.seen if "/transactions" in str(each.url)
    ]
    return [(each["startDate"][0][:10], each["endDate"][0][:10]) for each in queries]


def read_all(account: Account) -> int:
    """Read until there is no more; return how many windows that took."""
    for count in range(1, 40):
        if read_window(account.pk, "schedule") != "more":
            return count
    raise AssertionError("it never ends")


def progress(account: Account) -> HistoryProgress:
    return HistoryProgress.objects.get(account=account, kind="transactions")


def test_a_new_account_reads_the_year_back_window_by_window(schwab: FakeSchwab, account: Account) -> None:
    schwab.transactions[FIVE[0]] = [
        buy(1, "2026-02-02", 12.0),
        sell(2, "2026-11-19", 2.0),
        buy(9, "2025-12-31"),
    ]
    schwab.seen.clear()
    assert read_window(account.pk, "schedule") == "more"
    first = progress(account)
    assert (first.state, first.pages_done, first.pages_total) == ("running", 1, 11)
    account.refresh_from_db()
    assert account.lots_matched_at is None  # nothing is said of gains while the history is incomplete
    assert read_all(account) == 10
    asked = windows(schwab)
    assert asked[:2] == [("2026-10-21", "2026-11-20"), ("2026-09-21", "2026-10-21")]
    assert (len(asked), asked[-1][0]) == (11, "2026-01-01")
    assert all(later[0] == earlier[1] for later, earlier in pairwise(asked))
    done = progress(account)
    assert (done.state, done.pages_done, done.pages_total, done.failures) == ("done", 11, 11, 0)
    account.refresh_from_db()
    assert (account.transactions_known_from, account.transactions_checked_at) == (date(2026, 1, 1), NOON)
    assert Transaction.objects.count() == 2  # that of last year was not asked for
    # 12 bought, 2 of them sold: 240 − 200 − 2 ⁄ 12 of a dollar.
    assert RealizedLot.objects.get().pl == Decimal("39.8333")
    assert OpenLot.objects.get(symbol="AAPL").quantity == 10
    # Of MSFT no transaction is known: it was held before, at a cost that nobody knows.
    assert OpenLot.objects.values_list("quantity", "cost").get(symbol="MSFT") == (4, None)


def test_what_was_held_before_the_year_goes_first(schwab: FakeSchwab, account: Account) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-02-02", 5.0), sell(2, "2026-03-02", 3.0)]
    read_all(account)
    # 10 are held, 5 came and 3 went: 8 were there before, and of these 3 were sold.
    (sold,) = RealizedLot.objects.all()
    assert (sold.quantity, sold.pl, sold.opened_by) == (3, None, None)
    assert "known history" in sold.unmatched
    assert [(lot.quantity, lot.cost) for lot in OpenLot.objects.filter(symbol="AAPL").order_by("id")] == [
        (5, None),
        (5, 501),
    ]


def test_then_only_the_last_days_are_read_again(schwab: FakeSchwab, account: Account, noon: Any) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 10.0)]
    read_all(account)
    schwab.seen.clear()
    assert read_window(account.pk, "schedule") == "done"
    assert windows(schwab) == []  # a moment ago
    noon.shift(timedelta(minutes=15))
    schwab.transactions[FIVE[0]].append(sell(2, "2026-11-20", 4.0) | {"time": "2026-11-20T17:10:00+0000"})
    assert read_window(account.pk, "schedule") == "done"
    assert windows(schwab) == [("2026-11-15", "2026-11-20")]
    assert list(OpenLot.objects.filter(symbol="AAPL").values_list("quantity", flat=True)) == [6]
    run = SyncRun.objects.filter(kind="transactions").latest("id")
    assert (run.outcome, run.http_calls, run.rows_written) == ("ok", 1, 1)
    noon.shift(timedelta(minutes=15))
    before = list(Transaction.objects.order_by("id").values()), account_of_version(account)
    assert read_window(account.pk, "schedule") == "done"
    assert (list(Transaction.objects.order_by("id").values()), account_of_version(account)) == before
    assert SyncRun.objects.filter(kind="transactions").latest("id").outcome == "unchanged"


def account_of_version(account: Account) -> int:
    account.refresh_from_db()
    return account.transactions_version


def test_a_correction_is_rewritten_and_a_late_booking_is_found(
    schwab: FakeSchwab, account: Account, noon: Any
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 14.0), sell(2, "2026-11-19", 4.0)]
    read_all(account)
    late = buy(3, "2026-11-17", 2.0, "MSFT")
    corrected = trade(1, security("AAPL", 14.0, -1260.0, 90.0), 1.0, time=at("2026-11-18"))
    schwab.transactions[FIVE[0]] = [corrected, sell(2, "2026-11-19", 4.0), late]
    noon.shift(timedelta(minutes=15))
    read_window(account.pk, "schedule")
    assert Transaction.objects.count() == 3
    assert RealizedLot.objects.get().pl == Decimal("480") - 360 - Decimal("0.2857")
    # 4 are held and 2 of them were bought now: the others were there before.
    assert list(OpenLot.objects.filter(symbol="MSFT").order_by("id").values_list("quantity", "cost")) == [
        (2, None),
        (2, 201),
    ]


def test_a_transfer_that_is_booked_late_was_not_held_yet(
    schwab: FakeSchwab, account: Account, noon: Any
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 10.0)]
    read_all(account)
    came = security("AAPL", 5.0, 0.0, None, effect=None)
    schwab.transactions[FIVE[0]].append(
        transaction(2, "RECEIVE_AND_DELIVER", 0.0, came, time=at("2026-11-19"))
    )
    noon.shift(timedelta(minutes=15))
    read_window(account.pk, "schedule")
    lots = (
        OpenLot.objects.filter(symbol="AAPL")
        .order_by("id")
        .values_list("quantity", "cost", "opened_by__broker_activity_id")
    )
    assert list(lots) == [(10, 1001, "1"), (5, None, "2")]


def test_one_that_is_listed_no_more_counts_until_that_is_seen_twice(
    schwab: FakeSchwab, account: Account, noon: Any
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 10.0), sell(2, "2026-11-18", 4.0)]
    read_all(account)
    lost = schwab.transactions[FIVE[0]].pop()
    noon.shift(timedelta(minutes=15))
    read_window(account.pk, "schedule")
    gone = Transaction.objects.get(broker_activity_id="2")
    assert (gone.status, gone.unlisted_at) == ("VALID", timezone.now())
    assert RealizedLot.objects.exists()
    noon.shift(timedelta(minutes=15))
    read_window(account.pk, "schedule")
    gone.refresh_from_db()
    assert gone.status == "UNLISTED"
    assert not RealizedLot.objects.exists()
    schwab.transactions[FIVE[0]].append(lost)
    noon.shift(timedelta(minutes=15))
    read_window(account.pk, "schedule")
    gone.refresh_from_db()
    assert (gone.status, gone.unlisted_at) == ("VALID", None)
    assert RealizedLot.objects.exists()


def test_a_full_page_is_asked_for_again_by_halves(
    schwab: FakeSchwab, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactionsync, "MOST_ROWS", 3)
    days = ("2026-11-18", "2026-11-10", "2026-11-02", "2026-10-25")
    schwab.transactions[FIVE[0]] = [buy(number, day) for number, day in enumerate(days, 1)]
    schwab.seen.clear()
    assert read_window(account.pk, "schedule") == "more"
    assert windows(schwab) == [("2026-10-21", "2026-11-20"), ("2026-11-05", "2026-11-20")]
    read_all(account)
    assert Transaction.objects.count() == 4
    assert progress(account).state == "done"


def test_delivered_twice_it_is_read_once_and_whoever_is_overtaken_stores_nothing(
    schwab: FakeSchwab, account: Account
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18")]

    def meanwhile() -> None:
        assert read_window(account.pk, "schedule") == "busy"
        HistoryProgress.objects.update(lease_until=timezone.now())  # its time is over
        assert read_window(account.pk, "schedule") == "more"

    schwab.meanwhile[PATH] = meanwhile
    assert read_window(account.pk, "schedule") == "done"
    outcomes = SyncRun.objects.filter(kind="transactions").order_by("id").values_list("outcome", flat=True)
    assert list(outcomes) == ["superseded", "ok"]
    assert (Transaction.objects.count(), progress(account).pages_done) == (1, 1)


def test_a_disconnection_meanwhile_keeps_what_is_read_out(schwab: FakeSchwab, account: Account) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18")]
    schwab.meanwhile[PATH] = lambda: BrokerConnection.objects.update(status="none")
    read_window(account.pk, "schedule")
    assert not Transaction.objects.exists()
    assert read_window(account.pk, "schedule") == "gone"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (said(500, ""), "schwab_outage"),
        (said(429, "", **{"Retry-After": "300"}), "schwab_throttled"),
        (said(400, {"message": "too wide"}), "schwab_refused"),
        (said(200, {"transactions": []}), "schwab_odd_answer"),
    ],
)
def test_trouble_is_said_and_reading_goes_on_where_it_stopped(
    schwab: FakeSchwab, account: Account, noon: Any, reply: Any, code: str
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 10.0)]
    read_window(account.pk, "schedule")
    schwab.says(PATH, reply)
    assert read_window(account.pk, "schedule") == code
    failed = progress(account)
    assert (failed.state, failed.error_code, failed.failures, failed.pages_done) == ("failed", code, 1, 1)
    assert failed.next_at
    pause = (failed.next_at - NOON).total_seconds()
    assert pause == 300 if code == "schwab_throttled" else 60 <= pause <= 180
    assert account.pk not in history.due(timezone.now())
    assert failed.lease_until is None
    assert read_all(account) == 10
    assert (progress(account).state, progress(account).error_code) == ("done", "")
    assert Transaction.objects.count() == 1


def test_without_a_sign_in_the_link_says_so(schwab: FakeSchwab, account: Account) -> None:
    schwab.says(PATH, said(401, ""), said(401, ""))
    assert read_window(account.pk, "schedule") == errors.NotAuthorized.code
    assert BrokerConnection.objects.get().status == "reauth_required"


def test_own_limits_are_no_failure(
    schwab: FakeSchwab, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise errors.HeldBack(retry_after=7.0)

    monkeypatch.setattr("livedata.schwab.trying.limiter.admit", full)
    assert read_window(account.pk, "schedule") == "held_back"
    assert progress(account).next_at == NOON + timedelta(seconds=7)
    assert (progress(account).failures, SyncRun.objects.filter(kind="transactions").count()) == (0, 0)


def test_what_cannot_be_read_is_kept_with_its_reason_until_it_can(
    schwab: FakeSchwab, account: Account, noon: Any
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18"), buy(2, "2026-11-19") | {"netAmount": 1e300}]
    read_all(account)
    refused = RejectedTransaction.objects.get()
    assert (refused.key, refused.reason) == ("2", "netAmount is out of range")
    schwab.transactions[FIVE[0]][1] = buy(2, "2026-11-19")
    noon.shift(timedelta(minutes=15))
    read_window(account.pk, "schedule")
    assert (RejectedTransaction.objects.count(), Transaction.objects.count()) == (0, 2)


def test_what_is_due_is_queued_and_windows_follow_each_other(
    schwab: FakeSchwab, account: Account, enqueued: Enqueued, noon: Any
) -> None:
    others = set(Account.objects.exclude(pk=account.pk).values_list("pk", flat=True))
    assert tasks.read_due_transactions() == 5
    assert {args[0] for args in enqueued} == {account.pk, *others}
    enqueued.clear()
    assert tasks.read_transactions(account.pk, "schedule") == "more"
    assert enqueued == [(account.pk, "schedule")]
    read_all(account)
    assert set(history.due(timezone.now())) == others
    noon.shift(timedelta(minutes=15))
    assert history.due(timezone.now())[-1] == account.pk  # those never read come first


def test_when_it_is_read_again() -> None:
    assert history.next_reading(NOON) == NOON + timedelta(minutes=15)
    close = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
    assert history.next_reading(close - timedelta(minutes=5)) == close + timedelta(minutes=2)
    saturday = NOON + timedelta(days=1)
    assert history.next_reading(saturday) == saturday + timedelta(hours=6)


def test_after_a_fill_it_is_read_in_a_minute(account: Account, connection: BrokerConnection) -> None:
    read_all(account)
    assert progress(account).next_at == NOON + timedelta(minutes=15)
    tasks.sync_connection(connection.pk, "manual")
    assert progress(account).next_at == NOON + timedelta(minutes=15)
    tasks.sync_connection(connection.pk, "stream")
    assert progress(account).next_at == NOON + timedelta(minutes=1)


def test_the_method_that_schwab_names_is_kept_and_matched_by(schwab: FakeSchwab, account: Account) -> None:
    from livedata.schwab.client import AccountNumber
    from livedata.schwab.linking import link_account
    from livedata.schwab.preferences import Preferences
    from livedata.schwab.tests.fake_schwab import hash_of

    more = trade(2, security("AAPL", 10.0, -2000.0, 200.0), time=at("2026-02-03"))
    schwab.transactions[FIVE[0]] = [buy(1, "2026-02-02", 10.0), more, sell(3, "2026-03-03", 10.0)]
    read_all(account)
    assert RealizedLot.objects.get().pl == 199
    said_so = Preferences(lot_methods={FIVE[0]: "LIFO"})
    link_account(BrokerConnection.objects.get(), AccountNumber(FIVE[0], hash_of(FIVE[0])), said_so)
    assert RealizedLot.objects.get().pl == -800


@pytest.mark.django_db(transaction=True)
def test_several_at_once_read_each_window_once(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    change(connection, access_expires_at=timezone.now() + timedelta(days=2))
    account = account_of(connection, FIVE[0])
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 10.0), sell(2, "2026-11-19", 4.0)]
    ended = together(4, lambda: [read_window(account.pk, "manual") for _ in range(4)])
    while read_window(account.pk, "manual") == "more":
        pass
    assert {each for ends in ended for each in ends} <= {"more", "done", "busy"}
    assert (Transaction.objects.count(), RealizedLot.objects.count()) == (2, 1)
    assert (progress(account).state, progress(account).pages_done) == ("done", 11)
    asked = [each for each in windows(schwab) if each[1] != "2026-11-20"]
    assert len(asked) == len(set(asked)) == 10
