"""The suites of `make test`: which command each one runs, and in which environment."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from thor.launch import node
from thor.launch.paths import FRONTEND, ROOT, VAR

REPORTS = VAR / "test"
PYTEST = [sys.executable, "-m", "pytest", "-q"]
# A file's tests stay together: some share a server of theirs. Each worker has a database and a Redis of its own.
# One worker more than processors: some tests wait for processes of their own.
SPREAD = ["-n", str(min(os.cpu_count() or 1, 4) + 1), "--dist", "loadfile"]
THIS_MACHINE = {"NO_PROXY": "*", "no_proxy": "*"}  # a machine's proxy is no part of a test


@dataclass(frozen=True)
class Suite:
    """One run of one test runner; it leaves a JUnit report."""

    name: str
    command: list[str]
    folder: Path
    env: dict[str, str]
    report: Path


def _pytest(name: str, slug: str, words: Sequence[str], env: dict[str, str]) -> Suite:
    """Return a pytest run."""
    report = REPORTS / f"{slug}.xml"
    command = [*PYTEST, f"--junitxml={report}", "-o", "junit_family=xunit2", *words]
    return Suite(name, command, ROOT, {**THIS_MACHINE, **env}, report)


def quick(redis: str, words: Sequence[str]) -> list[Suite]:
    """Return the Python tests alone, on SQLite, with the caller's own words for pytest."""
    return [_pytest("python (SQLite)", "quick", words, {"THOR_TEST_REDIS_URL": redis})]


def everything(redis: str, postgres: str) -> list[list[list[Suite]]]:
    """Return every suite: stages one after the other, each of lanes side by side.

    The launcher's and the stand-in's tests know no database and run once. What starts a whole Thor mostly waits for
    it, so it has a lane beside what computes.
    """
    store = {"THOR_TEST_REDIS_URL": redis}
    spread = [*SPREAD, "thor/tests", "livedata", "actandpos", "desk"]
    report = REPORTS / "vitest.xml"
    vitest = [
        "npx",
        "vitest",
        "run",
        "--reporter=default",
        "--reporter=junit",
        f"--outputFile.junit={report}",
    ]
    # A DATABASE_URL of the caller's environment is not what the SQLite suites are about.
    sqlite = {**store, "DATABASE_URL": "sqlite:///:memory:"}
    computing = [
        _pytest("launcher", "launcher", [*SPREAD, "thor/launch"], sqlite),
        _pytest("stand-in", "simulator", [*SPREAD, "simulator"], sqlite),
        Suite("front end", vitest, FRONTEND, {"PATH": node.environment()["PATH"]}, report),
    ]
    waiting = [
        _pytest("whole system", "system", ["-m", "system"], sqlite),
        _pytest("browser", "browser", ["-m", "browser"], sqlite),
    ]
    return [
        [[_pytest("python (SQLite)", "sqlite", spread, sqlite)]],
        [[_pytest("python (PostgreSQL)", "postgresql", spread, {**store, "DATABASE_URL": postgres})]],
        [computing, waiting],
    ]
