"""The total deadline of a request: nothing that a server does with its bytes holds a caller longer."""

import socket
import threading
from typing import Any

import pytest
from pytest_django import Settings

from livedata.schwab import errors
from livedata.schwab.deadline import Deadline
from livedata.schwab.tests.asking import BODY, SHORT, ask
from livedata.schwab.tests.odd_server import CHUNKED, OK, Script, drips, says, serving, silence, whole


def _unbounded(line: socket.socket) -> None:
    """A body that has no length and ends with the line."""
    drips(OK + b"Connection: close\r\n\r\n", b"1", b"")(line)
    line.shutdown(socket.SHUT_RDWR)


DRIPS: dict[str, Script] = {
    "status line": drips(b"HTTP/1.1 200 O", b"K", b"\r\nContent-Length: 0\r\n\r\n"),
    "headers": drips(OK, b"X-Drop: 1\r\n", b"Content-Length: 0\r\n\r\n"),
    "body with a length": drips(OK + b"Content-Length: 400\r\n\r\n", b"1", b""),
    "body without a length": _unbounded,
    "chunks": drips(CHUNKED, b"1\r\n1\r\n", b"0\r\n\r\n"),
    "length of a chunk": drips(CHUNKED, b"0", b"\r\n\r\n"),
    "gzip that holds nothing yet": drips(
        OK + b"Content-Encoding: gzip\r\nContent-Length: 410\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\x03", b"n", b""
    ),
}


@pytest.mark.parametrize("script", DRIPS.values(), ids=DRIPS.keys())
def test_dripping_meets_the_deadline(script: Script) -> None:
    with (
        serving(script) as server,
        pytest.raises(errors.SchwabUnreachable, match="The answer took too long"),
    ):
        ask(server.url)
    assert server.finished == 0


def test_dripping_after_an_earlier_answer_on_the_same_line_meets_the_deadline() -> None:
    scripts = iter([says(whole(BODY)), DRIPS["status line"]])

    def script(line: socket.socket) -> None:
        next(scripts)(line)

    with serving(script) as server:
        assert ask(server.url, 5).body == BODY
        with pytest.raises(errors.SchwabUnreachable, match="took too long"):
            ask(server.url)
        assert (server.connections, server.finished) == (1, 1)


def test_dripping_in_the_tls_handshake_meets_the_deadline() -> None:
    def hello(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line:
            line.recv(65536)
            # A handshake record of 80 bytes that comes byte by byte.
            try:
                drips(b"\x16\x03\x03\x00\x50", b"\x02", b"")(line)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        helper = threading.Thread(target=hello, args=(listener,), daemon=True)
        helper.start()
        with pytest.raises(errors.SchwabUnreachable, match="took too long"):
            ask(f"https://127.0.0.1:{listener.getsockname()[1]}")
        helper.join(10)


def test_silence_meets_the_deadline() -> None:
    with serving(silence) as server, pytest.raises(errors.SchwabUnreachable, match="took too long"):
        ask(server.url)


def test_a_name_server_that_says_nothing_meets_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up cannot be interrupted: it is left behind, and the line that it leads to is closed."""
    resolve, answered = socket.getaddrinfo, threading.Event()

    def hanging(*args: Any, **kwargs: Any) -> Any:
        assert answered.wait(20), "it was waited for"
        return resolve(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        with pytest.raises(errors.SchwabUnreachable, match="took too long"):
            ask(f"http://127.0.0.1:{listener.getsockname()[1]}")
        answered.set()
        line, _ = listener.accept()
        with line:
            line.settimeout(10)
            assert line.recv(1) == b""


def test_the_setting_is_the_deadline_when_none_is_given(settings: Settings) -> None:
    settings.THOR_HTTP_DEADLINE = SHORT
    with serving(silence) as server, pytest.raises(errors.SchwabUnreachable, match="took too long"):
        ask(server.url, None)


def test_a_deadline_that_was_kept_leaves_the_line_alone() -> None:
    near, far = socket.socketpair()
    with near, far:
        with Deadline(30) as limit:
            limit.watch(near)
        limit._end()
        near.sendall(b"still there")
        assert far.recv(20) == b"still there"


def test_a_line_that_is_opened_too_late_is_shut_at_once() -> None:
    near, far = socket.socketpair()
    far.settimeout(5)
    with near, far, Deadline(30) as limit:
        limit._end()
        limit.watch(near)
        assert far.recv(1) == b""
