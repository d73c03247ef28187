"""Blocking work beside the streamer's loop: many threads, since one that waits for Schwab must delay no lease."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 16

_busy: set[Future[Any]] = set()
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="stream")
_lease_pool = ThreadPoolExecutor(1, thread_name_prefix="stream-lease")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work; raises what it raises."""
    return await _run(_pool, partial(_whole, work, *args, **kwargs))


async def in_lease_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same in a thread that does nothing but look after leases."""
    return await _run(_lease_pool, partial(_whole, work, *args, **kwargs))


def still_busy() -> bool:
    """Tell whether work is under way that nobody waits for any more, such as a slow answer of Schwab's."""
    return bool(_busy)


async def _run(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    future = pool.submit(work)
    _busy.add(future)
    future.add_done_callback(_busy.discard)
    return await asyncio.wrap_future(future)


def _whole(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return work(*args, **kwargs)
    finally:
        connections.close_all()
