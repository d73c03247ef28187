"""Syncs that overtake each other, lists that lack accounts, answers that lack rows."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from actandpos.models import Account, Position
from livedata.schwab import errors, leases, links, services
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.tests.fake_schwab import (
    AAPL,
    ACCOUNTS,
    FIVE,
    MSFT,
    TOKEN,
    FakeSchwab,
    account,
    hash_of,
    said,
    share,
)
from livedata.schwab.tests.people import account_of, connected, user
from livedata.schwab.tests.synced import book, sync

pytestmark = pytest.mark.django_db
RICHER = share("AAPL", 10, 200)


def test_an_older_answer_is_refused(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.holds(account(FIVE[0], RICHER, MSFT), *map(account, FIVE[1:]))
    sync(connection)
    before = book()
    schwab.holds(account(FIVE[0], AAPL, MSFT), *map(account, FIVE[1:]))
    last = connection.last_success_at
    with time_machine.travel(timezone.now() - timedelta(seconds=30)):  # it was asked for earlier
        run = sync(connection)
    assert (run.outcome, run.rows_written) == ("superseded", 0)
    assert "newer answer" in run.reason
    assert book() == before
    assert connection.last_success_at == last


def other_sync(schwab: FakeSchwab) -> Callable[[], None]:
    """Return what happens when the first worker's lease runs out while it waits: another syncs to the end."""

    def happens() -> None:
        BrokerConnection.objects.update(sync_lease_until=timezone.now() - timedelta(seconds=1))
        schwab.holds(account(FIVE[0], RICHER, MSFT), *map(account, FIVE[1:]))
        other = services.sync_connection(BrokerConnection.objects.get(), "manual")
        assert other
        assert other.outcome == "ok"

    return happens


