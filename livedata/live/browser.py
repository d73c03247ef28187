"""One browser: what it asks, what waits for it, and how it is sent or cut off."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from django.db import Error as DatabaseError

from livedata.live import messages
from livedata.live.channels import channel_of
from livedata.live.logins import Login
from livedata.live.mailbox import Mailbox
from livedata.live.messages import Message
from livedata.live.sender import Send, Sender
from livedata.live.subscription import Subscription

if TYPE_CHECKING:
    from livedata.live.hub import Hub

log = logging.getLogger(__name__)

CLOSING_SECONDS = 10.0
"""What a browser gets to read up to the close."""

SEND_ERRORS = (OSError, RuntimeError)
"""What a server's `send` raises: the browser is gone; the server has closed the socket itself."""

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Browser:
    """A socket that was accepted, with its subscriptions by channel name."""

    def __init__(self, hub: "Hub", login: Login, send: Send) -> None:
        self.login = login
        self.mailbox = Mailbox(hub.limits.mailbox)
        self.subscriptions: dict[str, Subscription] = {}
        self._hub = hub
        self._send = send
        self._sender = Sender(send, self.mailbox)
        self._task: asyncio.Task[Any] | None = None
        self._cut = False

    async def serve(self, receive: Receive) -> None:
        """Listen and send until either side ends."""
        self._task = asyncio.current_task()
        sender = asyncio.create_task(self._keep_sending())
        sender.add_done_callback(self._sender_ended)
        try:
            await self._listen(receive)
        except asyncio.CancelledError:
            if not self._cut or self._task is None:
                raise
            self._task.uncancel()
        finally:
            self._task = None
            sender.cancel()
            await asyncio.wait([sender])

    @property
    def sending_since(self) -> float:
        """Return since when this browser keeps the server waiting; 0 while it does not."""
        return self._sender.since

    def put(self, message: Message) -> None:
        """Send a message, now or when it is its turn."""
        try:
            self._sender.put(message)
        except SEND_ERRORS as error:
            log.debug("not sent: %s", error)
            self.cut_off()
        except BaseException:
            self.cut_off()  # one that breaks what sends to all must not do so twice
            raise

    def close(self, code: int) -> None:
        """Send nothing of what waits, close; a browser that is not reading even now is cut off."""
        self.mailbox.clear()
        self.put(messages.close(code))
        if self.sending_since:
            self.cut_off()

    def cut_off(self) -> None:
        """End the connection at once, with whatever it has not read."""
        if self._cut:
            return
        self._cut = True
        self._abort()
        if self._task is not None:
            self._task.cancel()

    def _abort(self) -> None:
        """Drop the connection. Closing in order waits, forever, until what was sent before is read.

        ASGI has no word for this; uvicorn's `send` belongs to the protocol that holds the transport.
        """
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()

    async def _keep_sending(self) -> None:
        """Send until the close; a browser that cannot be sent to any more is cut off."""
        try:
            await self._sender.run()
        except SEND_ERRORS as error:
            log.debug("not sent: %s", error)
            self.cut_off()
        else:
            asyncio.get_running_loop().call_later(CLOSING_SECONDS, self._abort)

    def _sender_ended(self, sender: asyncio.Task[None]) -> None:
        """A sender that broke must not leave a silent socket behind."""
        if not sender.cancelled() and (error := sender.exception()) is not None:
            log.error("sending to a browser failed", exc_info=error)
            self.cut_off()

    async def _listen(self, receive: Receive) -> None:
        """Act on what the browser sends until it goes."""
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            await self.mailbox.room()
            try:
                await self._act(event.get("text"))
            except messages.BadRequest as bad:
                self.put(messages.error(bad.code))

    async def _act(self, text: str | None) -> None:
        """Act on one message. Raises `BadRequest`."""
        if text is None:
            raise messages.BadRequest("not_json")
        if len(text.encode()) > self._hub.limits.message_bytes:
            raise messages.BadRequest("too_large")
        request = messages.read_request(text)
        if request.action not in ("subscribe", "unsubscribe"):
            raise messages.BadRequest("unknown_action")
        if len(request.channels) > self._hub.limits.channels:
            raise messages.BadRequest("too_many_channels")
        names = list(dict.fromkeys(request.channels))
        if request.action == "subscribe":
            await self._subscribe(names)
        else:
            await self._unsubscribe(names)

    async def _subscribe(self, names: list[str]) -> None:
        """Subscribe to what exists and may be seen; a snapshot of each follows."""
        channels = [channel for name in names if (channel := channel_of(name))]
        try:
            visible = {each.name for each in await self._hub.visible(self.login, channels)}
        except DatabaseError:
            for name in names:
                await self._refuse("unavailable", name)
            return
        granted: list[str] = []
        free = self._hub.limits.channels - len(self.subscriptions)
        for name in names:
            if name not in visible:
                await self._refuse("unknown_channel", name)
            elif name not in self.subscriptions and free <= 0:
                await self._refuse("too_many_channels", name)
            else:
                free -= name not in self.subscriptions
                granted.append(name)
        if granted:
            self.put(messages.reply("subscribed", channels=granted))
            await self._hub.subscribe(self, granted)

    async def _unsubscribe(self, names: list[str]) -> None:
        """Unsubscribe; what is not subscribed is an unknown channel."""
        known = [name for name in names if name in self.subscriptions]
        for name in names:
            if name not in self.subscriptions:
                await self._refuse("unknown_channel", name)
        self._hub.unsubscribe(self, known)
        if known:
            self.put(messages.reply("unsubscribed", channels=known))

    async def _refuse(self, code: str, name: str) -> None:
        """Answer with an error about one channel, once there is room for it."""
        await self.mailbox.room()
        self.put(messages.error(code, name[:100]))
