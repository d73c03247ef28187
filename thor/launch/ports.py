"""Which TCP ports are free on this machine, and who holds one that is not."""

import errno
import socket

import psutil

from thor.launch.console import fail


def parse(text: str, name: str = "PORT") -> int:
    """Return the port number that a setting names; ends the launcher with a sentence when it names none."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        fail(f"{name}={text} is no port number; it must be from 1 to 65535.")
    return int(text)


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there now; OSError when the host is none of this machine's."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # a port in TIME_WAIT is free for a server
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def next_free(host: str, first: int) -> int:
    """Return the first free port from `first` upwards."""
    for port in range(first, 65536):
        if is_free(host, port):
            return port
    fail(f"no TCP port from {first} upwards is free on {host}.")


def holder(port: int) -> str:
    """Name who listens on a port, as far as this user may see it: ` (process 12, python)` or nothing."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f" (process {connection.pid}, {psutil.Process(connection.pid).name()})"
    except psutil.Error:
        pass
    return ""


def require_free(host: str, port: int, name: str = "PORT") -> None:
    """End the launcher with a sentence when the port is taken."""
    try:
        free = is_free(host, port)
    except OSError as error:
        fail(f"cannot listen on HOST={host}: {error.strerror or error}.")
    if not free:
        other = "PORT=8010" if name == "PORT" else f"{name}={port + 1}"
        fail(f"port {port} on {host} is already in use{holder(port)}; choose another one: {other} make run")