def test_who_lost_the_lease_stores_nothing(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.meanwhile[ACCOUNTS] = other_sync(schwab)
    late = said(200, [account(FIVE[0], share("AAPL", 1, 1), cash=1), account("99999999")])
    schwab.queue[ACCOUNTS].append(said(200, [account(FIVE[0], RICHER, MSFT), *map(account, FIVE[1:])]))
    schwab.queue[ACCOUNTS].append(late)
    run = sync(connection)
    assert (run.outcome, run.rows_written) == ("superseded", 0)
    assert "Another sync took over" in run.reason
    assert str(Position.objects.get(symbol="AAPL").market_value) == "2000.0000"
    assert connection.links.filter(linked=True).count() == 5
    assert (connection.list_suspect, connection.sync_lease_owner) == (False, "")
    assert SyncRun.objects.filter(outcome="running").count() == 0


@pytest.mark.parametrize("late", [[], [account(FIVE[0], RICHER, MSFT)]], ids=["empty", "shorter"])
def test_a_disconnect_during_a_sync_wins(
    schwab: FakeSchwab, connection: BrokerConnection, late: list[object]
) -> None:
    before = book()
    schwab.meanwhile[ACCOUNTS] = lambda: links.disconnect(BrokerConnection.objects.get())
    schwab.says(ACCOUNTS, said(200, late))
    last = connection.last_success_at
    run = sync(connection)
    assert book() == before
    assert run.rows_written == 0
    assert set(Account.objects.values_list("link_state", flat=True)) == {"none"}
    assert (connection.status, connection.next_sync_at, connection.last_success_at) == ("none", None, last)
    assert (connection.list_suspect, connection.links.filter(linked=True).count()) == (False, 5)


def test_a_login_found_ended_during_a_sync_stays_ended(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    def ends() -> None:
        links.require_reauth(BrokerConnection.objects.get(), errors.ReauthRequired())

    schwab.meanwhile[ACCOUNTS] = ends
    assert sync(connection).outcome == "unchanged"
    assert (connection.status, connection.next_sync_at) == ("reauth_required", None)
    assert connection.last_error_code == "reauth_required"
    assert set(Account.objects.values_list("link_state", flat=True)) == {"reauth_required"}


def test_while_one_runs_the_other_does_nothing(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    assert leases.take_sync(connection.pk)
    assert services.sync_connection(connection, "manual") is None
    assert not schwab.calls


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_asks_schwab(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    asked, go_on = Event(), Event()

    def waits() -> None:
        asked.set()
        assert go_on.wait(20)

    def first() -> None:
        try:
            results.append(services.sync_connection(BrokerConnection.objects.get(), "manual"))
        finally:
            connections.close_all()

    results: list[SyncRun | None] = []
    schwab.meanwhile[ACCOUNTS] = waits
    worker = Thread(target=first)
    worker.start()
    assert asked.wait(20)
    assert services.sync_connection(connection, "manual") is None
    go_on.set()
    worker.join()
    assert results[0]
    assert results[0].outcome == "unchanged"
    assert schwab.calls[ACCOUNTS] == 1


def test_an_account_that_left_the_list_stays_unlinked_and_comes_back(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    gone = account_of(connection, FIVE[0])
    schwab.holds(*map(account, FIVE[1:]))
    assert sync(connection).outcome == "unchanged"
    left = account_of(connection, FIVE[0])
    assert left.link_state == "unlinked"
    assert (left.net_liq, left.version, left.checked_at) == (gone.net_liq, gone.version, gone.checked_at)
    assert left.positions.count() == 2
    assert not connection.links.get(account=left).linked
    assert account_of(connection, FIVE[1]).link_state == "connected"

    schwab.holds(account(FIVE[0], AAPL, MSFT), *map(account, FIVE[1:]))
    run = sync(connection)
    assert (run.outcome, run.http_calls) == ("unchanged", 1)
    assert account_of(connection, FIVE[0]).link_state == "connected"
    assert connection.links.get(account=left).linked


def test_an_account_that_cannot_even_be_named_unlinks_nobody(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    schwab.says(ACCOUNTS, said(200, [{"securitiesAccount": {"type": "MARGIN"}}, *map(account, FIVE[1:])]))
    assert sync(connection).outcome == "partial"
    assert connection.links.filter(linked=True).count() == 5


def test_an_empty_list_is_believed_the_second_time(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    before, last = book(), connection.last_success_at
    schwab.holds()
    run = sync(connection)
    assert (run.outcome, connection.list_suspect, connection.last_success_at) == ("suspect", True, last)
    assert "listed no account at all" in run.reason
    assert connection.last_error_code == "schwab_odd_answer"
    assert connection.links.filter(linked=True).count() == 5

    assert sync(connection).outcome == "unchanged"
    assert (connection.list_suspect, connection.last_error_code) == (False, "")
    assert connection.links.filter(linked=True).count() == 0
    assert set(Account.objects.values_list("link_state", flat=True)) == {"unlinked"}
    assert book() == before
    assert sync(connection).outcome == "unchanged"  # nothing is linked, so an empty list is what it should be


def test_an_empty_list_between_good_ones_is_forgotten(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    for _ in range(2):
        schwab.says(ACCOUNTS, said(200, []))
        assert sync(connection).outcome == "suspect"
        assert sync(connection).outcome == "unchanged"
        assert not connection.list_suspect
    assert connection.links.filter(linked=True).count() == 5


def test_rows_that_the_balances_still_count_are_believed_gone_the_second_time(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    before = book()[0]
    short = account(FIVE[0], AAPL, MSFT)
    short["securitiesAccount"]["positions"] = [AAPL]
    schwab.holds(short, *map(account, FIVE[1:]))
    run = sync(connection)
    assert run.outcome == "suspect"
    assert "1 position worth 1,600.00 USD missing" in run.reason
    assert (book()[0], Position.objects.count()) == (before, 2)
    assert connection.last_error_code == "schwab_odd_answer"

    assert sync(connection).outcome == "ok"
    assert Position.objects.get().symbol == "AAPL"
    assert connection.last_error_code == ""


def test_one_account_fetched_now_waits_for_the_sync_and_takes_its_figures(
    schwab: FakeSchwab, connection: BrokerConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = account_of(connection, FIVE[0])
    lease = leases.take_sync(connection.pk)
    assert lease

    def the_other_ends(seconds: float) -> None:
        leases.release_sync(lease)
        sync(connection)

    monkeypatch.setattr(leases.time, "sleep", the_other_ends)
    assert services.fetch_account(found).checked_at
    assert dict(schwab.calls) == {ACCOUNTS: 1}
    assert schwab.calls[f"{ACCOUNTS}/{hash_of(FIVE[0])}"] == schwab.calls[TOKEN] == 0


def test_the_same_number_is_another_account_for_another_user(schwab: FakeSchwab) -> None:
    schwab.holds(account(FIVE[0], AAPL))
    both = [connected(user(name), FIVE[:1]) for name in ("one", "two")]
    assert [sync(each).outcome for each in both] == ["ok", "ok"]
    assert Account.objects.count() == 2
