"""Ports: which are free, who holds the others, and what is said of it."""

import os
import socket
from collections.abc import Iterator

import pytest

from thor.launch import ports

HOST = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    """Return a port on which this process listens."""
    with socket.create_server((HOST, 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_its_holder(taken: int) -> None:
    """The sentence has the port, the process and a way out."""
    assert not ports.is_free(HOST, taken)
    with pytest.raises(SystemExit) as caught:
        ports.require_free(HOST, taken)
    assert f"port {taken} on {HOST} is already in use (process {os.getpid()}, " in str(caught.value)
    assert "PORT=8010 make run" in str(caught.value)


def test_a_port_is_free_again_after_its_server_ended(taken: int) -> None:
    """Connections that are still dying do not count as a holder."""
    with socket.create_connection((HOST, taken)):
        pass
    first = ports.next_free(HOST, taken)
    assert first > taken
    assert ports.is_free(HOST, first)


def test_an_address_of_another_machine_is_said_so() -> None:
    """192.0.2.1 is nobody's address."""
    with pytest.raises(SystemExit, match=r"cannot listen on HOST=192\.0\.2\.1"):
        ports.require_free("192.0.2.1", 8000)


@pytest.mark.parametrize("text", ["", "eight", "0", "65536", "-1", "80.5"])
def test_what_is_no_port_is_refused(text: str) -> None:
    """The sentence names the setting."""
    with pytest.raises(SystemExit, match=r"PORT=.* is no port number"):
        ports.parse(text)
