"""Reading transactions through trouble, twice at once, and whatever comes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from actandpos.models import Account, RealizedLot, RejectedTransaction, Transaction
from livedata.schwab import errors, history
from livedata.schwab.models import BrokerConnection, HistoryProgress, SyncRun
from livedata.schwab.tests.fake_schwab import FIVE, FakeSchwab, said
from livedata.schwab.tests.payload_transactions import sold_put
from livedata.schwab.tests.people import account_of, change, together
from livedata.schwab.tests.transactioning import NOON, PATH, at, buy, progress, read_all, sell, windows
from livedata.schwab.transactionsync import read_window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
ODD: list[Any] = [
    None,
    "",
    "x" * 500,
    "\u0000",
    [],
    {},
    [{}],
    True,
    -1,
    0,
    1e15,
    1e-9,
    123456789012345.678,
    "2026-11-18",
]


def test_delivered_twice_it_is_read_once_and_whoever_is_overtaken_stores_nothing(
    schwab: FakeSchwab, reader: Account
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18")]

    def meanwhile() -> None:
        assert read_window(reader.pk, "schedule") == "busy"
        HistoryProgress.objects.update(lease_until=timezone.now())  # its time is over
        assert read_window(reader.pk, "schedule") == "more"

    schwab.meanwhile[PATH] = meanwhile
    assert read_window(reader.pk, "schedule") == "done"
    outcomes = SyncRun.objects.filter(kind="transactions").order_by("id").values_list("outcome", flat=True)
    assert list(outcomes) == ["superseded", "ok"]
    assert (Transaction.objects.count(), progress(reader).pages_done) == (1, 1)


def test_a_disconnection_meanwhile_keeps_what_is_read_out(schwab: FakeSchwab, reader: Account) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18")]
    schwab.meanwhile[PATH] = lambda: BrokerConnection.objects.update(status="none")
    read_window(reader.pk, "schedule")
    assert not Transaction.objects.exists()
    assert read_window(reader.pk, "schedule") == "gone"


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
    schwab: FakeSchwab, reader: Account, noon: Any, reply: Any, code: str
) -> None:
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 10.0)]
    read_window(reader.pk, "schedule")
    schwab.says(PATH, reply)
    assert read_window(reader.pk, "schedule") == code
    failed = progress(reader)
    assert (failed.state, failed.error_code, failed.failures, failed.pages_done) == ("failed", code, 1, 1)
    assert failed.next_at
    pause = (failed.next_at - NOON).total_seconds()
    assert pause == 300 if code == "schwab_throttled" else 60 <= pause <= 180
    assert reader.pk not in history.due(timezone.now())
    assert failed.lease_until is None
    assert read_all(reader) == 10
    assert (progress(reader).state, progress(reader).error_code) == ("done", "")
    assert Transaction.objects.count() == 1


def test_without_a_sign_in_the_link_says_so(schwab: FakeSchwab, reader: Account) -> None:
    schwab.says(PATH, said(401, ""), said(401, ""))
    assert read_window(reader.pk, "schedule") == errors.NotAuthorized.code
    assert BrokerConnection.objects.get().status == "reauth_required"


def test_own_limits_are_no_failure(
    schwab: FakeSchwab, reader: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise errors.HeldBack(retry_after=7.0)

    monkeypatch.setattr("livedata.schwab.trying.limiter.admit", full)
    assert read_window(reader.pk, "schedule") == "held_back"
    assert progress(reader).next_at == NOON + timedelta(seconds=7)
    assert (progress(reader).failures, SyncRun.objects.filter(kind="transactions").count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_several_at_once_read_each_window_once(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    change(connection, access_expires_at=timezone.now() + timedelta(days=2))
    reader = account_of(connection, FIVE[0])
    schwab.transactions[FIVE[0]] = [buy(1, "2026-11-18", 10.0), sell(2, "2026-11-19", 4.0)]
    ended = together(4, lambda: [read_window(reader.pk, "manual") for _ in range(4)])
    while read_window(reader.pk, "manual") == "more":
        pass
    assert {each for ends in ended for each in ends} <= {"more", "done", "busy"}
    assert (Transaction.objects.count(), RealizedLot.objects.count()) == (2, 1)
    assert (progress(reader).state, progress(reader).pages_done) == ("done", 11)
    asked = [each for each in windows(schwab) if each[1] != "2026-11-20"]
    assert len(asked) == len(set(asked)) == 10


def test_whatever_comes_is_kept_or_named(schwab: FakeSchwab, reader: Account) -> None:
    odd = odd_ones()
    schwab.says(PATH, said(200, odd))
    assert read_all(reader) == 11
    kept, named = Transaction.objects.count(), RejectedTransaction.objects.count()
    assert kept + named == len(odd) > 300
    assert min(kept, named) > 50
    client = Client()
    client.force_login(reader.owner)
    answer = client.get("/api/actandpos/statement", {"account_id": reader.pk})
    assert answer.status_code == 200
    assert len(answer.json()["transactions"]) <= kept


def odd_ones() -> list[dict[str, Any]]:
    """Return transactions with one odd value each, in the transaction, a row or an instrument."""
    found: list[dict[str, Any]] = []
    plain = sold_put() | {"time": at("2026-11-18"), "tradeDate": at("2026-11-18")}
    for value in ODD:
        found += [{**plain, name: value} for name in plain if name != "activityId"]
        *fees, moved = plain["transferItems"]
        found += [{**plain, "transferItems": [*fees, {**moved, name: value}]} for name in moved]
        inside = moved["instrument"]
        rows = [{**moved, "instrument": {**inside, name: value}} for name in inside]
        found += [{**plain, "transferItems": [*fees, row]} for row in rows]
    return [each | {"activityId": number} for number, each in enumerate(found, 1)]
