"""Where this checkout keeps what it makes, and a place for sockets whose path is short enough."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var"
STAMPS = VAR / "stamps"
FRONTEND = ROOT / "frontend"
LONGEST_SOCKET = 99  # a unix socket's address holds 107 bytes on Linux, 103 on macOS
LONGEST_NAME = "/postgresql/.s.PGSQL.5432"


def private(directory: Path) -> Path:
    """Make a directory that only its owner may enter and return it; PermissionError when it is another user's."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = directory.lstat()
    if directory.is_symlink() or status.st_uid != os.getuid():
        raise PermissionError(f"{directory} belongs to somebody else; remove it or set TMPDIR")
    directory.chmod(0o700)
    return directory


def socket_directory(name: str, root: Path = ROOT) -> Path:
    """Return a private directory for unix sockets: in the checkout's var/, or under the temporary directory.

    The second is taken when the checkout lies too deep for a socket's address; its name is derived from the
    checkout's path, so that two checkouts never share one.
    """
    inside = root / "var" / name
    if len(os.fsencode(str(inside) + LONGEST_NAME)) <= LONGEST_SOCKET:
        return private(inside)
    digest = hashlib.sha256(os.fsencode(str(root))).hexdigest()[:12]
    outside = f"thor-{os.getuid()}-{digest}-{name}"
    for base in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - the directory is private
        if len(os.fsencode(str(base / outside) + LONGEST_NAME)) <= LONGEST_SOCKET:
            return private(base / outside)
    raise OSError("no directory with a short enough path for a unix socket; set TMPDIR to a short one")
