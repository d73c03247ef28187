"""`make test`: every suite against real servers of its own, one table, one plain count as the last line."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from thor.launch import browser, node, servers, suites, summary
from thor.launch.console import say
from thor.launch.paths import VAR, private, socket_directory
from thor.launch.postgres import postgres

GRACE = 10  # seconds a test run has to end its own servers after a signal


def outside() -> dict[str, str]:
    """Return this environment without the settings module: pytest-django would load it before the tests' settings."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def run(suite: suites.Suite) -> summary.Result:
    """Run one suite in a process group of its own and return its count."""
    suite.report.parent.mkdir(parents=True, exist_ok=True)
    suite.report.unlink(missing_ok=True)
    print(f"\n=== {suite.name}", flush=True)
    begun = time.monotonic()
    process = subprocess.Popen(
        suite.command,
        cwd=suite.folder,
        env={**outside(), **suite.env},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=servers.end_with_parent(),  # noqa: PLW1509 - the launcher has one thread
    )
    try:
        code = process.wait()
    finally:
        end_group(process)
    return summary.read_report(suite.name, suite.report, code, time.monotonic() - begun)


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
    """Prepare what the suites need and run them one after the other."""
    sockets = socket_directory("test")
    if words:
        with servers.redis(sockets) as redis:
            return [run(suite) for suite in suites.quick(redis, words)]
    node.install()
    node.build()
    say(f"browser tests use {browser.find().version()}")
    with servers.redis(sockets) as redis, postgres() as database:
        return [run(suite) for suite in suites.everything(redis, database)]


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
