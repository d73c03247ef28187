"""The first step of every make target: a virtual environment with the pinned packages.

Run as a file by the machine's own Python, so it stands on the standard library alone and imports nothing of Thor;
its last act is to become `python -m thor.launch`.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
HOME = VENV / ".thor-home"
OLDEST, NEWEST = (3, 11), (3, 12)
RUN_FILES = ("requirements.txt",)
DEV_FILES = ("requirements.txt", "requirements-dev.txt")
DEV_COMMANDS = ("test", "lint", "schema", "bench", "lock")


def fail(sentence: str) -> None:
    """End with one sentence for the person at the keyboard."""
    raise SystemExit("thor: " + sentence)


def check_python() -> None:
    """Refuse a Python that the pinned packages were not compiled for."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        have = ".".join(str(part) for part in sys.version_info[:2])
        fail(f"this needs Python 3.11 or 3.12, and {sys.executable} is Python {have}.")


def venv_is_usable() -> bool:
    """Tell whether the environment was made here and its Python starts, fits and has pip."""
    if HOME.exists() and HOME.read_text() != str(VENV):
        return False  # the checkout was moved: the scripts in bin/ still name the old place
    code = f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    try:
        return subprocess.run([str(PYTHON), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Make the environment anew, or say what this Python lacks for it."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        version = ".".join(str(part) for part in sys.version_info[:2])
        fail(
            f"{sys.executable} cannot make a virtual environment: its ensurepip module is missing. "
            f"On Debian and Ubuntu `apt install python{version}-venv` brings it."
        )
    print("thor: making the virtual environment .venv", flush=True)
    shutil.rmtree(str(VENV), ignore_errors=True)
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
    if done.returncode != 0 or not venv_is_usable():
        fail(f"{sys.executable} could not make the virtual environment {VENV}; its words are above.")
    HOME.write_text(str(VENV))


def fingerprint(names: "tuple[str, ...]") -> str:
    """Return a digest of the requirement files and of where they are installed."""
    digest = hashlib.sha256(f"{VENV} {os.path.realpath(str(PYTHON))}".encode())
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def install(names: "tuple[str, ...]") -> None:
    """Install the pinned requirement files unless exactly these are installed already."""
    stamp = VENV / f".thor-{Path(names[-1]).stem}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == fingerprint(names):
        return
    if not venv_is_usable():
        make_venv()
    print(
        "thor: installing {} (the first time takes a minute or two)".format(" and ".join(names)), flush=True
    )
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    for name in names:
        command += ["-r", str(ROOT / name)]
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode != 0:
        fail("the Python packages could not be installed; pip's words are above.")
    stamp.write_text(fingerprint(names))


def end_with_make() -> None:
    """Ask Linux for a SIGTERM when make is killed: a desk must not outlive the command that started it."""
    if "MAKELEVEL" in os.environ and sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG; it survives exec


def clean() -> None:
    """Remove what was built or installed; .env, database, certificates and the stand-in's state stay."""
    keep = {"thor.sqlite3", "thor.sqlite3-wal", "thor.sqlite3-shm", "simulator.json", "tls"}
    made = [VENV, ROOT / "frontend" / "node_modules", ROOT / "frontend" / "dist"]
    made += [ROOT / name for name in (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis")]
    made += [path for path in (ROOT / "var").glob("*") if path.name not in keep]
    for path in made:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path), ignore_errors=True)
        elif path.exists():
            path.unlink()


def main() -> None:
    """Prepare the environment for one command and become it."""
    command = sys.argv[1] if len(sys.argv) > 1 else "run"
    end_with_make()
    check_python()
    if command == "clean":
        clean()
        return
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(DEV_FILES if command in DEV_COMMANDS else RUN_FILES)
    os.environ["PATH"] = os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", os.defpath)])
    os.environ["VIRTUAL_ENV"] = str(VENV)
    os.environ.pop("PYTHONHOME", None)
    os.chdir(str(ROOT))
    os.execv(str(PYTHON), [str(PYTHON), "-m", "thor.launch", command, *sys.argv[2:]])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
