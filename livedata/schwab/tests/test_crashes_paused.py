"""Processes stopped past their lease: once they go on they store nothing and tell nobody, the other's work stands."""

from collections.abc import Callable, Iterator

import pytest
import redis
from django.db import connection as database
from django.utils import timezone

from livedata.schwab import tasks, tokens
from livedata.schwab.models import SyncRun
from livedata.schwab.runs import DIED, OVERTAKEN
from livedata.schwab.tests.crashing import (
    TWO,
    Ground,
    beat,
    book,
    everything,
    nothing_is_stuck,
    prices,
    shown,
    time_passes,
)
from livedata.schwab.tests.fake_schwab import ACCOUNTS, ORDERS, TOKEN, Reply, account, said
from livedata.schwab.tests.hands import Hand, eventually
from livedata.schwab.tests.people import change

pytestmark = pytest.mark.django_db(transaction=True)
SHORT = 1
"""Seconds of a lease that ends while the test looks on."""
IMPATIENT = "SET idle_in_transaction_session_timeout = '1s'"


class Ear:
    """Hears all that is published."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url)
        self._heard = self._client.pubsub(ignore_subscribe_messages=True)
        self._heard.psubscribe("live_*")
        assert self._heard.get_message(timeout=1) is None  # the confirmation

    def count(self) -> int:
        """Return how many messages came since the last time; one of our own says that all of them have."""
        self._client.publish("live_end", b"")
        messages = 0
        while (message := self._heard.get_message(timeout=20)) is None or message["channel"] != b"live_end":
            messages += message is not None
        return messages

    def close(self) -> None:
        """Hang up."""
        self._heard.close()
        self._client.close()


@pytest.fixture
def ear(redis_url: str) -> Iterator[Ear]:
    """Return one that listens."""
    ear = Ear(redis_url)
    yield ear
    ear.close()


def until_found(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let beat tick until a lease has run out and the work was found."""
    found: list[str] = eventually(lambda: beat(monkeypatch))
    return found


def paused_while_asking(ground: Ground, reply: Reply | None = None) -> Hand:
    """Return a worker that was stopped while it waited for Schwab; the answer lies ready for it."""
    if reply is not None:
        ground.schwab.says(ACCOUNTS, reply)
    gate = ground.schwab.holds_back(ACCOUNTS)
    hand = ground.hands.start("sync", ground.connection.pk, "manual")
    gate.wait()
    hand.pause()
    gate.open()
    eventually(ground.schwab.at_rest)  # whoever asks next shall not get this answer
    return hand


ANSWERS: dict[str, Callable[[], Reply | None]] = {
    "figures": lambda: None,
    "a refusal": lambda: said(403, {"message": "no"}),
    "no account": lambda: said(200, []),
    "one account": lambda: said(200, [account(TWO[0])]),
    "nonsense": lambda: said(200, [{"securitiesAccount": {"accountNumber": number}} for number in TWO]),
    "a page": lambda: said(200, "<html>", "text/html"),
}


