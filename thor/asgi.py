"""Everything on one port: the embedded default. Django answers HTTP, the live socket `/ws/live/`."""

import gc
import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thor.settings")

django = get_asgi_application()

from livedata.live.app import LiveSocket  # noqa: E402 (Django must be set up first)
from thor.live import GATE  # noqa: E402

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Any], Awaitable[None]]

LIVE_PATHS = ("/ws/live/", "/ws/live")


class Application:
    """Hands each connection to who answers it."""

    def __init__(self, live: LiveSocket) -> None:
        self._live = live

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one connection, or the server's start and end."""
        if scope["type"] == "lifespan":
            await self._live_with_the_server(receive, send)
        elif scope["type"] == "websocket" and scope["path"] in LIVE_PATHS:
            await self._live(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await django(scope, receive, send)

    async def _live_with_the_server(self, receive: Receive, send: Send) -> None:
        """Start and stop the live socket's background work with the server."""
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                self._live.start()
                await send({"type": "lifespan.startup.complete"})
            elif event["type"] == "lifespan.shutdown":
                await self._live.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


application = Application(LiveSocket(GATE))

# What is loaded by now stays as long as the process does. Left to the garbage collector, all of it would be looked
# through again and again amid fan-outs: a quarter of their cost.
gc.collect()
gc.freeze()
