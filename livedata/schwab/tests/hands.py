"""Steers processes of Thor: starts them, waits until they stop, pauses them, goes on with them, kills them."""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from queue import Empty, Queue
from threading import Thread
from typing import Any

import psutil
from django.conf import settings
from django.db import connection as database

from livedata.schwab.tests.served import PATIENCE

Words = dict[str, Any]
PLENTY = {"THOR_CALLS_PER_MINUTE": "100000", "THOR_CALLS_PER_MINUTE_ALONE": "100000"}


def database_url() -> str:
    """Return the address of the tests' own database."""
    name = database.settings_dict["NAME"]
    if database.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"


def environment(redis_url: str, **more: str) -> dict[str, str]:
    """Return the environment of a process that works on the tests' database."""
    return {**os.environ, "DATABASE_URL": database_url(), "REDIS_URL": redis_url, **PLENTY, **more}


def eventually(what: Callable[[], Any], why: str = "it did not happen", seconds: float = PATIENCE) -> Any:
    """Wait until something is true and return it."""
    ends = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < ends, why
        time.sleep(0.002)
    return found


class Hand:
    """One process."""

    def __init__(self, name: str, words: "Queue[Words]") -> None:
        self.name = name
        self._words = words
        self.process = psutil.Process(self._next("pid"))

    def stopped(self) -> str | None:
        """Wait until it has stopped itself and return where; None when it came to its end without."""
        words = self._words.get(timeout=PATIENCE)
        if "at" not in words:
            self._words.put(words)
            return None
        self._stands()
        return str(words["at"])

    def pause(self) -> None:
        """Stop it wherever it is."""
        self.process.suspend()
        self._stands()

    def go_on(self) -> None:
        """Let it go on."""
        self.process.resume()

    def kill(self) -> None:
        """End it as a power cut does."""
        with suppress(psutil.NoSuchProcess):  # nor is it another one by now that has its number
            self.process.kill()
        eventually(lambda: not self.process.is_running(), "it did not die")

    def result(self, seconds: float = 0) -> Any:
        """Wait for its end, which may take so long, and return what it said."""
        return self._next("done", seconds)

    def _stands(self) -> None:
        """Wait until the system has stopped it."""
        eventually(lambda: self.process.status() == psutil.STATUS_STOPPED, "it did not stop")

    def _next(self, key: str, seconds: float = 0) -> Any:
        try:
            words = self._words.get(timeout=PATIENCE + seconds)
        except Empty:
            raise AssertionError(f"{self.name} said nothing") from None
        return words[key]


class Hands:
    """All processes of a test; see `hand`. `given` holds the settings that each is given."""

    def __init__(self, env: dict[str, str]) -> None:
        self.given: dict[str, Any] = {}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "livedata.schwab.tests.hand"],
            cwd=settings.BASE_DIR,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._words: defaultdict[str, Queue[Words]] = defaultdict(Queue)
        self._numbers = count(1)
        self._all: list[Hand] = []
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._words[""].get(timeout=PATIENCE)["ready"]

    def start(
        self, do: str, *args: Any, stop: str | int | None = None, first: str = "", **given: Any
    ) -> Hand:
        """Start a process that does something; it stops itself at a point, or after so many statements that write.

        `first` is a statement for PostgreSQL, said before all others; `given` are settings.
        """
        name = f"{do} {next(self._numbers)}"
        job: Words = {"name": name, "do": do, "args": args, "stop": stop, "first": first}
        job["settings"] = self.given | given
        assert self._process.stdin
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        hand = Hand(name, self._words[name])
        self._all.append(hand)
        return hand

    def kill(self) -> None:
        """End those that are still there."""
        for hand in self._all:
            hand.kill()
        self._all.clear()

    def close(self) -> None:
        """End them all, and who starts them."""
        self.kill()
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self._process.stdout
        self._process.stdout.close()

    def _read(self) -> None:
        """Sort the lines by who said them."""
        assert self._process.stdout
        for line in self._process.stdout:
            words = json.loads(line)
            self._words[words["name"]].put(words)


@contextmanager
def hands_in(env: dict[str, str]) -> Iterator[Hands]:
    """Have processes at hand for the length of a block."""
    hands = Hands(env)
    try:
        yield hands
    finally:
        hands.close()
