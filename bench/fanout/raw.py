"""The floor: a WebSocket server of bare asyncio protocols. It knows no users, no channels and no slow readers."""

import asyncio
import base64
import hashlib
import struct
import sys
from typing import cast

import redis.asyncio

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
crowd: set[asyncio.Transport] = set()


class Raw(asyncio.Protocol):
    """Answers the handshake and ignores whatever is sent later."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.head = b""

    def data_received(self, data: bytes) -> None:
        if self.transport in crowd:
            return
        self.head += data
        if b"\r\n\r\n" not in self.head:
            return
        lines = dict(line.split(b": ", 1) for line in self.head.split(b"\r\n")[1:] if b": " in line)
        key = lines[b"Sec-WebSocket-Key"].strip()
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())  # noqa: S324 (RFC 6455 asks for it)
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        crowd.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        crowd.discard(self.transport)


def frame(payload: bytes) -> bytes:
    """Return one unmasked text frame."""
    size = len(payload)
    head = bytes([0x81, size]) if size < 126 else bytes([0x81, 126]) + struct.pack("!H", size)
    return head + payload


async def serve(port: int, redis_url: str, channel: str) -> None:
    """Write every message of the channel to every connection, framed once."""
    server = await asyncio.get_running_loop().create_server(Raw, "127.0.0.1", port, backlog=2048)
    async with server, redis.asyncio.Redis.from_url(redis_url).pubsub() as bus:
        await bus.subscribe(channel)
        async for message in bus.listen():
            if message["type"] == "message":
                whole = frame(message["data"])
                for transport in crowd:
                    transport.write(whole)


if __name__ == "__main__":
    loop = sys.argv[4]
    if loop == "uvloop":
        import uvloop

        uvloop.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
    else:
        asyncio.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