@pytest.mark.parametrize("answer", list(ANSWERS))
def test_who_sleeps_past_the_lease_of_a_sync_changes_nothing(
    ground: Ground, ear: Ear, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    prices(ground.schwab, 101)
    hand = paused_while_asking(ground, ANSWERS[answer]())
    prices(ground.schwab, 103)
    time_passes()
    assert beat(monkeypatch) == ["ok"]
    assert ear.count() == 4  # balances and positions of two accounts, from the one who took over
    orders, before = ground.schwab.count(ORDERS), everything(ground.connection)
    hand.go_on()
    assert hand.result() in ("superseded", "schwab_refused", "schwab_odd_answer")
    assert everything(ground.connection) == before
    assert ear.count() == 0
    assert ground.schwab.count(ORDERS) == orders  # nor does it ask for more
    run = SyncRun.objects.filter(kind="accounts", trigger="manual").latest("id")
    assert (run.outcome, run.reason) == ("superseded", OVERTAKEN)
    nothing_is_stuck(ground.connection)


def test_who_sleeps_before_it_asks_stores_no_newer_answer_either(
    ground: Ground, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only who has the lease may write: the other may be at it at this very moment."""
    hand = ground.hands.start("sync", ground.connection.pk, "manual", stop="ask 1")
    assert hand.stopped()
    time_passes()
    assert beat(monkeypatch) == ["unchanged"]
    before, _ = everything(ground.connection), ear.count()
    prices(ground.schwab, 103)
    hand.go_on()
    assert hand.result() == "superseded"
    assert (everything(ground.connection), ear.count()) == (before, 0)


def test_who_sleeps_between_two_accounts_leaves_the_second_to_the_other(
    ground: Ground, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    prices(ground.schwab, 101)
    hand = ground.hands.start("sync", ground.connection.pk, "manual", stop="account 2", THOR_SYNC_LEASE=SHORT)
    assert hand.stopped()
    assert [version for version, *_ in book(ground.connection)] == [2, 1]
    prices(ground.schwab, 103)
    assert until_found(monkeypatch) == ["ok"]
    assert [version for version, *_ in book(ground.connection)] == [3, 2]
    before, _ = everything(ground.connection), ear.count()
    hand.go_on()
    assert hand.result() == "superseded"
    assert (everything(ground.connection), ear.count()) == (before, 0)


def test_who_sleeps_past_a_lease_that_nobody_took_ends_the_work(ground: Ground, ear: Ear) -> None:
    prices(ground.schwab, 101)
    hand = paused_while_asking(ground)
    time_passes()
    hand.go_on()
    assert hand.result() == "ok"
    assert [version for version, *_ in book(ground.connection)] == [2, 2]
    assert ear.count() == 4
    nothing_is_stuck(ground.connection)


def test_who_sleeps_inside_the_transaction_stops_others_for_a_bounded_time(
    ground: Ground, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL ends its session; SQLite cannot, so there the sleeper's own figures stand once it goes on."""
    before = shown(ground.connection, TWO[0])
    prices(ground.schwab, 101)
    hand = ground.hands.start(
        "sync", ground.connection.pk, "manual", stop="inside 1", first=IMPATIENT, THOR_SYNC_LEASE=SHORT
    )
    assert hand.stopped()
    assert shown(ground.connection, TWO[0]) == before  # whoever reads need not wait
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            assert cursor.fetchone() == ("15s",)  # what the settings say; that process was told less
        prices(ground.schwab, 103)
        assert until_found(monkeypatch) == ["ok"]
        assert SyncRun.objects.filter(reason=DIED).count() == 1
        assert ear.count() == 4
        stands = everything(ground.connection)
        hand.go_on()
        assert "connection" in hand.result()  # it is told that it has none any more
        assert (everything(ground.connection), ear.count()) == (stands, 0)
    else:
        hand.go_on()
        assert hand.result() == "ok"
        assert ear.count() == 4
    assert [version for version, *_ in book(ground.connection)] == [2, 2]
    nothing_is_stuck(ground.connection)


@pytest.mark.parametrize("stop", [None, "refreshed 1"], ids=["asking", "with the answer"])
def test_who_sleeps_past_the_lease_of_a_refresh_leaves_the_newer_token(
    ground: Ground, stop: str | None
) -> None:
    change(ground.connection, access_expires_at=timezone.now())
    gate = ground.schwab.holds_back(TOKEN)
    hand = ground.hands.start("token", ground.connection.pk, stop=stop, THOR_REFRESH_LEASE=SHORT)
    gate.wait()
    if stop is None:
        hand.pause()
    gate.open()
    if stop:
        assert hand.stopped() == stop
    eventually(ground.schwab.at_rest)
    newer = tokens.fresh_access_token(ground.connection)  # waits for the lease to end
    before = everything(ground.connection)
    assert newer == "canary-access-2@"
    hand.go_on()
    assert hand.result() == newer
    assert everything(ground.connection) == before
    assert (ground.row().access_token, ground.schwab.issued) == (newer, 2)
    assert tasks.sync_connection(ground.connection.pk, "manual") == "unchanged"
