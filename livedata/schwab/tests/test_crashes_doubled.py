"""Messages delivered twice, to processes at once or one after the other: Schwab is asked once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from actandpos.models import Position
from livedata.schwab import tasks, tokens
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.tests.crashing import TWO, Ground, book, nothing_is_stuck, prices
from livedata.schwab.tests.fake_schwab import ACCOUNTS, TOKEN, Reply, account, said, share
from livedata.schwab.tests.people import change

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 6


def at_once(ground: Ground, do: str, *args: object) -> list[str]:
    """Let processes that stand ready do the same, all at once; return what became of each."""
    ready = [ground.hands.start(do, *args, stop="begin") for _ in range(PROCESSES)]
    for hand in ready:
        assert hand.stopped() == "begin"
    for hand in ready:
        hand.go_on()
    return sorted(hand.result() for hand in ready)


@pytest.mark.parametrize("trigger", ["schedule", "manual", "open"])
def test_one_message_in_many_processes_is_one_fetch(ground: Ground, trigger: str) -> None:
    prices(ground.schwab, 101)
    change(ground.connection, next_sync_at=timezone.now())
    before = ground.schwab.count(ACCOUNTS)
    asked_at = [] if trigger == "schedule" else [timezone.now().isoformat()]
    ends = at_once(ground, "sync", ground.connection.pk, trigger, *asked_at)
    assert ends == ["not due"] * (PROCESSES - 1) + ["ok"]
    assert tasks.sync_connection(ground.connection.pk, trigger, *asked_at) == "not due"  # nor later
    assert ground.schwab.count(ACCOUNTS) == before + 1
    assert [version for version, *_ in book(ground.connection)] == [2, 2]
    nothing_is_stuck(ground.connection)


def test_a_refresh_in_many_processes_is_one(ground: Ground) -> None:
    change(ground.connection, access_expires_at=timezone.now())
    assert set(at_once(ground, "token", ground.connection.pk)) == {"canary-access-1@"}
    assert ground.schwab.count(TOKEN) == 1
    nothing_is_stuck(ground.connection)


def without_a_row() -> Reply:
    """Return an answer in which a row is missing that the balances still count."""
    rows = [share(symbol, 10, 100) for symbol in ("AAPL", "MSFT", "TSLA")]
    answers = [account(number, *rows) for number in TWO]
    answers[0]["securitiesAccount"]["positions"] = rows[:2]
    return said(200, answers)


BAD: dict[str, tuple[Callable[[], Reply], str]] = {
    "a refusal": (lambda: said(403, {"message": "no"}), "schwab_refused"),
    "a missing row": (without_a_row, "suspect"),
    "no account": (lambda: said(200, []), "suspect"),
}


@pytest.mark.parametrize("answer", list(BAD))
def test_the_same_message_again_asks_no_second_time_however_the_first_ended(
    ground: Ground, answer: str
) -> None:
    """A second answer would also be the one that makes a suspect list be believed."""
    reply, end = BAD[answer]
    ground.schwab.says(ACCOUNTS, reply(), reply())
    before, asked_at = ground.schwab.count(ACCOUNTS), timezone.now().isoformat()
    assert tasks.sync_connection(ground.connection.pk, "manual", asked_at) == end
    assert tasks.sync_connection(ground.connection.pk, "manual", asked_at) == "not due"
    assert ground.schwab.count(ACCOUNTS) == before + 1
    assert Position.objects.count() == 6
    assert ground.connection.links.filter(linked=True).count() == 2
    later = (timezone.now() + timedelta(seconds=1)).isoformat()  # whoever asks again is answered again
    assert tasks.sync_connection(ground.connection.pk, "manual", later) != "not due"


def test_one_account_fetched_meanwhile_is_not_the_whole(ground: Ground) -> None:
    asked_at = timezone.now()
    SyncRun.objects.create(
        connection=ground.connection, kind="accounts", trigger="api", started_at=timezone.now(), outcome="ok"
    )
    prices(ground.schwab, 101)
    assert tasks.sync_connection(ground.connection.pk, "manual", asked_at.isoformat()) == "ok"


def test_a_sync_that_breaks_is_not_asked_for_at_every_tick(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of our own: the lease is given back at once, the plan stays at where it would have ended."""

    def broken(connection: BrokerConnection, **_: object) -> str:
        raise ArithmeticError

    change(ground.connection, next_sync_at=timezone.now())
    before = ground.schwab.count(ACCOUNTS)
    monkeypatch.setattr(tasks.services.normalizers, "read_accounts", broken)
    with pytest.raises(TypeError):
        tasks.sync_connection(ground.connection.pk, "schedule")
    assert tasks.sync_connection(ground.connection.pk, "schedule") == "not due"
    assert ground.schwab.count(ACCOUNTS) == before + 1
    nothing_is_stuck(ground.connection)
    assert tokens.fresh_access_token(ground.connection)
