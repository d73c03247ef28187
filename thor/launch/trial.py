"""A whole Thor in a copy of this checkout, started as `make run` starts it: for system, browser and load tests."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil

from thor.launch import node, ports
from thor.launch.guard import processes_of
from thor.launch.paths import ROOT, STAMPS

NOT_COPIED = (
    ".git",
    ".venv",
    ".env",
    "var",
    "node_modules",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
    "coverage",
)
KEPT_FROM_OUTSIDE = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "USER")
HOST = "127.0.0.1"


def free_port() -> int:
    """Return a TCP port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        number: int = probe.getsockname()[1]
        return number


def wait_until(true: Callable[[], object], seconds: float, what: str) -> None:
    """Wait until a condition holds; AssertionError naming it when it does not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"  # noqa: S101 - for tests
        time.sleep(0.05)


def copy_checkout(target: Path) -> Path:
    """Copy the checkout with its built front end, without what belongs to this place; return the copy."""
    node.build()
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*NOT_COPIED))
    (target / "var").mkdir(mode=0o700)
    shutil.copytree(STAMPS, target / "var" / "stamps")
    return target


class Desk:
    """One Thor with its stand-in in a folder of its own."""

    def __init__(
        self, folder: Path, settings: Mapping[str, str] | None = None, *, https: bool = False
    ) -> None:
        self.folder = folder
        self.port, self.simulator_port = free_port(), free_port()
        self.settings = dict(settings or {})
        self.https = https
        if https:
            self.settings["SCHWAB_CALLBACK_URL"] = f"{self.address}/api/schwab/oauth/callback/"
        self.log = folder / "var" / "launcher.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Return Thor's address without a slash at its end."""
        return f"http{'s' if self.https else ''}://{HOST}:{self.port}"

    @property
    def authority(self) -> Path:
        """Return the certificate that a client of an https desk trusts."""
        return self.folder / "var" / "tls" / "ca.pem"

    def trusting(self) -> ssl.SSLContext | None:
        """Return how a client that trusts the authority speaks to this desk; None for plain http."""
        return ssl.create_default_context(cafile=str(self.authority)) if self.https else None

    @property
    def simulator(self) -> str:
        """Return the stand-in's address without a slash at its end."""
        return f"http://{HOST}:{self.simulator_port}"

    def environment(self) -> dict[str, str]:
        """Return the environment of `make run`: nothing of a test's own settings is in it."""
        env = {name: os.environ[name] for name in KEPT_FROM_OUTSIDE if name in os.environ}
        env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
        quiet = {"SIMULATOR_AUTO_FILLS": "0"}  # nothing fills but what a test orders
        own = {"PORT": str(self.port), "SIMULATOR_PORT": str(self.simulator_port)}
        return {**env, **quiet, **own, **self.settings}

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the launcher without waiting for Thor."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "thor.launch", "run"],
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start(self, seconds: float = 60) -> None:
        """Start and wait until both servers answer."""
        self.process = self.launch()
        try:
            wait_until(self._is_up, seconds, f"Thor answers at {self.address}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log.read_text(errors='replace')[-4000:]}") from None

    def _is_up(self) -> bool:
        """Tell whether both answer; AssertionError when the launcher is gone."""
        if self.process is None or self.process.poll() is not None:
            raise AssertionError("the launcher has ended")
        if self.https and not self.authority.exists():
            return False
        thor = answers(f"{self.address}/healthz/live", self.trusting())
        return thor and answers(f"{self.simulator}/_control/state")

    def processes(self) -> dict[int, str]:
        """Return the command lines of everything that was started for this folder, the launcher not included."""
        found = {}
        for process in processes_of(self.folder):
            with suppress(psutil.Error):
                found[process.pid] = " ".join(process.cmdline())
        return found

    def pid_of(self, word: str) -> int | None:
        """Return the process whose command line holds a word, None when there is none now."""
        return next((pid for pid, line in self.processes().items() if word in line), None)

    def ports_are_free(self) -> bool:
        """Tell whether another server could take both ports."""
        return ports.is_free(HOST, self.port) and ports.is_free(HOST, self.simulator_port)

    def stop(self) -> None:
        """End everything, also after a test that failed halfway."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def answers(address: str, context: ssl.SSLContext | None = None) -> bool:
    """Tell whether a web server answers with success."""
    try:
        with urlopen(address, timeout=5, context=context) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except (HTTPError, URLError, OSError):
        return False


@contextmanager
def running(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Desk]:
    """Run a copy of the checkout for the length of a block."""
    desk = Desk(copy_checkout(folder), settings)
    try:
        desk.start()
        yield desk
    finally:
        desk.stop()
