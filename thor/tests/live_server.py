"""A real server with the live socket, in a thread of the test, and browsers that speak to it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from livedata.live.app import LiveSocket
from livedata.live.gate import Gate
from thor.asgi import Application
from thor.live import GATE

PATIENCE = 20.0
"""Seconds until something that must happen counts as not happening."""


def eventually(what: Callable[[], Any], why: str = "it did not happen", seconds: float = PATIENCE) -> Any:
    """Wait until something is true and return it."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, why
        time.sleep(0.01)
    return found


class Server:
    """A running server."""

    def __init__(self, live: LiveSocket, server: uvicorn.Server, port: int) -> None:
        self.live = live
        self.uvicorn = server
        self.port = port

    @property
    def host(self) -> str:
        """Return what the Host header says."""
        return f"127.0.0.1:{self.port}"

    def open(self, user: User | None = None, **options: Any) -> ClientConnection:
        """Open a socket as a page of ours does; with a user, as one who is signed in."""
        client = options.pop("client", None) or Client()
        if user is not None:
            client.force_login(user)
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie.value}"} if cookie else {}
        path = options.pop("path", "/ws/live/")
        options.setdefault("origin", f"http://{self.host}")
        options.setdefault("compression", None)
        options.setdefault("max_queue", None)  # closing with unread messages would wait for their reader
        name = options.pop("name", "127.0.0.1")
        return connect(
            f"ws://{name}:{self.port}{path}",
            additional_headers=headers,
            proxy=None,
            address=("127.0.0.1", self.port),
            **options,
        )


@contextmanager
def serving(gate: Gate = GATE) -> Iterator[Server]:
    """Serve as the Procfile does, on a free port, for the length of a block."""
    live = LiveSocket(gate)
    config = uvicorn.Config(
        Application(live),
        port=0,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        eventually(lambda: server.started)
        eventually(lambda: live.hub.relay.up, "the bus did not come up")
        yield Server(live, server, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()
        assert live.is_stopped, "the server ended without ending the live socket's work"


def hear(browser: ClientConnection, kind: str | None = None, **fields: Any) -> dict[str, Any]:
    """Return the next message, or the next of a type and with certain fields, passing over others."""
    deadline = time.monotonic() + PATIENCE
    while True:
        message: dict[str, Any] = json.loads(browser.recv(timeout=max(0.01, deadline - time.monotonic())))
        right = kind is None or message["type"] == kind
        if right and all(message.get(name) == value for name, value in fields.items()):
            return message


def ask(browser: ClientConnection, action: str, *channels: str) -> None:
    """Send a request."""
    browser.send(json.dumps({"action": action, "channels": list(channels)}))


def closing_code(browser: ClientConnection) -> int | None:
    """Read to the end and return the code that the server closed with."""
    with pytest.raises(ConnectionClosed):
        _read_to_the_end(browser)
    return browser.close_code


def _read_to_the_end(browser: ClientConnection) -> None:
    while True:
        browser.recv(timeout=PATIENCE)
