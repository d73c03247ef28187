"""Good answers with something wrong inside: less than there is, numbers that are none, words nobody knows."""

from collections.abc import Iterator
from typing import Any

import pytest

from actandpos.models import Account, Order, Position
from livedata.schwab import errors, tasks
from livedata.schwab.models import BrokerConnection, LinkedAccount
from livedata.schwab.tests.scene import book, shown
from livedata.schwab.tests.standin import StandIn
from livedata.schwab.tests.synced import sync
from livedata.schwab.tests.trouble import Fault, know_nothing, one_account, whole_sync

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def behaves_again(simulator_process: StandIn) -> Iterator[None]:
    """Leave no fault behind."""
    yield
    simulator_process.control("faults", clear=True)


def lay(world: StandIn, endpoint: str, fault: Fault) -> None:
    """Lay one fault until it is cleared."""
    world.control("faults", clear=True)
    world.control("faults", endpoint=endpoint, **fault)


LESS: list[Fault] = [
    {"kind": "missing_rows"},
    {"kind": "missing_rows", "rows": 3},
    {"kind": "no_positions_key"},
]


@pytest.mark.parametrize("fault", LESS, ids=["a row", "three rows", "all rows"])
def test_rows_that_the_balances_still_count_are_not_believed_gone(
    simulator_process: StandIn, linked: BrokerConnection, fault: Fault
) -> None:
    before = _rows()
    lay(simulator_process, "accounts", fault)
    run = sync(linked)
    assert run.outcome in ("suspect", "partial")
    assert run.reason
    assert _rows() == before
    assert shown(linked)["last_sync"]["reason"] == run.reason
    simulator_process.control("faults", clear=True)
    assert sync(linked).outcome in ("ok", "unchanged")
    assert _rows() == before
    assert shown(linked)["last_error"] is None


def _rows() -> list[Any]:
    """Return the keys and figures of all positions."""
    return list(Position.objects.order_by("pk").values("pk", "symbol", "quantity", "market_value"))


def test_an_empty_list_is_believed_only_the_second_time(
    simulator_process: StandIn, linked: BrokerConnection
) -> None:
    before = book()
    lay(simulator_process, "accounts", {"kind": "empty_list"})
    run = sync(linked)
    assert (run.outcome, run.http_calls) == ("suspect", 1)
    assert book() == before
    assert LinkedAccount.objects.filter(linked=True).count() == 2
    assert shown(linked)["last_error"]["message"] == f"Schwab's answer was not readable. {run.reason}"
    simulator_process.control("faults", clear=True)
    assert sync(linked).outcome == "unchanged"
    assert shown(linked)["last_error"] is None

    lay(simulator_process, "accounts", {"kind": "empty_list"})
    sync(linked)
    sync(linked)
    assert not LinkedAccount.objects.filter(linked=True).exists()
    assert _rows()
    simulator_process.control("faults", clear=True)
    sync(linked)
    assert LinkedAccount.objects.filter(linked=True).count() == 2


def test_an_account_that_is_missing_is_marked_and_keeps_its_figures(
    simulator_process: StandIn, linked: BrokerConnection
) -> None:
    before = _rows()
    lay(simulator_process, "accounts", {"kind": "missing_account"})
    sync(linked)
    states = list(Account.objects.order_by("pk").values_list("link_state", flat=True))
    assert states == ["connected", "unlinked"]
    assert _rows() == before
    simulator_process.control("faults", clear=True)
    sync(linked)
    assert set(Account.objects.values_list("link_state", flat=True)) == {"connected"}
    assert _rows() == before


def test_one_account_that_is_empty_is_not_an_account(
    simulator_process: StandIn, linked: BrokerConnection
) -> None:
    before = book()
    lay(simulator_process, "account", {"kind": "empty_list"})
    with pytest.raises(errors.SchwabOddAnswer):
        one_account(linked)
    assert book() == before
    linked.refresh_from_db()
    assert linked.last_error_code == "schwab_odd_answer"
    simulator_process.control("faults", clear=True)
    one_account(linked)
    linked.refresh_from_db()
    assert linked.last_error_code == ""


NUMBERS = ("nan", "infinity", "huge", "null", "string", '"soon"', "[]")


@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize("key", ["marketValue", "liquidationValue", "longQuantity"])
def test_a_number_that_is_none_spoils_nothing_around_it(
    simulator_process: StandIn, linked: BrokerConnection, key: str, value: str
) -> None:
    before = _rows()
    net = dict(Account.objects.values_list("pk", "net_liq"))
    lay(simulator_process, "accounts", {"kind": "bad_number", "key": key, "value": value})
    run = _sync_or_failed(linked)
    assert run in ("ok", "unchanged", "partial", "suspect", "failed")
    assert {row["pk"] for row in _rows()} == {row["pk"] for row in before}
    if key != "liquidationValue":
        assert dict(Account.objects.values_list("pk", "net_liq")) == net
    simulator_process.control("faults", clear=True)
    assert _sync_or_failed(linked) in ("ok", "unchanged")
    assert _rows() == before
    assert dict(Account.objects.values_list("pk", "net_liq")) == net


def _sync_or_failed(connection: BrokerConnection) -> str:
    """Sync; a typed error is an answer too, anything else is a crash."""
    try:
        return str(sync(connection).outcome)
    except errors.SchwabError:
        return "failed"


def test_words_that_nobody_knows_are_borne(simulator_process: StandIn, linked: BrokerConnection) -> None:
    rows = Position.objects.count(), Order.objects.count()
    for endpoint in ("accounts", "orders", "accountNumbers", "userPreference"):
        lay(simulator_process, endpoint, {"kind": "unknown_keys"})
        LinkedAccount.objects.latest("pk").delete()
        whole_sync(linked)
        assert linked.runs.filter(kind="accounts")[:1].get().outcome in ("ok", "unchanged", "partial")
        assert (Position.objects.count(), Order.objects.count()) >= rows
    for endpoint, ask in (
        ("quotes", lambda: tasks.name_instruments(linked.pk)),
        ("markets", tasks.refresh_market_days),
    ):
        know_nothing(linked)
        lay(simulator_process, endpoint, {"kind": "unknown_keys"})
        assert ask()


def test_an_empty_list_of_orders_takes_no_order_away(
    simulator_process: StandIn, linked: BrokerConnection
) -> None:
    simulator_process.control(
        "order", account=6, symbol="AAPL", side="buy", quantity=1, type="limit", price=1
    )
    whole_sync(linked)
    before = set(Order.objects.values_list("pk", flat=True))
    assert before
    lay(simulator_process, "orders", {"kind": "empty_list"})
    whole_sync(linked)
    run = linked.runs.filter(kind="orders").first()
    assert run
    assert set(Order.objects.values_list("pk", flat=True)) == before, run.reason
    simulator_process.control("faults", clear=True)
    whole_sync(linked)
    assert set(Order.objects.values_list("pk", flat=True)) == before
