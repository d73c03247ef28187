"""The middle of the live socket, one per process: which browser hears which channel."""

import asyncio
import logging
from collections.abc import Collection
from functools import partial
from itertools import islice

import msgspec
from django.conf import settings
from django.db import Error as DatabaseError
from msgspec import Struct

from livedata.bus import CONTROL
from livedata.live import messages
from livedata.live.browser import Browser
from livedata.live.channels import Channel, channel_of, of_account
from livedata.live.gate import Gate
from livedata.live.logins import Login
from livedata.live.orders import Orders
from livedata.live.relay import Relay
from livedata.live.snapshots import Reading, SnapshotReader, read_channels
from livedata.live.subscription import Subscription
from livedata.live.threads import in_background, in_thread

log = logging.getLogger(__name__)

CHUNK = 200
RETRY_SECONDS = 1.0


class Limits(Struct, frozen=True):
    """The settings THOR_LIVE_*, read when the socket is made."""

    mailbox: int
    message_bytes: int
    channels: int
    sockets: int
    heartbeat: float
    send_timeout: float

    @classmethod
    def from_settings(cls) -> "Limits":
        """Read them."""
        return cls(**{name: getattr(settings, f"THOR_LIVE_{name.upper()}") for name in cls.__struct_fields__})


class Hub:
    """Browsers and their subscriptions; every message of the bus passes here once."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.limits = Limits.from_settings()
        self.browsers: set[Browser] = set()
        self.relay = Relay(self._on_message, self._on_state)
        self._listeners: dict[str, dict[Browser, Subscription]] = {}
        self._marks: dict[str, tuple[int, int]] = {}
        self._orders = Orders()
        self._reader = SnapshotReader(partial(read_channels, gate, self.relay))
        self._refreshing: asyncio.Task[None] | None = None

    def enter(self, browser: Browser, began: float) -> int | None:
        """Take a browser in, or return the code to close it with; `began`: when its login was looked up."""
        if self._orders.came_since(browser.login, began):
            return messages.CLOSE_SIGNED_OUT
        of_user = sum(each.login.user_id == browser.login.user_id for each in self.browsers)
        if of_user >= self.limits.sockets:
            return messages.CLOSE_TOO_MANY
        self.browsers.add(browser)
        state = "up" if self.relay.up else "down"
        browser.put(messages.reply("welcome", heartbeat_seconds=self.limits.heartbeat, bus=state))
        return None

    def leave(self, browser: Browser) -> None:
        """Forget a browser."""
        self.browsers.discard(browser)
        self.unsubscribe(browser, list(browser.subscriptions))

    async def visible(self, login: Login, channels: Collection[Channel]) -> set[Channel]:
        """Return the channels that a user may see. Raises `django.db.Error`."""
        return await in_thread(self.gate.visible, login.user_id, channels)

    async def subscribe(self, browser: Browser, names: list[str]) -> None:
        """Subscribe a browser to channels and send it their snapshots; anew when it is subscribed already."""
        tickets = {name: self._join(browser, name).hold() for name in names}
        await self.relay.want(names)
        try:
            readings = await self._reader.get(names)
        except DatabaseError as error:
            log.warning("snapshots cannot be read: %s", type(error).__name__)
            self._give_up(browser, names, "unavailable")
            return
        gone = [name for name in names if readings[name].is_gone]
        if gone:
            self._give_up(browser, gone, "unknown_channel")
        for name, ticket in tickets.items():
            if name in browser.subscriptions:  # else it was ended meanwhile
                reading = readings[name]
                browser.subscriptions[name].release(ticket, reading.snapshot, reading.marks)

    def unsubscribe(self, browser: Browser, names: Collection[str]) -> None:
        """End a browser's subscriptions; a channel that nobody hears any more is no longer asked for."""
        unheard: list[str] = []
        for name in names:
            browser.subscriptions.pop(name, None)
            browser.mailbox.drop(name)
            listeners = self._listeners.get(name, {})
            if listeners.pop(browser, None) is not None and not listeners:
                del self._listeners[name]
                self._marks.pop(name, None)
                unheard.append(name)
        self.relay.unwant(unheard)

    def end(self, browser: Browser, names: list[str], code: str) -> None:
        """End subscriptions from this side and say why."""
        self.unsubscribe(browser, names)
        browser.put(messages.ended(names, code))

    def listeners_of(self, account_ids: Collection[int]) -> dict[Browser, list[str]]:
        """Return who hears any channel of these accounts, with the channels."""
        found: dict[Browser, list[str]] = {}
        for name in (name for each in account_ids for name in of_account(each)):
            for browser in self._listeners.get(name, {}):
                found.setdefault(browser, []).append(name)
        return found

    def account_ids(self) -> set[int]:
        """Return the accounts that anybody hears."""
        subscriptions = [next(iter(listeners.values())) for listeners in self._listeners.values()]
        return {each.account_id for each in subscriptions if each.account_id is not None}

    def seq(self, account_id: int, version: int) -> int | None:
        """Return the `seq` of the last marks that passed for a version of an account's book."""
        passed = [self._marks[name] for name in of_account(account_id) if name in self._marks]
        return max((seq for of_version, seq in passed if of_version == version), default=None)

    def stop(self) -> None:
        """End what runs in the background."""
        if self._refreshing is not None:
            self._refreshing.cancel()

    def _join(self, browser: Browser, name: str) -> Subscription:
        """Return the browser's subscription to a channel, made when new."""
        subscription = browser.subscriptions.get(name)
        if subscription is None:
            channel = channel_of(name)
            subscription = Subscription(browser.put, channel.account_id if channel else None)
            browser.subscriptions[name] = subscription
            self._listeners.setdefault(name, {})[browser] = subscription
        return subscription

    def _give_up(self, browser: Browser, names: list[str], code: str) -> None:
        """Take subscriptions back that cannot be served."""
        self.unsubscribe(browser, names)
        for name in names:
            browser.put(messages.error(code, name))

    def _on_message(self, channel: str, data: bytes) -> None:
        """Hand a message of the bus to those who hear its channel."""
        if channel == CONTROL:
            self._orders.obey(data, self)
            return
        listeners = self._listeners.get(channel)
        if not listeners:
            return
        try:
            message = messages.from_bus(channel, data)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            log.warning("a message on %s is not one of ours", channel)
            return
        if message.seq is not None:
            self._marks[channel] = (message.version, message.seq)
        for subscription in listeners.values():
            subscription.deliver(message)

    def _on_state(self, up: bool) -> None:
        """Tell every browser whether the bus is there; when it is back, send what may have been missed."""
        word = messages.bus_state(up)
        for browser in self.browsers:
            browser.put(word)
        self.stop()
        if up:
            self._refreshing = in_background(self._refresh())

    async def _refresh(self) -> None:
        """Send a fresh snapshot of every channel to all who hear it."""
        held = {
            name: [(each, each.hold()) for each in listeners.values()]
            for name, listeners in self._listeners.items()
        }
        names = iter(held)
        while chunk := list(islice(names, CHUNK)):
            readings = await self._read_surely(chunk)
            for name in chunk:
                for subscription, ticket in held[name]:
                    subscription.release(ticket, readings[name].snapshot, readings[name].marks)

    async def _read_surely(self, names: Collection[str]) -> dict[str, Reading]:
        """Read snapshots, again and again while the database is down."""
        while True:
            try:
                return await self._reader.get(names)
            except DatabaseError as error:
                log.warning("snapshots cannot be read: %s", type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
