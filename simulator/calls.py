"""Counts the wire's HTTP calls per route, so that tests can tell how often a client asked."""

from collections import Counter

from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

CONTROL = "/_control"


class CallCounter:
    """Calls per `METHOD /route/{template}`; unknown routes count under their path."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def reset(self) -> None:
        """Start counting from nothing."""
        self.counts.clear()

    def summary(self) -> dict[str, object]:
        """Total and per-route counts."""
        return {"total": self.counts.total(), "routes": dict(sorted(self.counts.items()))}


class CountCalls:
    """Middleware that counts before anything can fail or delay the call."""

    def __init__(self, app: ASGIApp, counter: CallCounter, routes: list[BaseRoute]) -> None:
        self._app = app
        self._counter = counter
        self._routes = [route for route in routes if isinstance(route, Route)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            self._counter.counts[f"WS {scope['path']}"] += 1
        if scope["type"] == "http" and not scope["path"].startswith(CONTROL):
            self._counter.counts[f"{scope['method']} {self._template(scope)}"] += 1
        await self._app(scope, receive, send)

    def _template(self, scope: Scope) -> str:
        for route in self._routes:
            if route.matches(scope)[0] is Match.FULL:
                return route.path
        return str(scope["path"])
