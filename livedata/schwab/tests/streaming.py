"""A streamer inside the test: answers commands as told, sends what the test wants, remembers what it was asked."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from livedata.schwab.streamer.frames import Door

Json = dict[str, Any]
SILENT = -1
"""As a code: no answer at all."""
CLOSES = frozenset({3, 12, 30})
CUSTOMER, CORREL = "canary-customer-id", "canary-correl-id"


class FakeStreamer:
    """One streamer. `codes` queues answers by command; what is not queued succeeds."""

    def __init__(self) -> None:
        self.url = ""
        self.commands: list[Json] = []
        self.codes: defaultdict[str, deque[tuple[int, str]]] = defaultdict(deque)
        self.sockets: set[ServerConnection] = set()
        self.waiting = self.most_waiting = 0
        self.snapshots: dict[str, Json] = {}
        self.logins = 0

    def door(self) -> Door:
        """Return what `userPreference` says of it."""
        return Door(self.url, CUSTOMER, CORREL, "N9", "APIAPP")

    def preference(self) -> Json:
        """Return `GET /userPreference`."""
        info = {
            "streamerSocketUrl": self.url,
            "schwabClientCustomerId": CUSTOMER,
            "schwabClientCorrelId": CORREL,
            "schwabClientChannel": "N9",
            "schwabClientFunctionId": "APIAPP",
        }
        return {"accounts": [], "streamerInfo": [info], "offers": []}

    def asked(self) -> list[str]:
        """Return the commands so far: `ADMIN LOGIN`, `LEVELONE_EQUITIES SUBS A,B`."""
        return [
            " ".join([each["service"], each["command"], each["parameters"].get("keys", "")]).strip()
            for each in self.commands
        ]

    async def send(self, frame: Json) -> None:
        """Send a frame to everybody."""
        for socket in list(self.sockets):
            await socket.send(json.dumps(frame))

    async def tick(self, service: str, *contents: Json) -> None:
        """Send changes."""
        data = {"service": service, "timestamp": 1, "command": "SUBS", "content": list(contents)}
        await self.send({"data": [data]})

    async def notify(self, code: int) -> None:
        """Send a termination, then close."""
        await self.send({"notify": [{"service": "ADMIN", "content": {"code": code, "msg": "ended"}}]})
        await self.drop()

    async def drop(self) -> None:
        """Cut every line."""
        for socket in list(self.sockets):
            socket.transport.abort()

    async def serve(self, socket: ServerConnection) -> None:
        """Talk to one client."""
        self.sockets.add(socket)
        try:
            async for text in socket:
                for request in json.loads(text)["requests"]:
                    self.commands.append(request)
                    self.waiting += 1
                    self.most_waiting = max(self.most_waiting, self.waiting)
                    await asyncio.sleep(0.01)  # a second command sent meanwhile would be seen
                    self.waiting -= 1
                    await self._answer(socket, request)
        except ConnectionClosed:
            return
        finally:
            self.sockets.discard(socket)

    async def _answer(self, socket: ServerConnection, request: Json) -> None:
        command = request["command"]
        queue = self.codes[f"{request['service']} {command}"] or self.codes[command]
        code, message = queue.popleft() if queue else (0, f"{command} command succeeded")
        if code == SILENT:
            return
        self.logins += command == "LOGIN" and code == 0
        names = ("service", "command", "requestid", "SchwabClientCorrelId")
        answer = {name: request[name] for name in names} | {"timestamp": 1}
        await socket.send(json.dumps({"response": [answer | {"content": {"code": code, "msg": message}}]}))
        keys = request["parameters"].get("keys", "").split(",")
        found = [{"key": key, **self.snapshots[key]} for key in keys if key in self.snapshots]
        if command in ("SUBS", "ADD") and found:
            await self.tick(request["service"], *found)
        if code in CLOSES or command == "LOGOUT":
            await socket.close()


@asynccontextmanager
async def fake_streamer() -> AsyncIterator[FakeStreamer]:
    """Run a streamer on loopback for the length of a block."""
    streamer = FakeStreamer()
    async with serve(streamer.serve, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        streamer.url = f"ws://127.0.0.1:{port}/ws"
        yield streamer


async def until(true: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Wait until something is true and return it; only a broken test ever waits so long."""
    ends = asyncio.get_running_loop().time() + seconds
    while not (found := true()):
        assert asyncio.get_running_loop().time() < ends, "it never came true"
        await asyncio.sleep(0.01)
    return found
