"""One connection to the streamer: its frames, its clock, and how it ends."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from simulator.oauth.store import Login
from simulator.server import transport_of
from simulator.simulation import Simulation
from simulator.streamer import frames
from simulator.streamer.activity import Activity
from simulator.streamer.commands import carry_out
from simulator.streamer.flood import flood_frames
from simulator.streamer.frames import Code
from simulator.streamer.hub import Pace
from simulator.streamer.levelone import LevelOne
from simulator.wire.times import millis
from simulator.world.accounts import Account
from simulator.world.instruments import Json

_ACTIVITY_SECONDS = 0.1
_MAKE_UP_SECONDS = 1.0
_IDLE_TEXT = "Stop streaming due to empty subscription"


class Session:
    """From the handshake to the close."""

    def __init__(self, simulation: Simulation, scope: Scope, receive: Receive, send: Send) -> None:
        self.simulation = simulation
        self.login: Login | None = None
        self.correl = ""
        self.services = {name: LevelOne(name) for name in ("LEVELONE_EQUITIES", "LEVELONE_OPTIONS")}
        self.activity: Activity | None = None
        self.frames_sent = 0
        self._flood: Iterator[tuple[str, int]] | None = None
        self._flooded = 0
        self._scope, self._receive, self._send = scope, receive, send
        self.ended = False
        self._busy_at = self._heart_at = self._told_at = time.monotonic()

    @property
    def login_name(self) -> str:
        """The customer; empty before LOGIN."""
        return self.login.login if self.login is not None else ""

    @property
    def accounts(self) -> list[Account]:
        """The customer's linked accounts."""
        if self.login is None:
            return []
        listed = self.simulation.world.of_login(self.login.login)
        return [account for account in listed if account.number in self.login.accounts]

    def now(self) -> int:
        """The simulated instant in milliseconds, as every frame is stamped."""
        return millis(self.simulation.clock.now())

    async def run(self) -> None:
        """Answer requests until the connection ends."""
        await self._receive()
        await self._send({"type": "websocket.accept"})
        hub = self.simulation.hub
        hub.sessions.append(self)
        clock = asyncio.create_task(self._run_clock())
        try:
            while (message := await self._receive())["type"] == "websocket.receive":
                await self._answer(message)
        finally:
            self.ended = True
            clock.cancel()
            hub.sessions.remove(self)

    async def _answer(self, message: Message) -> None:
        text = message.get("text") or message.get("bytes") or ""
        for ask in frames.read_frame(text):
            await carry_out(self, ask)

    async def say(self, text: str) -> None:
        """Send a frame, once the streamer may speak; nothing after the end."""
        await self.simulation.hub.when_not_silent()
        if not self.ended:
            self.frames_sent += 1
            await self._put({"type": "websocket.send", "text": text})

    async def _put(self, message: Message) -> None:
        try:
            await self._send(message)
        except OSError:  # the client has gone; the reader learns it too
            self.ended = True

    async def show(self, services: dict[str, list[Json]]) -> None:
        """Send content by service, if there is any."""
        told = {name: content for name, content in services.items() if content}
        if told:
            await self.say(frames.data(self.now(), told))

    async def snapshots(self) -> None:
        """What is subscribed and was never sent, or not since a flood."""
        self._flood = None
        board = self.simulation.world.board(self.simulation.clock.now())
        await self.show({name: service.snapshots(board) for name, service in self.services.items()})

    async def end(self, service: str, code: Code, text: str) -> None:
        """Say why, and close."""
        await self.say(frames.ending(self.now(), service, code, text))
        await self.close()

    async def close(self) -> None:
        """Close as a server does."""
        if not self.ended:
            self.ended = True
            await self._put({"type": "websocket.close", "code": 1000})

    def cut(self) -> None:
        """Drop the connection without a close frame."""
        self.ended = True
        transport_of(self._scope).abort()

    async def _run_clock(self) -> None:
        due = time.monotonic()
        while not self.ended:
            due = max(due + self.simulation.hub.pace.tick_seconds, time.monotonic() - _MAKE_UP_SECONDS)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await self._tick()

    async def _tick(self) -> None:
        at, pace = time.monotonic(), self.simulation.hub.pace
        if self.activity is not None or any(service.lines for service in self.services.values()):
            self._busy_at = at
        elif at - self._busy_at >= pace.idle_seconds:
            await self.end("ADMIN", Code.STOP_STREAMING, _IDLE_TEXT)
            return
        if self.login is not None and at - self._heart_at >= pace.heartbeat_seconds:
            self._heart_at = at
            await self.say(frames.heartbeat(self.now()))
        if self._flood is not None and not pace.flood:
            await self.snapshots()
        if pace.flood and any(service.lines for service in self.services.values()):
            await self._say_flood()
        await self.show(self._news(at, pace))

    async def _say_flood(self) -> None:
        if self._flood is None:
            world, now = self.simulation.world, self.simulation.clock.now()
            self._flood = flood_frames(world, self.services.values(), now)
        frame, updates = next(self._flood)
        self._flooded += updates
        await self.say(frame)

    def _news(self, at: float, pace: Pace) -> dict[str, list[Json]]:
        now, world = self.simulation.clock.now(), self.simulation.world
        board = world.board(now)
        found: dict[str, list[Json]] = {}
        for name, service in self.services.items():
            if service.lines and not pace.flood:
                found[name] = service.changes(board, pace.share(len(service.lines)))
        if self.activity is not None and at - self._told_at >= _ACTIVITY_SECONDS:
            self._told_at = at
            found["ACCT_ACTIVITY"] = self.activity.news(world, self.accounts, now)
        return found

    def summary(self) -> dict[str, Any]:
        """As the control endpoint shows it."""
        return {
            "login": self.login_name,
            "keys": {name: len(service.lines) for name, service in self.services.items()},
            "account_activity": self.activity is not None,
            "frames": self.frames_sent,
            "field_updates": self._flooded + sum(service.updates for service in self.services.values()),
        }
