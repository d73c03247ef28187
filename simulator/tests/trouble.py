"""What the tests of faults share: ordering one, and seeing raw bytes."""

import socket
from typing import Any
from urllib.parse import urlsplit

from simulator.tests.conftest import Wire

ALL = "/trader/v1/accounts"
Told = dict[str, Any]


def raw(wire: Wire, path: str, until: bytes | None = None, **headers: str) -> bytes:
    """What a socket receives: up to the connection's end, or until some bytes have come."""
    parts = urlsplit(wire.base)
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {parts.netloc}",
        *map(": ".join, (wire.headers | headers).items()),
    ]
    seen = b""
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=10) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        while until is None or until not in seen:
            part = line.recv(65536)
            if not part:
                break
            seen += part
    return seen


def ordered(wire: Wire, kind: str, **options: Any) -> Told:
    """Switch a fault on for one call, unless more are wanted."""
    found: Told = wire.control("faults", kind=kind, **{"count": 1, **options})
    return found


def faults(wire: Wire) -> Told:
    found: Told = wire.http.get(f"{wire.base}/_control/faults", timeout=10).json()
    return found
