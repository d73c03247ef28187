"""Ending tasks: also those that lose a cancellation, also those that break."""

import asyncio
from contextlib import suppress

from livedata.schwab.streamer.ending import end_all


def test_a_task_that_loses_a_cancellation_ends_all_the_same() -> None:
    lost = 0

    async def forgetful() -> None:
        nonlocal lost
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        lost += 1
        await asyncio.Event().wait()

    async def breaks() -> None:
        raise RuntimeError

    async def whole() -> list[bool]:
        tasks = [asyncio.create_task(work()) for work in (forgetful, breaks)]
        await asyncio.sleep(0)
        async with asyncio.timeout(20):  # only a broken one takes so long
            await end_all(tasks)
        return [task.done() for task in tasks]

    assert asyncio.run(whole()) == [True, True]
    assert lost == 1
