"""`make test`: every suite against real servers of its own, one table, one plain count as the last line."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from thor.launch import browser, node, servers, suites, summary
from thor.launch.console import say
from thor.launch.paths import VAR, private, socket_directory
from thor.launch.postgres import postgres

GRACE = 10  # seconds a test run has to end its own servers after a signal


def outside() -> dict[str, str]:
    """Return this environment without the settings module: pytest-django would load it before the tests' settings."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


@dataclass(frozen=True)
class Running:
    """A suite under way; `words` is the file that keeps what it says, null when it says it at once."""

    suite: suites.Suite
    process: subprocess.Popen[bytes]
    begun: float
    words: Path | None


def start(suite: suites.Suite, *, aside: bool = False) -> Running:
    """Start one suite in a process group of its own; `aside` keeps its words until it has ended."""
    suite.report.parent.mkdir(parents=True, exist_ok=True)
    suite.report.unlink(missing_ok=True)
    words = suite.report.with_suffix(".txt") if aside else None
    if words is None:
        print(f"\n=== {suite.name}", flush=True)
    with nullcontext() if words is None else words.open("wb") as output:
        process = subprocess.Popen(
            suite.command,
            cwd=suite.folder,
            env={**outside(), **suite.env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=servers.end_with_parent(),  # noqa: PLW1509 - the launcher has one thread
        )
    return Running(suite, process, time.monotonic(), words)


def finish(running: Running) -> summary.Result:
    """Say what a suite that has ended kept to itself, end what is left of it, and return its count."""
    seconds = time.monotonic() - running.begun
    end_group(running.process)
    if running.words is not None:
        print(
            f"\n=== {running.suite.name} (ran aside)\n{running.words.read_text(errors='replace')}", flush=True
        )
    return summary.read_report(running.suite.name, running.suite.report, running.process.returncode, seconds)


def run_lanes(lanes: Sequence[Sequence[suites.Suite]]) -> list[summary.Result]:
    """Run lanes of suites side by side, each lane's suites one after the other."""
    waiting = [list(lane) for lane in lanes]
    under_way: dict[int, Running] = {}
    results: list[summary.Result] = []
    try:
        while any(waiting) or under_way:
            for number, lane in enumerate(waiting):
                if number in under_way and under_way[number].process.poll() is not None:
                    results.append(finish(under_way.pop(number)))
                if number not in under_way and lane:
                    under_way[number] = start(lane.pop(0), aside=number > 0)
            time.sleep(0.1)
    finally:
        for running in under_way.values():
            end_group(running.process)
    return results


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a test run: by Ctrl-C's signal first, so that its fixtures clean up."""
    try:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _terminate(number: int, _: FrameType | None) -> None:
    """Turn a SIGTERM into an ordinary end, so that every server that was started is stopped."""
    raise SystemExit(128 + number)


@contextmanager
def alone() -> Iterator[None]:
    """Let one test run after the other use this checkout's servers and reports."""
    with (VAR / "test.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another test run of this checkout is under way; waiting for its end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run_all(words: Sequence[str]) -> list[summary.Result]:
    """Prepare what the suites need and run them."""
    sockets = socket_directory("test")
    if words:
        with servers.redis(sockets) as redis:
            return run_lanes([suites.quick(redis, words)])
    node.install()
    node.build()
    say(f"browser tests use {browser.find().version()}")
    with servers.redis(sockets) as redis, postgres() as database:
        return [result for lanes in suites.everything(redis, database) for result in run_lanes(lanes)]


def main(words: Sequence[str]) -> int:
    """Run the tests; words go to pytest and restrict the run to the Python tests. Returns the exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    private(VAR)
    with alone():
        results = run_all(words)
    print(f"\n{summary.table(results)}\n")
    print(summary.last_line(results), flush=True)
    sys.stdout.flush()
    return 0 if all(result.good for result in results) else 1
