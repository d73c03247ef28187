"""Work that is done only when its inputs changed, told by a digest of their content."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from thor.launch.paths import ROOT, STAMPS

NOT_SOURCES = {"node_modules", "dist", "coverage", "__pycache__", ".git", ".vite"}


def files_under(folder: Path) -> list[Path]:
    """Return the source files of a folder in a stable order, without what tools make in it."""
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name in NOT_SOURCES:
            continue
        if path.is_dir():
            found += files_under(path)
        elif path.is_file() and path.suffix != ".tsbuildinfo":
            found.append(path)
    return found


def digest_of(files: list[Path], *words: str) -> str:
    """Return one digest of names and contents of files and of some words; a missing file counts as such."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in files:
        content = path.read_bytes() if path.exists() else b"missing"
        name = str(path.relative_to(ROOT))
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


@contextmanager
def when_changed(name: str, digest: str, *results: Path) -> Iterator[bool]:
    """Yield whether the work called `name` must be done; remembers the digest when the block ends well.

    It must when its inputs have another digest than last time or one of its results is missing. Two launchers
    never do the same work at once: the second waits and then finds it done.
    """
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp = STAMPS / name
    with (STAMPS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = stamp.read_text() if stamp.exists() else ""
        needed = before != digest or not all(path.exists() for path in results)
        yield needed
        if needed:
            stamp.write_text(digest)
