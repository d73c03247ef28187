"""Work beside the socket's loop: database work in a thread, background tasks whose end is noticed."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_tasks: set[asyncio.Task[None]] = set()


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work in Django's thread. Raises what it raises, `django.db.Error` above all."""

    def whole() -> T:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return await sync_to_async(whole)()


def in_background(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Start work that nobody waits for; it is kept until its end, and said to have failed when it did."""
    task = asyncio.create_task(work)
    _tasks.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: asyncio.Task[None]) -> None:
    """Let go of a task, and say so when it broke."""
    _tasks.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s failed", task.get_coro(), exc_info=error)
