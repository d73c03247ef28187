"""Asking for fresh figures, and what lies in the queue meanwhile."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from django.utils import timezone
from kombu import pools

from livedata.schwab import asking, queue, tasks
from livedata.schwab.models import BrokerConnection
from livedata.schwab.tests.fake_schwab import ACCOUNTS, FIVE, ORDERS, FakeSchwab, said
from livedata.schwab.tests.people import change

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(redis_url: str) -> Iterator[redis.Redis]:
    """Return the Redis in which the queue really lies."""
    path = urlsplit(redis_url).path
    _use_broker(f"redis+socket://{path}?virtual_host=0" if redis_url.startswith("unix:") else redis_url)
    with redis.Redis.from_url(redis_url) as client:
        yield client
    _use_broker(None)


def _use_broker(url: str | None) -> None:
    """Point the queue somewhere else, or back; what was kept of the old connections goes."""
    pools.reset()
    app = tasks.sync_connection.app
    app.conf["broker_write_url"] = url or app.conf.broker_url
    vars(app)["_pool"] = vars(app.amqp)["_producer_pool"] = None


def queued(client: redis.Redis) -> list[dict[str, Any]]:
    """Return the messages that wait."""
    return [json.loads(raw) for raw in client.lrange("celery:celery", 0, -1)]


def test_asking_by_hand_and_by_opening(broker: redis.Redis, connection: BrokerConnection) -> None:
    change(connection, last_success_at=timezone.now() - timedelta(seconds=5))
    opened = asking.ask_for_sync(connection, "open")
    assert (opened.queued, "younger than 10 seconds" in opened.detail) == (False, True)
    assert asking.ask_for_sync(connection, "manual").queued
    change(connection, last_success_at=timezone.now() - timedelta(seconds=15))
    assert asking.ask_for_sync(connection, "open").queued
    assert len(queued(broker)) == 2
    change(connection, sync_lease_until=timezone.now() + timedelta(seconds=15), sync_lease_owner="x")
    assert asking.ask_for_sync(connection, "manual").detail == "A sync is already running."
    change(connection, sync_lease_until=None, sync_lease_owner="", status="reauth_required")
    assert "sign-in has ended" in asking.ask_for_sync(connection, "manual").detail
    change(connection, status="none")
    assert asking.ask_for_sync(connection, "manual").detail == "Schwab is not connected."
    assert asking.ask_for_sync(None, "manual").detail == "Schwab is not connected."
    assert len(queued(broker)) == 2


def test_messages_hold_ids_and_nothing_else(broker: redis.Redis, connection: BrokerConnection) -> None:
    assert queue.enqueue(tasks.sync_connection, connection.pk, "manual", expires=30)
    tasks.sync_due_connections()
    messages = queued(broker)
    heads = [message["headers"] for message in messages]
    assert {head["argsrepr"] for head in heads} == {
        f"({connection.pk}, 'manual')",
        f"({connection.pk}, 'schedule')",
    }
    assert all(head["expires"] for head in heads)
    everything = json.dumps([str(broker.dump(key)) for key in broker.scan_iter()])
    bodies = [json.loads(base64.b64decode(message["body"])) for message in messages]
    assert {tuple(args) for args, _, _ in bodies} == {(connection.pk, "manual"), (connection.pk, "schedule")}
    for secret in ("canary", "test-secret", *FIVE):
        assert secret not in everything + json.dumps(messages) + json.dumps(bodies)


def test_with_the_queue_down_it_is_done_here_without_waiting(
    schwab: FakeSchwab, connection: BrokerConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits(seconds: float) -> None:
        raise AssertionError(f"waited {seconds} seconds for a dead queue")

    monkeypatch.setattr("kombu.utils.functional.sleep", waits)
    asked = asking.ask_for_sync(connection, "manual")
    assert (asked.queued, asked.detail) == (True, "Synced without the task queue, which is down.")
    assert (schwab.calls[ACCOUNTS], schwab.calls[ORDERS]) == (1, 1)
    schwab.says(ACCOUNTS, said(503, ""))
    asked = asking.ask_for_sync(BrokerConnection.objects.get(), "manual")
    assert (asked.queued, "Schwab has an outage" in asked.detail) == (False, True)


def test_a_sync_stands_when_the_queue_is_down_afterwards(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    assert tasks.sync_connection(connection.pk, "manual") == "unchanged"
