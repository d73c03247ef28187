"""A sync: one call for all accounts, what went wrong is said, and nothing is wiped."""

import hmac

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from actandpos.models import Account, Position, RejectedRow
from livedata.schwab import services
from livedata.schwab.models import BrokerConnection, IdentitySalt, LinkedAccount, SyncRun
from livedata.schwab.tests.fake_schwab import (
    AAPL,
    ACCOUNTS,
    FIVE,
    MSFT,
    NUMBERS,
    ORDERS,
    PREFERENCE,
    FakeSchwab,
    Json,
    account,
    hash_of,
    said,
    share,
)
from livedata.schwab.tests.people import account_of, connected
from livedata.schwab.tests.synced import sync

pytestmark = pytest.mark.django_db


def test_five_accounts_cost_one_call(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.holds(account(FIVE[0], AAPL, share("MSFT", 4, 410)), *[account(number) for number in FIVE[1:]])
    run = sync(connection)
    assert dict(schwab.calls) == {ACCOUNTS: 1}
    assert schwab.seen[-1].url is not None
    assert schwab.seen[-1].url.endswith("/trader/v1/accounts?fields=positions")
    assert (run.kind, run.trigger, run.outcome, run.reason) == ("accounts", "manual", "ok", "")
    assert (run.http_calls, run.rows_written) == (1, 1)
    assert run.ended_at
    assert run.started_at <= run.ended_at
    assert str(Position.objects.get(symbol="MSFT").market_value) == "1640.0000"
    assert connection.last_success_at == run.started_at
    assert (connection.failures, connection.sync_lease_owner) == (0, "")


def test_what_did_not_change_is_not_written(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    before = Account.objects.order_by("id").values_list("id", "version", "as_of")
    kept, rows = list(before), list(Position.objects.order_by("id").values())
    run = sync(connection)
    assert (run.outcome, run.rows_written, run.http_calls) == ("unchanged", 0, 1)
    assert list(before.all()) == kept
    assert list(Position.objects.order_by("id").values()) == rows
    assert Account.objects.filter(checked_at__gte=run.started_at).count() == 5


def test_the_statements_do_not_grow_with_the_positions(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    def statements(*rows: Json) -> int:
        schwab.holds(account(FIVE[0], AAPL, MSFT, *rows), *[account(number) for number in FIVE[1:]])
        with CaptureQueriesContext(database) as seen:
            assert sync(connection).rows_written == len(rows)
        return len(seen)

    one = statements(share("ONE", 1, 10))
    assert statements(share("ONE", 2, 10), *[share(f"S{number}", 1, 10) for number in range(300)]) <= one + 2


def test_an_unreadable_account_is_recorded_and_the_rest_applied(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    before = account_of(connection, FIVE[0])
    broken = account(FIVE[0], AAPL)
    broken["securitiesAccount"]["currentBalances"] = "none"
    schwab.says(ACCOUNTS, said(200, [broken, account(FIVE[1], cash=77), *map(account, FIVE[2:])]))
    run = sync(connection)
    assert run.outcome == "partial"
    assert before.display_name in run.reason
    assert "could not be read" in run.reason
    assert account_of(connection, FIVE[0]).version == before.version
    assert str(account_of(connection, FIVE[1]).net_liq) == "77.0000"
    assert connection.links.filter(linked=True).count() == 5


def test_an_unreadable_row_is_recorded_and_the_rest_applied(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    broken = share("MSFT", 4, 410) | {"longQuantity": "many"}
    schwab.holds(account(FIVE[0], share("AAPL", 11, 190.25), broken), *map(account, FIVE[1:]))
    run = sync(connection)
    assert (run.outcome, run.rows_written) == ("partial", 1)
    assert "MSFT could not be read" in run.reason
    assert RejectedRow.objects.get().symbol == "MSFT"
    assert set(Position.objects.values_list("symbol", flat=True)) == {"AAPL", "MSFT"}
    assert connection.last_success_at == run.started_at


def test_when_no_account_can_be_read_the_link_says_so(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    before = connection.last_success_at
    broken = [{"securitiesAccount": {"accountNumber": number}} for number in FIVE]
    schwab.says(ACCOUNTS, said(200, broken))
    assert sync(connection).outcome == "failed"
    assert (connection.last_error_code, connection.last_success_at) == ("schwab_odd_answer", before)


def test_a_new_account_is_learned(schwab: FakeSchwab) -> None:
    schwab.holds(account(FIVE[0]))
    connection = connected(numbers=FIVE[:1])
    sync(connection)
    schwab.calls.clear()
    schwab.holds(account(FIVE[0]), account(FIVE[4], AAPL))
    schwab.says(PREFERENCE, said(200, {"accounts": [{"accountNumber": int(FIVE[4]), "nickName": "Trading"}]}))
    run = sync(connection)
    assert (run.outcome, run.http_calls) == ("ok", 3)
    assert dict(schwab.calls) == {ACCOUNTS: 1, NUMBERS: 1, PREFERENCE: 1}
    found = account_of(connection, FIVE[4])
    assert (found.display_name, found.positions.get().symbol) == ("Trading …156", "AAPL")
    assert connection.links.get(account=found).hash_value == hash_of(FIVE[4])
    assert sync(connection).http_calls == 1


def test_a_new_account_without_a_hash_is_recorded(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.numbers = list(FIVE)
    schwab.holds(*map(account, FIVE), account("99999999"))
    schwab.says(PREFERENCE, said(500, ""))
    run = sync(connection)
    assert run.outcome == "partial"
    assert "Nicknames could not be read" in run.reason
    assert "Schwab gave no hash for it" in run.reason
    assert Account.objects.count() == 5


def test_a_closed_position_leaves(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.holds(account(FIVE[0], AAPL, cash=2600), *map(account, FIVE[1:]))
    run = sync(connection)
    assert (run.outcome, run.rows_written) == ("ok", 1)
    assert Position.objects.get().symbol == "AAPL"


def test_orders_come_with_the_same_lease_and_a_run_of_their_own(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    services.sync_connection(connection, "open", with_orders=True)
    runs = SyncRun.objects.filter(trigger="open").order_by("id").values_list("kind", "outcome", "http_calls")
    assert list(runs) == [("accounts", "unchanged", 1), ("orders", "unchanged", 1)]
    assert dict(schwab.calls) == {ACCOUNTS: 1, ORDERS: 1}


@pytest.mark.django_db(transaction=True)
def test_a_salt_that_another_database_brought_makes_no_account_twice(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    """As after a restore under running processes: past every signal, and under another salt."""
    sync(connection)
    IdentitySalt.objects.update(salt=b"another desk's salt, of 32 bytes.")
    for link in LinkedAccount.objects.select_related("account"):
        identity = hmac.new(b"another desk's salt, of 32 bytes.", link.number.encode(), "sha256").hexdigest()
        Account.objects.filter(pk=link.account_id).update(identity=identity)
    assert sync(connection).outcome == "unchanged"
    assert Account.objects.count() == len(FIVE)
