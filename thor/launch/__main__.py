"""The make targets, one function each, inside the virtual environment."""

import os
import subprocess
import sys
from collections.abc import Callable

from thor.launch import dotenv
from thor.launch.console import fail
from thor.launch.paths import ROOT, VAR

# Words of the machine's package index would not mean anything elsewhere, so none are written into the files.
PIP_COMPILE = [sys.executable, "-m", "piptools", "compile", "--quiet", "--strip-extras", "--allow-unsafe"]
PIP_COMPILE += ["--annotation-style=line", "--no-emit-options"]
PIP_COMPILE += ["--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links"]


def run(_: list[str]) -> int:
    """Start Thor."""
    from thor.launch.run import run as start

    start()
    return 0


def test(words: list[str]) -> int:
    """Run the tests."""
    from thor.launch.testing import main

    return main(words)


def lint(_: list[str]) -> int:
    """Run every check that is no test."""
    from thor.launch.checks import main

    return main()


def schema(_: list[str]) -> int:
    """Write the API schema and the types made from it."""
    from thor.launch.schema import write

    write()
    return 0


def user(_: list[str]) -> int:
    """Make a user at the keyboard."""
    VAR.mkdir(mode=0o700, exist_ok=True)
    dotenv.ensure(ROOT / ".env")
    for words in (["migrate", "--verbosity", "0"], ["createsuperuser"]):
        code = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


def doctor(words: list[str]) -> int:
    """Say what is wrong with the set-up."""
    from thor.launch.doctor import main

    return main(words)


def bench(words: list[str]) -> int:
    """Measure, each line against its floor."""
    return subprocess.run([sys.executable, "-m", "bench", *words], cwd=ROOT, check=False).returncode


def lock(words: list[str]) -> int:
    """Compile the requirement files."""
    env = dict(os.environ, CUSTOM_COMPILE_COMMAND="make lock")
    for name in ("requirements", "requirements-dev"):
        command = [*PIP_COMPILE, *words, "--output-file", f"{name}.txt", f"{name}.in"]
        code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
        if code:
            return code
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    command.__name__: command for command in (run, test, lint, schema, user, doctor, bench, lock)
}


def main() -> int:
    """Run the command named first."""
    name, words = (sys.argv[1:2] or ["run"])[0], sys.argv[2:]
    if name not in COMMANDS:
        fail(f"{name} is none of {', '.join(COMMANDS)}.")
    return COMMANDS[name](words)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
