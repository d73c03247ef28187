"""Blocking work beside the streamer's loop: many threads, since one that waits for Schwab must delay no lease."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 16

_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="stream")
_lease_pool = ThreadPoolExecutor(1, thread_name_prefix="stream-lease")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work; raises what it raises."""
    return await asyncio.get_running_loop().run_in_executor(_pool, partial(_whole, work, *args, **kwargs))


async def in_lease_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same in a thread that does nothing but look after leases."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_lease_pool, partial(_whole, work, *args, **kwargs))


def _whole(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return work(*args, **kwargs)
    finally:
        connections.close_all()
