"""`make lint`: every check that is no test, each with its name and its verdict."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from thor.launch import node
from thor.launch.paths import FRONTEND, ROOT
from thor.launch.schema import settings_for_tools

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Check:
    """One command that exits with 0 when all is well."""

    name: str
    command: list[str]
    folder: Path = ROOT


CHECKS = (
    Check("ruff", [str(BIN / "ruff"), "check", "."]),
    Check("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
    Check("mypy", [str(BIN / "mypy"), "."]),
    Check("layers", [str(BIN / "lint-imports"), "--no-cache"]),
    Check("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
    Check("eslint", ["npm", "run", "--silent", "lint"], FRONTEND),
    Check("tsc", ["npm", "run", "--silent", "typecheck"], FRONTEND),
    Check("schema and types", [sys.executable, "-m", "thor.launch.schema"]),
)


def run(check: Check) -> bool:
    """Run one check; what it printed is shown only when it failed."""
    begun = time.monotonic()
    env = node.environment() if check.folder == FRONTEND else settings_for_tools()
    done = subprocess.run(
        check.command,
        cwd=check.folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{check.name:<20} {verdict:<7} {time.monotonic() - begun:6.1f} s", flush=True)
    if done.returncode != 0:
        print(done.stdout, flush=True)
    return done.returncode == 0


def main() -> int:
    """Run every check, also after one failed; 0 when all are well."""
    node.install()
    verdicts = [run(check) for check in CHECKS]
    return 0 if all(verdicts) else 1
