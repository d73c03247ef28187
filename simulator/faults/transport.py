"""Faults below HTTP: slow answers, dripped bytes, answers cut in the middle.

ASGI sends whole headers and refuses a body shorter than promised, so these write to the connection's own transport,
which `simulator.server` lends to each call.
"""

import asyncio
import http
from typing import Annotated

import msgspec

from simulator.correl import correl_headers
from simulator.faults.kind import Call, Kept, Kind
from simulator.server import transport_of

_BEAT = 0.05
_CHUNK = 4096

Rate = Annotated[float, msgspec.Meta(gt=0)]
Share = Annotated[float, msgspec.Meta(ge=0, lt=1)]


class Slow(Kind):
    """A proper answer, later."""

    seconds: Annotated[float, msgspec.Meta(ge=0)] = 1.0

    async def act(self, call: Call) -> bool:
        """Wait, then let the app answer."""
        await asyncio.sleep(self.seconds)
        await call.app(call.scope, call.receive, call.send)
        return True


class DripBody(Kind):
    """Headers at once, then the body at `rate` bytes a second."""

    rate: Rate = 1.0

    async def act(self, call: Call) -> bool:
        """Until it is through or the client has gone."""
        head, body = _written(call, await call.keep(), chunked=False)
        await _drip(call, head, body, self.rate)
        return True


class DripHeaders(Kind):
    """The whole answer from its first byte on at `rate` bytes a second."""

    rate: Rate = 1.0

    async def act(self, call: Call) -> bool:
        """Until it is through or the client has gone."""
        head, body = _written(call, await call.keep(), chunked=False)
        await _drip(call, b"", head + body, self.rate)
        return True


class CutBody(Kind):
    """Less body than promised: `after` is the share sent; `reset` ends with a TCP reset instead of a plain end."""

    after: Share = 0.5
    chunked: bool = False
    reset: bool = False

    async def act(self, call: Call) -> bool:
        """Promise, break off, hang up."""
        head, body = _written(call, await call.keep(), self.chunked)
        transport = transport_of(call.scope)
        transport.write(head + body[: int(len(body) * self.after)])
        if self.reset:
            await asyncio.sleep(_BEAT)
            transport.abort()
        await _hang_up(call)
        return True


def _written(call: Call, kept: Kept, chunked: bool) -> tuple[bytes, bytes]:
    """An answer as bytes: its head, and its body framed as the head says."""
    body = kept.body
    headers = [*kept.without(b"content-length"), *correl_headers(call.path), (b"connection", b"close")]
    if chunked:
        headers.append((b"transfer-encoding", b"chunked"))
        parts = [body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK)]
        body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    else:
        headers.append((b"content-length", str(len(body)).encode()))
    first = f"HTTP/1.1 {kept.status} {http.HTTPStatus(kept.status).phrase}\r\n".encode()
    return first + b"".join(name + b": " + value + b"\r\n" for name, value in headers) + b"\r\n", body


async def _drip(call: Call, at_once: bytes, rest: bytes, rate: float) -> None:
    transport = transport_of(call.scope)
    transport.write(at_once)
    step = max(1, int(rate * _BEAT))
    for start in range(0, len(rest), step):
        if transport.is_closing():
            break
        transport.write(rest[start : start + step])
        await asyncio.sleep(step / rate)
    await _hang_up(call)


async def _hang_up(call: Call) -> None:
    """Close, and wait until the server has seen it: a call that ends before counts as one without an answer."""
    transport_of(call.scope).close()
    while (await call.receive())["type"] != "http.disconnect":
        pass
