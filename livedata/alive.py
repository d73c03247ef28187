"""Signs of life of the background processes, kept in Redis for a minute or two: who ran last, and when."""

from datetime import datetime
from typing import Any

import redis
from celery.signals import beat_init, before_task_publish, worker_ready
from django.conf import settings
from django.utils import timezone

KEY = "thor:alive:{}"
KEPT_SECONDS = 120
PROCESSES = ("worker", "beat", "stream")

_this_is_beat = False


def mark(process: str) -> bool:
    """Note that a process did its work just now; False when Redis is down."""
    try:
        _client().set(KEY.format(process), timezone.now().isoformat(), ex=KEPT_SECONDS)
    except redis.RedisError:
        return False
    return True


def last_sign(process: str) -> datetime | None:
    """Return when a process last showed itself; None when that is longer ago than is kept.

    Raises:
        redis.RedisError: Redis is down, so nobody can tell.
    """
    found = _client().get(KEY.format(process))
    return datetime.fromisoformat(found.decode()) if isinstance(found, bytes) else None


def _client() -> redis.Redis:
    """Return a short-lived client: signs are few."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=1.0)


@beat_init.connect
def _beat_starts(**_: Any) -> None:
    """Remember that this process is beat."""
    global _this_is_beat  # noqa: PLW0603 (a process is beat or it is not)
    _this_is_beat = True
    mark("beat")


@before_task_publish.connect
def _a_task_is_sent(**_: Any) -> None:
    """Every task that beat sends is a sign of it."""
    if _this_is_beat:
        mark("beat")


@worker_ready.connect
def _worker_starts(**_: Any) -> None:
    """A worker that is ready shows itself at once."""
    mark("worker")
