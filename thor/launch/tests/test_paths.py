"""Sockets lie in a private place whose path fits into a socket's address."""

import os
import socket
from pathlib import Path

import pytest

from thor.launch import paths


def test_in_the_checkout_when_short(tmp_path: Path) -> None:
    """A short checkout keeps its sockets itself."""
    root = Path("/tmp") / f"t{os.getpid()}"
    try:
        assert paths.socket_directory("run", root) == root / "var" / "run"
        assert (root / "var" / "run").stat().st_mode & 0o777 == 0o700
    finally:
        for folder in (root / "var" / "run", root / "var", root):
            folder.rmdir()


def test_elsewhere_when_deep_and_never_shared(tmp_path: Path) -> None:
    """A deep checkout gets a folder of its own under the temporary directory, in which a socket can be made."""
    first, second = tmp_path / ("a" * 90), tmp_path / ("b" * 90)
    folders = [paths.socket_directory("run", root) for root in (first, second, first)]
    try:
        assert folders[0] == folders[2] != folders[1]
        for folder in folders[:2]:
            assert folder.stat().st_mode & 0o777 == 0o700
            address = f"{folder}/redis.sock"
            assert len(address) < 100
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(address)
            Path(address).unlink()
    finally:
        for folder in set(folders):
            folder.rmdir()


def test_a_link_laid_in_the_way_is_refused(tmp_path: Path) -> None:
    """Somebody else could have made the folder's name point at a place of theirs."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    with pytest.raises(PermissionError):
        paths.private(tmp_path / "link")
