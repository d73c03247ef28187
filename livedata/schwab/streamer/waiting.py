"""Waiting for an event without losing what comes together with it."""

import asyncio
from contextlib import suppress


async def within(seconds: float | None, event: asyncio.Event) -> bool:
    """Wait for an event so long at most (None: however long it takes); tell whether it came."""
    # Not `wait_for`: before Python 3.12 it loses a cancellation that comes together with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
