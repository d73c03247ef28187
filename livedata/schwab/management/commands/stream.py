"""Run Schwab's streamer: quotes and marks for every connected user that no other such process looks after."""

import asyncio
import os
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand

from livedata.schwab.streamer.supervisor import Supervisor
from livedata.schwab.streamer.threads import still_busy


class Command(BaseCommand):
    """`manage.py stream`; SIGTERM or SIGINT ends it within 5 seconds."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until a signal comes."""
        asyncio.run(_run())
        if still_busy():
            # Threads cannot be cancelled, and the end of the process would wait for them.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)


async def _run() -> None:
    """Run the supervisor under signals."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Supervisor().run(stop)
