"""Labels every answer of the wire with a Schwab-Client-CorrelId."""

import uuid

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.marketdata import BASE as MARKET_DATA


def correl_headers(path: str) -> list[tuple[bytes, bytes]]:
    """A new correlation id; Market Data adds the version of its resources."""
    found = [(b"schwab-client-correlid", str(uuid.uuid4()).encode())]
    if path.startswith(MARKET_DATA):
        found.append((b"schwab-resource-version", b"1"))
    return found


class CorrelId:
    """Middleware around everything that sends through ASGI."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def labelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *correl_headers(scope["path"])]}
            await send(message)

        await self._app(scope, receive, labelled)
