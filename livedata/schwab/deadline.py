"""A total deadline for one HTTP request: when the time is up its socket is shut, whatever it was waiting for.

A read time-out starts anew with every byte, so a server that drips them (in the TLS handshake, in its headers, between
two chunks) could hold a request for ever. A timer beside the request shuts the line at its end; the waiting read then
sees the connection end and returns. Before there is a line, while its host is looked up, there is nothing to shut: a
line is opened in a thread of its own, which is left behind when the time is up.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

_local = threading.local()


class Deadline:
    """A block in which every connection that this thread uses is shut after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._ends = time.monotonic() + seconds
        self._line: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        _local.deadline = self
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        _local.deadline = None
        with self._lock:
            self._forget()

    def open(self, connect: Callable[[], socket.socket]) -> socket.socket:
        """Return the line that `connect` opens, and watch it.

        Raises:
            TimeoutError: it is still being opened when the time is up; a line that comes later is closed.
        """
        opened: Future[socket.socket] = Future()
        threading.Thread(target=_fulfil, args=(opened, connect), daemon=True).start()
        try:
            line = opened.result(max(0.0, self._ends - time.monotonic()))
        except TimeoutError:
            opened.add_done_callback(_close)
            raise
        self.watch(line)
        return line

    def watch(self, line: socket.socket) -> None:
        """Take this line as the one to shut.

        The handle is one of our own: the library replaces its socket when TLS begins and lets go of it when the server
        says `Connection: close`, while the line stays the same.
        """
        with self._lock:
            self._forget()
            self._line = socket.socket(fileno=os.dup(line.fileno()))
            if self.passed:
                self._shut()

    def _end(self) -> None:
        """The time is up."""
        with self._lock:
            self.passed = True
            self._shut()

    def _shut(self) -> None:
        """End the line in both directions, for everybody who holds it."""
        if self._line is not None:
            with suppress(OSError):  # it has ended already
                self._line.shutdown(socket.SHUT_RDWR)

    def _forget(self) -> None:
        """Let go of our handle; the line itself stays open for the next request."""
        if self._line is not None:
            self._line.close()
            self._line = None


def _fulfil(opened: "Future[socket.socket]", connect: Callable[[], socket.socket]) -> None:
    """Open a line for whoever waits for it; what goes wrong is theirs to meet."""
    try:
        opened.set_result(connect())
    except BaseException as error:  # noqa: BLE001 (raised again where it is waited for)
        opened.set_exception(error)


def _close(opened: "Future[socket.socket]") -> None:
    """Close a line that nobody waits for any more."""
    if opened.exception() is None:
        opened.result().close()


def _current() -> Deadline | None:
    """Return the deadline of the request that this thread is in."""
    return getattr(_local, "deadline", None)


class _Watched(HTTPConnection):
    """A connection that tells the deadline which line it uses: a new one, or one kept from an earlier request."""

    def _new_conn(self) -> socket.socket:
        deadline = _current()
        if deadline is None:
            return super()._new_conn()
        try:
            return deadline.open(super()._new_conn)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "It was not open in time.") from error

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None and (deadline := _current()):
            deadline.watch(self.sock)
        super().request(*args, **kwargs)


class _WatchedSecurely(_Watched, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _WatchedSecurely


class WatchedAdapter(HTTPAdapter):
    """What a requests session sends through so that `Deadline` reaches its sockets."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Build the pools from watched connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
