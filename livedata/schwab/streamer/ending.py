"""Ending tasks for certain."""

import asyncio
from collections.abc import Collection
from typing import Any

AGAIN = 0.1


async def end_all(tasks: Collection["asyncio.Task[Any]"]) -> None:
    """Cancel tasks until they have ended; what they raise is taken as seen.

    Once is not enough: before Python 3.12 `asyncio.wait_for` loses a cancellation that comes together with its
    result, and libraries use it.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=AGAIN)
    await asyncio.gather(*tasks, return_exceptions=True)
