"""Stands between the server and the app and spoils what is ordered."""

import asyncio
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.calls import CONTROL
from simulator.faults.endpoints import fits
from simulator.faults.kind import Call
from simulator.faults.state import Faults
from simulator.wire.errors import route_missing


class Misbehave:
    """Middleware: latency first, then switched-off routes, then faults, then the real answer."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and self._faults.is_off(scope["path"]):
            await send({"type": "websocket.close"})
            return
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        delay = self._faults.delay_of(path)
        if delay:
            await asyncio.sleep(delay)
        if self._faults.is_off(path):
            await route_missing(path)(scope, receive, send)
            return
        grant = ""
        if self._faults.active and fits("token", path):
            receive, grant = await _grant(scope, receive)
        fault = self._faults.take(path, grant)
        if fault is None:
            await self._app(scope, receive, send)
        elif not await fault.kind.act(Call(self._app, scope, receive, send)):
            self._faults.give_back(fault)


async def _grant(scope: Scope, receive: Receive) -> tuple[Receive, str]:
    """The grant that a token request asks for, and a `receive` that brings its body once more."""
    body = await Request(scope, receive).body()
    again: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return again.pop() if again else await receive()

    return replay, parse_qs(body.decode("latin-1")).get("grant_type", [""])[0]
