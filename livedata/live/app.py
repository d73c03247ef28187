"""`WS /ws/live/` as an ASGI application: handshake, then one browser each; background work for all of them."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from django.db import Error as DatabaseError

from livedata.live import messages
from livedata.live.browser import Browser, Receive
from livedata.live.door import Handshake, Scope
from livedata.live.gate import Gate
from livedata.live.heartbeat import keep_beating, keep_watching
from livedata.live.hub import Hub
from livedata.live.logins import Login, login_of
from livedata.live.sender import Send
from livedata.live.threads import in_background, in_thread

REVIVAL_SECONDS = 1.0
REFUSED = {"type": "websocket.close", "code": 1008}


class LiveSocket:
    """The live socket of one process, in one event loop."""

    def __init__(self, gate: Gate) -> None:
        self.hub = Hub(gate)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stopped = True

    @property
    def is_stopped(self) -> bool:
        """Tell whether nothing runs in the background."""
        return not self._tasks

    def start(self) -> None:
        """Start what runs in the background; what runs already, stays."""
        work: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "relay": self.hub.relay.run,
            "beat": lambda: keep_beating(self.hub),
            "watch": lambda: keep_watching(self.hub),
        }
        self._stopped = False
        for name, begin in work.items():
            if name not in self._tasks or self._tasks[name].done():
                self._tasks[name] = in_background(begin())
                self._tasks[name].add_done_callback(self._revive)

    def _revive(self, task: asyncio.Task[None]) -> None:
        """Start again what broke: browsers must not wait in silence for a process that looks alive."""
        if not self._stopped:
            asyncio.get_running_loop().call_later(REVIVAL_SECONDS, self.start)

    async def stop(self) -> None:
        """End it."""
        self._stopped = True
        self.hub.stop()
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket.

        Refused before accepting (403): a page of another origin. Closed after accepting, where a browser can read
        the code: 4401 not signed in, 4429 too many sockets, 1013 the database is down.
        """
        await receive()
        handshake = Handshake(scope)
        if not handshake.from_our_page():
            await send(REFUSED)
            return
        self.start()
        began = time.monotonic()
        login, code = await _login(handshake)
        await send({"type": "websocket.accept"})
        if login is None:
            await send(messages.close(code).event)
            return
        browser = Browser(self.hub, login, send)
        if refused := self.hub.enter(browser, began):
            await send(messages.close(refused).event)
            return
        try:
            await browser.serve(receive)
        finally:
            self.hub.leave(browser)


async def _login(handshake: Handshake) -> tuple[Login | None, int]:
    """Return the login behind the handshake, or the code to close with."""
    if handshake.session_key is None:
        return None, messages.CLOSE_SIGNED_OUT
    try:
        return await in_thread(login_of, handshake.session_key), messages.CLOSE_SIGNED_OUT
    except DatabaseError:
        return None, messages.CLOSE_TRY_LATER
