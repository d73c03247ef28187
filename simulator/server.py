"""The server around the app: uvicorn that lends each call its transport, for faults that ASGI cannot express."""

import asyncio
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

_TRANSPORT = "simulator.transport"


class LendingHttp(HttpToolsProtocol):
    """HTTP whose calls can reach their transport."""

    def on_message_begin(self) -> None:
        """Put the transport into the new call's scope."""
        super().on_message_begin()
        self.scope["extensions"] = {_TRANSPORT: self.transport}  # type: ignore[dict-item]


class LendingWebSocket(WebSocketsSansIOProtocol):
    """WebSockets whose app can reach their transport."""

    def handle_connect(self, event: Request) -> None:
        """Put the transport into the scope of an accepted handshake; the app's task has not begun yet."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            lent: Any = {_TRANSPORT: self.transport}
            self.scope["extensions"].update(lent)


def transport_of(scope: Scope) -> asyncio.Transport:
    """The transport that a call came in on."""
    found: asyncio.Transport = scope["extensions"][_TRANSPORT]
    return found


def server_config(app: ASGIApp, host: str, port: int, log_level: str = "warning") -> uvicorn.Config:
    """How the stand-in is served; no access log, since its lines could hold what belongs into no log."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=LendingHttp,
        ws=LendingWebSocket,
        ws_per_message_deflate=False,
        log_level=log_level,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
