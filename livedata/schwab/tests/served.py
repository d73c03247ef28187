"""A Schwab on a real socket, for processes that a test starts: it counts what was asked and can keep one waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests

from livedata.schwab.tests.fake_schwab import FakeSchwab

PATIENCE = 30.0
"""Seconds until something that must happen counts as not happening."""


class Gate:
    """A call that waits for its answer until the test says so."""

    def __init__(self) -> None:
        self._asked, self._go_on = Event(), Event()

    def wait(self) -> None:
        """Wait until the call has come."""
        assert self._asked.wait(PATIENCE), "nobody asked"

    def open(self) -> None:
        """Let it have its answer."""
        self._go_on.set()

    def __call__(self) -> None:
        """Keep the caller waiting."""
        self._asked.set()
        self._go_on.wait(PATIENCE)


class ServedSchwab(FakeSchwab):
    """What the fake says, at an address. `asked` holds path, time (monotonic) and token of every call, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, float, str]] = []
        self.answered = 0
        self.gates: list[Gate] = []
        self.url = ""

    def at_rest(self) -> bool:
        """Tell whether every call has had its answer."""
        return self.answered == len(self.asked)

    def count(self, path: str) -> int:
        """Return how often a path was asked."""
        return len(self.times(path))

    def times(self, path: str, token: str = "") -> list[float]:
        """Return when a path was asked, in seconds; with a token, by its owner."""
        return [when for each, when, by in self.asked if each == path and token in by]

    def holds_back(self, path: str) -> Gate:
        """Keep the next call of a path waiting."""
        gate = Gate()
        self.gates.append(gate)
        self.meanwhile[path] = gate
        return gate

    def answer(self, request: requests.PreparedRequest) -> Any:
        """Note when the call came and answer it."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.asked.append((urlsplit(str(request.url)).path, monotonic(), token))
        try:
            return super().answer(request)
        finally:
            self.answered += 1


class _Server(ThreadingHTTPServer):
    """Serves one fake; who was killed while waiting is no error."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, schwab: ServedSchwab) -> None:
        self.schwab = schwab
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: killed processes hang up in the middle."""


class _Handler(BaseHTTPRequestHandler):
    """Hands each request to the fake."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer."""
        length = int(self.headers.get("Content-Length", 0))
        body, url = self.rfile.read(length), self.server.schwab.url + self.path
        asked = requests.Request(self.command, url, dict(self.headers), data=body).prepare()
        status, headers, text = self.server.schwab.answer(asked)
        said = text.encode()
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(said))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[ServedSchwab]:
    """Serve a Schwab for the length of a block."""
    schwab = ServedSchwab()
    with _Server(schwab) as server:
        schwab.url = f"http://127.0.0.1:{server.server_address[1]}"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield schwab
        finally:
            for gate in schwab.gates:
                gate.open()
            server.shutdown()
