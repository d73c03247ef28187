"""A server on a real socket that answers as oddly as a test wants: it sends bytes, not responses."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Script = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


class OddServer:
    """Reads one request after the other from each connection and lets the script answer it."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.connections = 0
        self.finished = 0  # scripts that came to their end before the client had enough
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The address to ask."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Hang up on everybody."""
        for line in [self._listener, *self._open]:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            while head := _read_request(line):
                self.requests.append(head)
                self.script(line)
                self.finished += 1


def _read_request(line: socket.socket) -> bytes:
    """Read up to the blank line; what these tests send fits into one piece."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = line.recv(65536)
        if not piece:
            return b""
        got += piece
    return got


@contextmanager
def serving(script: Script) -> Iterator[OddServer]:
    """Run a server for the length of a block."""
    server = OddServer(script)
    try:
        yield server
    finally:
        server.close()


def whole(body: bytes, more: bytes = b"") -> bytes:
    """Return a proper answer with this body."""
    return OK + more + b"Content-Length: %d\r\n\r\n" % len(body) + body


def says(answer: bytes, *, hang_up: bool = False) -> Script:
    """Return a script that sends these bytes, then keeps the line or hangs up."""

    def script(line: socket.socket) -> None:
        line.sendall(answer)
        if hang_up:
            line.shutdown(socket.SHUT_RDWR)

    return script


def drips(first: bytes, drop: bytes, last: bytes, *, times: int = 400) -> Script:
    """Return a script that sends `drop` again and again at short intervals and then ends properly.

    It ends after some twenty seconds, so that a client without a total deadline gets an answer instead of hanging.
    """

    def script(line: socket.socket) -> None:
        line.sendall(first)
        for _ in range(times):
            line.sendall(drop)
            time.sleep(0.05)
        line.sendall(last)

    return script


def silence(line: socket.socket) -> None:
    """A script that says nothing and keeps the line open."""


def gzipped(body: bytes) -> bytes:
    """Return a proper compressed answer."""
    return whole(gzip.compress(body), b"Content-Encoding: gzip\r\n")
