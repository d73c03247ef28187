"""One measurement: open a crowd, publish, and see when, whether and at what cost every browser got it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis
from msgspec import Struct

from bench.fanout.sides import Side, World
from thor.launch.paths import ROOT

SIZE, LARGE = 519, 4_000
PATIENCE = 20.0


class Result(Struct):
    """What one side did. Milliseconds, microseconds of processor time for a delivery, kilobytes for a socket."""

    p50: float
    p99: float
    cpu: float
    delivered: int
    expected: int


def best(results: Sequence[Result]) -> Result:
    """Return the best of each figure over the rounds, and all deliveries."""
    return Result(
        p50=min(each.p50 for each in results),
        p99=min(each.p99 for each in results),
        cpu=min(each.cpu for each in results),
        delivered=sum(each.delivered for each in results),
        expected=sum(each.expected for each in results),
    )


class Audience:
    """The browsers of one side and the publisher who speaks to them."""

    def __init__(self, side: Side, world: World, process: subprocess.Popen[str], readers: int) -> None:
        self.side = side
        self.readers = readers
        self.kilobytes = 0.0
        self._process = process
        self._store = redis.Redis.from_url(world.redis_url)
        self._version = time.time_ns() // 1_000_000

    def publish(self, size: int = SIZE) -> None:
        """Publish one message of this size with the moment in it."""
        self._version += 1
        head = f'{{"type":"positions","account_id":1,"version":{self._version},"base_version":{self._version - 1},'
        head += f'"sent":{time.monotonic_ns()},"changed":["'
        self._store.publish(self.side.channel, head + "x" * (size - len(head) - 3) + '"]}')

    def wait(self, deliveries: int, seconds: float = PATIENCE) -> int:
        """Wait for so many deliveries; return how many there were."""
        return int(self._say(f"wait {deliveries} {seconds}"))

    def take(self) -> list[int]:
        """Return how late each delivery was, in nanoseconds, and begin anew."""
        found: dict[str, Any] = json.loads(self._say("take"))
        if found["lost"]:
            raise SystemExit(f"{self.side.name} closed {found['lost']} sockets")
        return list(found["late"])

    def settle(self) -> None:
        """Publish until one message reaches everybody: all subscriptions stand."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.take()
            self.publish()
            if self.wait(self.readers, 2.0) == self.readers:
                time.sleep(0.3)
                self.take()
                return
        raise SystemExit(f"{self.side.name} does not reach everybody")

    def run(self, messages: int) -> Result:
        """Publish one message after the other, each when the one before has arrived everywhere."""
        begun = self.side.cpu_seconds()
        for number in range(messages):
            self.publish()
            self.wait((number + 1) * self.readers)
            time.sleep(0.01)
        cpu = self.side.cpu_seconds() - begun
        late = sorted(self.take())
        at = len(late) - 1
        return Result(
            p50=late[at // 2] / 1e6,
            p99=late[int(at * 0.99)] / 1e6,
            cpu=cpu / len(late) * 1e6,
            delivered=len(late),
            expected=messages * self.readers,
        )

    def flood(self, messages: int) -> None:
        """Publish so much, as fast as the readers take it, that those who never read have their buffers full."""
        for number in range(messages):
            self.publish(LARGE)
            self.wait((number + 1) * self.readers)
        self.take()

    def blocked(self) -> int:
        """Return how many sockets of this side have unread bytes waiting in the kernel."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(int(row[1][-4:], 16) == self.side.port and int(row[4][:8], 16) > 0 for row in rows)

    def hear(self) -> str:
        """Return the crowd's next word."""
        return self._process.stdout.readline() if self._process.stdout else ""

    def _say(self, words: str) -> str:
        """Ask the crowd."""
        print(words, file=self._process.stdin, flush=True)
        return self.hear()


@contextmanager
def audience(side: Side, world: World, count: int, deaf: int = 0) -> Iterator[Audience]:
    """Open so many sockets to a side, some of which never read."""
    before = side.kilobytes()
    words = [str(side.port), world.cookie, side.channel, str(count), str(deaf)]
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.fanout.crowd", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        opened = Audience(side, world, process, count - deaf)
        if opened.hear() != "open\n":
            raise SystemExit(f"no crowd for {side.name}")
        opened.settle()
        opened.kilobytes = (side.kilobytes() - before) / count
        yield opened
    finally:
        process.kill()
        process.communicate()
