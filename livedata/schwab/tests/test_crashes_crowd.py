"""Four processes that write at once for some seconds: nobody is turned away, and nothing that was synced is lost.

`THOR_CROWD_SECONDS=60 pytest -s` on this file is the long run; it prints what each writer did.
"""

import os
import sys

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone

from livedata.schwab import tasks
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.tests.crashing import TWO, Ground, book, nothing_is_stuck, prices
from livedata.schwab.tests.fake_schwab import ACCOUNTS, FakeSchwab, order
from livedata.schwab.tests.people import connected, user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
SECONDS = float(os.environ.get("THOR_CROWD_SECONDS", "6"))


def ever_new(schwab: FakeSchwab) -> None:
    """Let every list that is asked for have other prices, and an order with another limit, than the one before."""
    usual, turn = schwab._usual, iter(range(101, 10**9))
    entered = timezone.now().strftime("%Y-%m-%dT%H:%M:%S+0000")

    def body(path: str) -> object:
        number = next(turn)
        if path == ACCOUNTS:
            prices(schwab, number)
        schwab.orders = [order(TWO[0], 1, "WORKING", entered, price=float(number))]
        return usual(path)

    schwab.__dict__["_usual"] = body


def test_nobody_is_turned_away(ground: Ground) -> None:
    others = [connected(user(name), TWO) for name in ("two", "three")]
    syncing, ordering = [ground.connection, others[0]], others[1]
    ever_new(ground.schwab)
    before = SyncRun.objects.count()
    crowd = [("sync", each) for each in syncing] + [("orders", ordering), ("browser", ordering)]
    hands = [ground.hands.start("crowd", kind, SECONDS, each.pk) for kind, each in crowd]
    scores = [hand.result(SECONDS) for hand in hands]
    for (kind, _), score in zip(crowd, scores, strict=True):
        sys.stdout.write(f"{kind}: {score}\n")
    assert [score["errors"] for score in scores] == [[], [], [], []]
    assert min(score["done"] for score in scores) > 0

    synced = SyncRun.objects.filter(kind="accounts", outcome="ok")
    for each, score in zip(syncing, scores, strict=False):
        assert synced.filter(connection=each).count() >= score["done"]
        assert [version >= score["done"] for version, *_ in book(each)] == [True, True]
        nothing_is_stuck(each)
    assert not SyncRun.objects.exclude(outcome__in=["ok", "unchanged"]).exists()
    assert SyncRun.objects.count() >= before + sum(score["done"] for score in scores[:3])
    assert not Session.objects.exists()  # each signed out
    assert User.objects.count() == BrokerConnection.objects.count() == 3
    for each in syncing:
        assert tasks.sync_connection(each.pk, "manual") == "ok"
