"""What goes out on the bus: the very rows that REST answers, and only what was committed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from livedata.schwab import applying, descriptions, services
from livedata.schwab.models import BrokerConnection
from livedata.schwab.publish import BUS_DOWN
from livedata.schwab.tests.fake_schwab import (
    AAPL,
    FIVE,
    MSFT,
    QUOTES,
    FakeSchwab,
    account,
    order,
    share,
)
from livedata.schwab.tests.people import account_of
from livedata.schwab.tests.synced import sync

pytestmark = pytest.mark.django_db(transaction=True)
Message = dict[str, Any]


class Listener:
    """Hears all channels of the bus."""

    def __init__(self, url: str) -> None:
        self.client = redis.Redis.from_url(url)
        self.pubsub = self.client.pubsub(ignore_subscribe_messages=True)
        self.pubsub.psubscribe("live_data:*")
        self.pubsub.get_message(timeout=5)

    def heard(self) -> list[tuple[str, Message]]:
        """Return all messages so far; one of our own marks the end."""
        self.client.publish("live_data:end", "{}")
        found: list[tuple[str, Message]] = []
        while True:
            message = self.pubsub.get_message(ignore_subscribe_messages=True, timeout=5)
            assert message
            channel = message["channel"].decode()
            if channel == "live_data:end":
                return found
            found.append((channel, json.loads(message["data"])))


@pytest.fixture
def listener(connection: BrokerConnection, redis_url: str) -> Iterator[Listener]:
    """Return someone who hears what happens after the first sync."""
    listener = Listener(redis_url)
    yield listener
    listener.pubsub.close()
    listener.client.close()


def get(connection: BrokerConnection, path: str, account_id: int) -> Message:
    """Return what REST answers."""
    client = Client()
    client.force_login(connection.owner)
    answer = client.get(path, {"account_id": account_id})
    assert answer.status_code == 200
    found: Message = json.loads(answer.content)
    return found


def test_messages_equal_what_rest_answers(
    schwab: FakeSchwab, connection: BrokerConnection, listener: Listener
) -> None:
    found = account_of(connection, FIVE[0])
    gone = found.positions.get(symbol="MSFT")
    tsla = share("TSLA", 2, 300)
    schwab.holds(account(FIVE[0], AAPL, tsla, cash=2000), *map(account, FIVE[1:]))
    assert sync(connection).outcome == "ok"

    (_, balances), (_, positions) = heard = listener.heard()
    assert [channel for channel, _ in heard] == [
        f"live_data:balances:{found.pk}",
        f"live_data:positions:{found.pk}",
    ]
    summary = get(connection, "/api/actandpos/account_summary", found.pk)
    rows = get(connection, "/api/positions", found.pk)
    for message in (balances, positions):
        assert message["account_id"] == found.pk
        assert (message["base_version"], message["version"]) == (found.version, summary["version"])
        assert message["as_of"] == summary["as_of"]
    assert (balances["type"], balances["balances"]) == ("balances", summary)
    assert positions["changed"] == [row for row in rows["positions"] if row["symbol"] == "TSLA"]
    assert positions["removed"] == [{"id": gone.pk, "symbol": "MSFT", "asset_type": "EQ"}]


def test_nothing_changed_nothing_said(connection: BrokerConnection, listener: Listener) -> None:
    assert sync(connection).outcome == "unchanged"
    assert listener.heard() == []


def test_a_message_comes_after_the_commit_and_never_after_a_rollback(
    schwab: FakeSchwab, connection: BrokerConnection, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    schwab.holds(account(FIVE[0], AAPL, MSFT, cash=5), *map(account, FIVE[1:]))
    within: list[object] = []

    def fails(*args: Any) -> Any:
        within.append(listener.heard())
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(applying, "_with_names", fails)
        with pytest.raises(RuntimeError):
            services.sync_connection(connection, "manual")
    assert within == [[]]
    assert listener.heard() == []
    assert connection.runs.first().outcome == "failed"  # type: ignore[union-attr]
    assert str(account_of(connection, FIVE[0]).cash) == "1000.0000"

    assert sync(connection).outcome == "ok"
    assert len(listener.heard()) == 2


def test_inside_a_transaction_the_news_waits_for_its_end(
    schwab: FakeSchwab, connection: BrokerConnection, listener: Listener
) -> None:
    schwab.holds(account(FIVE[0], AAPL, MSFT, cash=5), *map(account, FIVE[1:]))
    with transaction.atomic():
        sync(connection)
        assert listener.heard() == []
    assert len(listener.heard()) == 2


def test_orders_are_told_by_id(schwab: FakeSchwab, connection: BrokerConnection, listener: Listener) -> None:
    found = account_of(connection, FIVE[0])
    schwab.orders = [order(FIVE[0], 1001, "WORKING", "2026-11-20T15:00:00+0000")]
    services.sync_connection(connection, "manual", with_orders=True)
    ids = list(found.orders.values_list("id", flat=True))
    message = {"type": "orders", "account_id": found.pk, "version": 1, "changed": ids}
    assert listener.heard() == [(f"live_data:orders:{found.pk}", message)]
    services.sync_connection(connection, "manual", with_orders=True)
    assert listener.heard() == []


def test_names_are_told_with_the_version_they_made(
    schwab: FakeSchwab, connection: BrokerConnection, listener: Listener
) -> None:
    found = account_of(connection, FIVE[0])
    schwab.quotes = {"AAPL": {"reference": {"description": "FICTIONAL FRUIT INC"}}}
    assert descriptions.ask_for_names(connection) == 1
    assert schwab.calls[QUOTES] == 1
    (_, _), (channel, positions) = listener.heard()
    assert channel == f"live_data:positions:{found.pk}"
    assert (positions["base_version"], positions["version"]) == (found.version, found.version + 1)
    rows = get(connection, "/api/positions", found.pk)["positions"]
    assert positions["changed"] == [row for row in rows if row["symbol"] == "AAPL"]
    assert positions["changed"][0]["description"] == "FICTIONAL FRUIT INC"


def test_with_redis_down_it_is_saved_and_said(
    schwab: FakeSchwab, connection: BrokerConnection, settings: Settings
) -> None:
    settings.REDIS_URL = "unix:///nonexistent/other.sock?db=0"
    schwab.holds(account(FIVE[0], AAPL, MSFT, cash=5), *map(account, FIVE[1:]))
    schwab.orders = [order(FIVE[0], 1001, "WORKING", "2026-11-20T15:00:00+0000")]
    services.sync_connection(connection, "manual", with_orders=True)
    assert str(account_of(connection, FIVE[0]).cash) == "5.0000"
    last = connection.runs.order_by("-id").values_list("kind", "outcome", "reason")
    assert list(last[:2]) == [("orders", "ok", BUS_DOWN), ("accounts", "ok", BUS_DOWN)]
    connection.refresh_from_db()
    assert connection.last_error_code == ""


def test_no_message_holds_a_number_or_hash(
    schwab: FakeSchwab, connection: BrokerConnection, listener: Listener
) -> None:
    schwab.holds(*[account(number, AAPL, cash=5) for number in FIVE])
    schwab.orders = [order(FIVE[0], 1001, "FILLED", "2026-11-20T15:00:00+0000")]
    services.sync_connection(connection, "manual", with_orders=True)
    heard = listener.heard()
    assert len(heard) == 11
    for secret in (*FIVE, "canary"):
        assert secret not in json.dumps(heard)
