"""Putting work into the queue from a request, where a dead queue must not become an error page."""

import logging
from typing import Any

from celery.exceptions import OperationalError as CeleryOperationalError
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def enqueue(task: Any, *args: int | str, expires: int = 60, countdown: float | None = None) -> bool:
    """Queue a task, to begin in `countdown` seconds or at once; False when the queue is down."""
    try:
        with task.app.producer_or_acquire() as producer:
            # Tried once: left alone, the library would try for 6 seconds while somebody waits for a page.
            producer.connection.ensure_connection(max_retries=0)
            task.apply_async(args, expires=expires, countdown=countdown, producer=producer)
    except (OperationalError, CeleryOperationalError, RedisError, OSError) as error:
        log.warning("the task queue is down: %s", type(error).__name__)
        return False
    return True
