"""A total deadline for one HTTP request: when the time is up its socket is shut, whatever it was waiting for.

A read time-out starts anew with every byte, so a server that drips them (in the TLS handshake, in its headers, between
two chunks) could hold a request for ever. A timer beside the request shuts the line at its end; the waiting read then
sees the connection end and returns.
"""

import os
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_local = threading.local()


class Deadline:
    """A block in which every connection that this thread uses is shut after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
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


def _watch(line: socket.socket) -> None:
    """Put a line under the deadline of the request that this thread is in."""
    deadline: Deadline | None = getattr(_local, "deadline", None)
    if deadline is not None:
        deadline.watch(line)


class _Watched(HTTPConnection):
    """A connection that tells the deadline which line it uses: a new one, or one kept from an earlier request."""

    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        _watch(line)
        return line

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            _watch(self.sock)
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
