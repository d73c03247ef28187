"""Processes under the supervisor: what is due is restarted, once, and everything ends on a signal."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from thor.launch.paths import ROOT
from thor.launch.trial import wait_until

PROGRAM = """
import os, sys
from pathlib import Path
from thor.launch.environment import Plan
from thor.launch.supervise import Supervisor

folder = Path(sys.argv[1])
plan = Plan("127.0.0.1", 1, None, dict(os.environ), frozenset())
commands = {name: f"echo $$ >> {folder / name}; exec sleep 600" for name in ("web", "beat")}
commands = {name: f"sh -c '{command}'" for name, command in commands.items()}

def due():
    asked = folder / "due"
    was = asked.exists()
    asked.unlink(missing_ok=True)
    return was

supervisor = Supervisor(commands, plan, folder)
supervisor.restart_when("web", due, seconds=0.1)
supervisor.run(lambda: None)
"""


def started(folder: Path, name: str) -> list[str]:
    """Return the process ids under which a command was started so far."""
    path = folder / name
    return path.read_text().split() if path.exists() else []


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Return a supervisor of two processes in a process of its own."""
    env = dict(os.environ, PYTHONPATH=str(ROOT))
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_what_is_due_is_restarted_once_and_alone(supervised: subprocess.Popen[str], tmp_path: Path) -> None:
    """A new certificate reaches the web process; the others go on."""
    wait_until(lambda: started(tmp_path, "web") and started(tmp_path, "beat"), 20, "both run")
    (tmp_path / "due").touch()
    wait_until(lambda: len(started(tmp_path, "web")) == 2, 10, "web was restarted")
    assert not Path(f"/proc/{started(tmp_path, 'web')[0]}").exists()
    supervised.send_signal(signal.SIGTERM)
    said, _ = supervised.communicate(timeout=15)
    assert supervised.returncode == 0
    assert said.count("restarting web") == 1
    assert (len(started(tmp_path, "web")), len(started(tmp_path, "beat"))) == (2, 1)
    assert not [
        pid for name in ("web", "beat") for pid in started(tmp_path, name) if Path(f"/proc/{pid}").exists()
    ]


def test_those_that_end_at_once_are_all_started_again(
    supervised: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Their successors' pipes get each other's file numbers, several times over."""

    def both_ran(times: int) -> bool:
        return all(len(started(tmp_path, name)) == times for name in ("web", "beat"))

    for times in range(1, 5):
        wait_until(partial(both_ran, times), 20, f"both run for the {times}. time")
        for name in ("web", "beat"):
            os.kill(int(started(tmp_path, name)[-1]), signal.SIGKILL)
    wait_until(lambda: len(started(tmp_path, "web")) == 5, 20, "web runs again")
    supervised.send_signal(signal.SIGTERM)
    said, _ = supervised.communicate(timeout=15)
    assert "added twice" not in said
