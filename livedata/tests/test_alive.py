"""Signs of life: who shows them, how long they count, and what happens without Redis."""

from datetime import timedelta
from typing import Any

import pytest
import redis
from celery.signals import beat_init, before_task_publish, worker_ready
from django.utils import timezone

from livedata import alive, tasks


def test_a_sign_is_remembered_for_two_minutes(redis_url: str) -> None:
    before = timezone.now()
    assert alive.last_sign("worker") is None
    assert alive.mark("worker")
    seen = alive.last_sign("worker")
    assert seen is not None
    assert before <= seen <= timezone.now()
    assert alive.last_sign("beat") is None
    life: Any = redis.Redis.from_url(redis_url).ttl(alive.KEY.format("worker"))
    assert alive.KEPT_SECONDS - 5 <= life <= alive.KEPT_SECONDS


def test_a_newer_sign_wins(redis_url: str, time_machine: Any) -> None:
    time_machine.move_to(timezone.now() - timedelta(seconds=30))
    alive.mark("worker")
    earlier = alive.last_sign("worker")
    time_machine.move_to(timezone.now() + timedelta(seconds=30))
    alive.mark("worker")
    later = alive.last_sign("worker")
    assert earlier is not None
    assert later is not None
    assert later > earlier


def test_the_task_is_the_workers_sign(redis_url: str) -> None:
    assert tasks.show_life()
    assert alive.last_sign("worker") is not None


def test_a_worker_shows_itself_at_its_start(redis_url: str) -> None:
    worker_ready.send(sender=None)
    assert alive.last_sign("worker") is not None
    assert alive.last_sign("beat") is None


def test_only_beat_shows_itself_by_sending(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alive, "_this_is_beat", False)
    before_task_publish.send(sender="a task")
    assert alive.last_sign("beat") is None
    beat_init.send(sender=None)
    assert alive.last_sign("beat") is not None
    redis.Redis.from_url(redis_url).flushall()
    before_task_publish.send(sender="a task")
    assert alive.last_sign("beat") is not None


def test_without_redis_a_sign_is_lost_and_nobody_can_tell() -> None:
    assert not alive.mark("worker")
    assert not tasks.show_life()
    with pytest.raises(redis.RedisError):
        alive.last_sign("worker")
