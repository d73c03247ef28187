"""The servers that are compared: how each is started, and what it costs while it runs."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from msgspec import Struct

from thor.launch import servers
from thor.launch.paths import ROOT, VAR

GUEST = VAR / "bench-venv" / "bin" / "python"
"""An environment of its own for what Thor does not depend on."""
GUESTS = ("granian", "channels", "channels_redis", "daphne")
GRANIAN = ["--interface", "asgi", "--ws", "--workers", "1", "--runtime-threads", "1", "--no-access-log"]


class World(Struct):
    """What the sides share."""

    folder: Path
    redis_url: str
    env: dict[str, str]
    cookie: str
    channels: list[str]
    """One for each side, so that a publish wakes one server alone."""


class Side(Struct):
    """One running server."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    channel: str

    def cpu_seconds(self) -> float:
        """Return the processor time of all its threads."""
        threads = [thread for folder in self._folders() for thread in (folder / "task").iterdir()]
        return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9

    def kilobytes(self) -> int:
        """Return its memory (Rss)."""
        lines = [
            line for each in self._folders() for line in (each / "smaps_rollup").read_text().splitlines()
        ]
        return sum(int(line.split()[1]) for line in lines if line.startswith("Rss:"))

    def _folders(self) -> list[Path]:
        """Return where Linux tells of the server and of the workers that it started."""
        pid = self.process.pid
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [Path(f"/proc/{each}") for each in (pid, *workers)]


def make_world(folder: Path, redis_url: str) -> World:
    """Make a database of its own with one user and one account."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "thor.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "REDIS_URL": redis_url,
        "SECRET_KEY": "only-for-the-benchmark-" + "x" * 40,
        "TOKEN_ENCRYPTION_KEYS": "bm90LWEtc2VjcmV0LW9ubHktZm9yLXRoZS10ZXN0cyE=",
        "ALLOWED_HOSTS": "127.0.0.1",
        "THOR_LIVE_SOCKETS": "100000",
        "THOR_LIVE_SEND_TIMEOUT": "600",  # the deaf ones stay: what is measured is that they hinder nobody
    }
    words = [sys.executable, "-m", "bench.fanout.world"]
    made = json.loads(subprocess.run(words, cwd=ROOT, env=env, check=True, capture_output=True).stdout)
    return World(
        folder, redis_url, env, made["cookie"], [f"live_data:positions:{pk}" for pk in made["accounts"]]
    )


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(name: str, world: World, words: list[str]) -> Iterator[Side]:
    """Run a server for the length of a block; `{port}` and `{channel}` in its words are its own."""
    env = guest_env(world) if words[0] == str(GUEST) else world.env
    port, channel = free_port(), world.channels.pop()
    log: IO[bytes]
    with (world.folder / f"{name.split(maxsplit=1)[0]}.log").open("wb") as log:
        process = subprocess.Popen(
            [word.replace("{port}", str(port)).replace("{channel}", channel) for word in words],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
            preexec_fn=servers.end_with_parent(),  # noqa: PLW1509 (this process has one thread)
        )
    try:
        _wait(process, port)
        yield Side(name, process, port, channel)
    finally:
        servers.end(process)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until a server listens."""
    deadline = time.monotonic() + 30
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"a server did not start: {process.args!r}")
        time.sleep(0.05)


def raw(world: World, loop: str) -> list[str]:
    """Return the command of the floor."""
    return [sys.executable, "-m", "bench.fanout.raw", "{port}", world.redis_url, "{channel}", loop]


def uvicorn() -> list[str]:
    """Return Thor's web process, word for word as in the Procfile."""
    line = next(each for each in (ROOT / "Procfile").read_text().splitlines() if each.startswith("web:"))
    words = (
        line.removeprefix("web:").replace('"', "").replace("$HOST", "127.0.0.1").replace("$PORT", "{port}")
    )
    return [sys.executable, "-m", *words.split()]


def has_guests() -> bool:
    """Tell whether the other servers can be run; say how to get them when not."""
    if not GUEST.exists():
        print(f"\nLeft out: granian and Channels. They run from {GUEST.parents[1]} with {' '.join(GUESTS)}.")
    return GUEST.exists()


def granian() -> list[str]:
    """Return Thor on granian."""
    where = ["--host", "127.0.0.1", "--port", "{port}"]
    return [str(GUEST), "-m", "granian", *GRANIAN, *where, "thor.asgi:application"]


def channels(server: str) -> list[str]:
    """Return Django Channels on uvicorn or daphne."""
    where = "bench.fanout.channels_app:application"
    if server == "daphne":
        return [str(GUEST), "-m", "daphne", "-b", "127.0.0.1", "-p", "{port}", where]
    options = ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--no-access-log"]
    return [str(GUEST), "-m", "uvicorn", where, "--host", "127.0.0.1", "--port", "{port}", *options]


def guest_env(world: World) -> dict[str, str]:
    """Return an environment in which the guests find Thor's packages after their own."""
    packages = next(each for each in sys.path if each.endswith("site-packages"))
    return {
        **world.env,
        "PYTHONPATH": os.pathsep.join([str(ROOT), packages]),
        "BENCH_CHANNEL": world.channels[-1],
    }
