"""Makes the wire misbehave on demand: switched-off routes, latency, and injected faults."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.calls import CONTROL
from simulator.wire.answers import HtmlPage
from simulator.wire.errors import access_denied, route_missing


@dataclass
class Fault:
    """One fault: its kind and what that kind needs, for paths with a prefix, `count` times (None: until cleared)."""

    kind: str
    path_prefix: str = "/"
    count: int | None = None
    status: int = 500
    body: str | None = None
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 1.0


@dataclass
class Faults:
    """Everything that is switched on."""

    active: list[Fault] = field(default_factory=list)
    latency: dict[str, float] = field(default_factory=dict)
    off: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Behave again."""
        self.active.clear()
        self.latency.clear()
        self.off.clear()

    def delay_of(self, path: str) -> float:
        """The seconds that a path waits: those of its longest prefix."""
        fitting = [prefix for prefix in self.latency if path.startswith(prefix)]
        return self.latency[max(fitting, key=len)] if fitting else 0.0

    def is_off(self, path: str) -> bool:
        """Whether a path lies at or under a switched-off one."""
        return any(path == item or path.startswith(item.rstrip("/") + "/") for item in self.off)

    def take(self, path: str) -> Fault | None:
        """The first fault that fits, counted down; a fault that is used up goes away."""
        for fault in self.active:
            if path.startswith(fault.path_prefix):
                if fault.count is not None:
                    fault.count -= 1
                    if fault.count <= 0:
                        self.active.remove(fault)
                return fault
        return None


class Misbehave:
    """Middleware: latency first, then switched-off routes, then faults, then the real answer."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
        fault = self._faults.take(path)
        act = KINDS[fault.kind] if fault is not None else None
        if fault is None or act is None:
            await self._app(scope, receive, send)
        else:
            await act(fault, self._app, scope, receive, send)


async def _status(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a status, body and headers instead of asking the app."""
    body = fault.body if fault.body is not None else ""
    answer = Response(body, fault.status, fault.headers, fault.content_type)
    await answer(scope, receive, send)


async def _html(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the CDN's page, or with the HTML given."""
    answer = HtmlPage(fault.body, fault.status) if fault.body is not None else access_denied(scope["path"])
    await answer(scope, receive, send)


async def _slow(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer properly, later."""
    await asyncio.sleep(fault.seconds)
    await app(scope, receive, send)


async def _cut_body(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Promise the whole body, send half of it and hang up."""
    start: list[Message] = []
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.append(message)
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    headers = [pair for pair in start[0]["headers"] if pair[0].lower() != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({**start[0], "headers": headers})
    await send({"type": "http.response.body", "body": bytes(body[: len(body) // 2]), "more_body": True})


Act = Callable[[Fault, ASGIApp, Scope, Receive, Send], Awaitable[None]]
KINDS: dict[str, Act] = {"status": _status, "html": _html, "slow": _slow, "cut_body": _cut_body}
