"""`make doctor`: the examination of the set-up, with the settings that the running Thor has."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from thor.launch import dotenv
from thor.launch.environment import make_plan
from thor.launch.guard import MARK, processes_of
from thor.launch.paths import ROOT, VAR, private, socket_directory


def remark(text: str) -> None:
    """Say something beside the findings, which may be read by a program."""
    print(f"thor: {text}", file=sys.stderr, flush=True)


def running(root: Path = ROOT) -> dict[str, str] | None:
    """Return the environment of this checkout's running Thor, None when it is not running."""
    for process in processes_of(root):
        with suppress(psutil.Error, OSError):
            env = process.environ()
            if env.get(MARK) == str(root):
                return env
    return None


def differing(env: dict[str, str], root: Path = ROOT) -> list[str]:
    """Return the names of settings that `.env` says otherwise than an environment does."""
    return [name for name, value in dotenv.read(root / ".env").items() if env.get(name) != value]


def environment() -> dict[str, str]:
    """Return the environment that the processes of `make run` have, or would get."""
    env = running()
    if env is None:
        remark("Thor is not running from this checkout; `make run` starts it.")
        dotenv.ensure(ROOT / ".env")
        return make_plan(socket_directory("run"), claim=False).env
    if names := differing(env):
        remark(
            f"the running Thor has another {', '.join(names)} than .env says; the next start reads it anew."
        )
    return env


def main(words: Sequence[str]) -> int:
    """Examine; returns 1 when something is wrong."""
    private(VAR)
    command = [sys.executable, "manage.py", "schwab_doctor", *words]
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode
