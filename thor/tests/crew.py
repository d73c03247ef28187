"""The Procfile's own worker and beat as processes of a test, and a Redis that may be killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from livedata.schwab.tests.hands import environment
from livedata.schwab.tests.served import PATIENCE, ServedSchwab
from thor.launch import servers

QUICK = {
    **{f"THOR_SYNC_SECONDS_{name}": "2" for name in ("REGULAR", "PRE", "POST", "CLOSED", "HOLIDAY")},
    "THOR_SYNC_TICK": "1",
    "THOR_SYNC_LEASE": "4",
}
"""A sync every two seconds and a lease that a test can wait for. Messages expire after as long: a busy machine must
be given the time to take them in."""


class Crew:
    """Starts and ends processes by the name of their line."""

    def __init__(self, folder: Path, schwab: ServedSchwab) -> None:
        self.folder = folder
        self.schwab = schwab
        self.socket = folder / "redis.sock"
        self.url = servers.redis_url(self.socket)
        self._all: list[subprocess.Popen[bytes]] = []
        self._last: dict[str, subprocess.Popen[bytes]] = {}
        self.ended: list[str] = []
        self.redis = self.start_redis()

    def start_redis(self) -> "subprocess.Popen[bytes]":
        """Start a Redis as the Procfile does; it remembers nothing of an earlier one."""
        words = [servers.redis_program(), "--unixsocket", str(self.socket), *servers.REDIS_OPTIONS]
        self.socket.unlink(missing_ok=True)
        with (self.folder / "redis.log").open("ab") as log:
            self.redis = servers.start([*words, "--dir", str(self.folder)], log)
        self._all.append(self.redis)
        servers.wait_for(self.socket, self.redis)
        return self.redis

    def start(self, name: str) -> "subprocess.Popen[bytes]":
        """Start the process of a line; its words are in a log of its number."""
        lines = (Path(settings.BASE_DIR) / "Procfile").read_text().splitlines()
        command = next(line.partition(": ")[2] for line in lines if line.startswith(f"{name}:"))
        place = self.folder / f"{name}-{len(self._all)}"
        command = command.replace("var/beat-schedule", f"{place}-schedule").replace("warning", "info")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        own = environment(self.url, SCHWAB_BASE_URL=self.schwab.url, PATH=path, **QUICK)
        with place.with_suffix(".log").open("wb") as log:
            process = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command}"],
                cwd=settings.BASE_DIR,
                env=own,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=servers.end_with_parent(),  # noqa: PLW1509 - it was made ready before the fork
            )
        self._all.append(process)
        self._last[name] = process
        return process

    def look_after(self) -> None:
        """Start again what ended, as the launcher does."""
        for name, process in list(self._last.items()):
            if process.poll() is not None:
                self.ended.append(name)
                self.start(name)

    def last(self, name: str) -> "subprocess.Popen[bytes]":
        """Return the process of a name that was started last."""
        return self._last[name]

    def said(self, name: str, words: str) -> list[int]:
        """Return how often each process of a name said something."""
        return [each.read_text().count(words) for each in sorted(self.folder.glob(f"{name}-*.log"))]

    def close(self) -> None:
        """End them all."""
        for process in self._all:
            kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process as a power cut does."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)


@contextmanager
def crew_in(folder: Path, schwab: ServedSchwab) -> Iterator[Crew]:
    """Have a crew for the length of a block."""
    crew = Crew(folder, schwab)
    try:
        yield crew
    finally:
        crew.close()
