"""Many browsers in one process: opens sockets, reads what comes and notes how late each message was.

Speaks by lines: prints `open`, then for each line on its input: `wait N` answers when N deliveries have come since
the last `take`; `take` answers with the deliveries since the last one, as JSON.
"""

import json
import os
import select
import socket
import struct
import sys
import time

MARK = b'"sent":'
PING, PONG = 0x89, 0x8A


class Crowd:
    """Sockets that read, and sockets that never do."""

    def __init__(self, port: int, cookie: str, channel: str) -> None:
        self._port = port
        self._cookie = cookie
        self._channel = channel
        self._poll = select.epoll()
        self._reading: dict[int, tuple[socket.socket, bytearray]] = {}
        self._deaf: list[socket.socket] = []
        self.late: list[int] = []
        self.lost = 0

    def open(self, count: int, deaf: int) -> None:
        """Open so many, the deaf ones spread among them."""
        every = count // deaf if deaf else count + 1
        for number in range(count):
            is_deaf = number % every == every - 1
            browser = self._handshake(is_deaf)
            if is_deaf:
                self._deaf.append(browser)
            else:
                browser.setblocking(False)
                self._poll.register(browser.fileno(), select.EPOLLIN)
                self._reading[browser.fileno()] = (browser, bytearray())

    def _handshake(self, is_deaf: bool) -> socket.socket:
        browser = socket.socket()
        if is_deaf:
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        browser.connect(("127.0.0.1", self._port))
        browser.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = f"127.0.0.1:{self._port}"
        head = (
            f"GET /ws/live/ HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {self._cookie}\r\n"
        )
        more = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        browser.sendall((head + more + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += browser.recv(1)
        if b" 101 " not in answer:
            raise SystemExit(answer.decode())
        text = json.dumps({"action": "subscribe", "channels": [self._channel]}).encode()
        browser.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
        return browser

    def read(self, timeout: float) -> None:
        """Read what there is."""
        for number, _ in self._poll.poll(timeout):
            browser, waiting = self._reading[number]
            data = browser.recv(262_144)
            now = time.monotonic_ns()
            if not data:
                self._poll.unregister(number)
                self.lost += 1
                continue
            if waiting:
                waiting += data
                data = bytes(waiting)
            used = self._frames(browser, data, now)
            waiting[:] = data[used:]

    def _frames(self, browser: socket.socket, data: bytes, now: int) -> int:
        """Note the messages in whole frames, answer pings; return how many bytes they took."""
        at = 0
        while len(data) - at >= 2:
            size, start = data[at + 1], at + 2
            if size == 126:
                (size,), start = struct.unpack_from("!H", data.ljust(at + 4, b"\0"), at + 2), at + 4
            elif size == 127:
                (size,), start = struct.unpack_from("!Q", data.ljust(at + 10, b"\0"), at + 2), at + 10
            if len(data) < start + size:
                break
            if data[at] == PING:
                browser.sendall(bytes([PONG, 0x80 | size, 0, 0, 0, 0]) + data[start : start + size])
            found = data.find(MARK, start, start + size)
            if found >= 0:
                self.late.append(now - int(data[found + len(MARK) : data.index(b",", found)]))
            at = start + size
        return at


def main() -> None:
    """Obey the lines."""
    port, cookie, channel, count, deaf = sys.argv[1:]
    crowd = Crowd(int(port), cookie, channel)
    crowd.open(int(count), int(deaf))
    print("open", flush=True)
    orders = select.poll()
    orders.register(sys.stdin.fileno(), select.POLLIN)
    wanted: int | None = None
    deadline = 0.0
    while True:
        crowd.read(0.005)
        if wanted is not None:
            if len(crowd.late) >= wanted or time.monotonic() > deadline:
                print(len(crowd.late), flush=True)
                wanted = None
        elif orders.poll(0):
            line = os.read(sys.stdin.fileno(), 64).split()
            if not line:
                return
            if line[0] == b"wait":
                wanted, deadline = int(line[1]), time.monotonic() + float(line[2])
            else:
                print(json.dumps({"late": crowd.late, "lost": crowd.lost}), flush=True)
                crowd.late = []


if __name__ == "__main__":
    main()
