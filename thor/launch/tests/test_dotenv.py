"""The first start writes two secrets and leaves everything else as it was."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from thor.launch import dotenv


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the secrets that every test run has out of the environment."""
    for name in dotenv.GENERATED:
        monkeypatch.delenv(name, raising=False)


def test_a_new_file_holds_working_secrets_and_is_private(tmp_path: Path) -> None:
    """The file has mode 600, and the key is one that encrypts."""
    path = tmp_path / ".env"
    assert dotenv.ensure(path) == ["SECRET_KEY", "TOKEN_ENCRYPTION_KEYS"]
    assert path.stat().st_mode & 0o777 == 0o600
    said = dotenv.read(path)
    assert len(said["SECRET_KEY"]) >= 50
    Fernet(said["TOKEN_ENCRYPTION_KEYS"].encode())


def test_two_checkouts_get_different_secrets(tmp_path: Path) -> None:
    """Nothing in them is fixed."""
    first, second = tmp_path / "first", tmp_path / "second"
    dotenv.ensure(first)
    dotenv.ensure(second)
    assert not set(dotenv.read(first).values()) & set(dotenv.read(second).values())


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    """A key in use stays byte for byte, and so do comments and an unfinished last line."""
    path = tmp_path / ".env"
    before = "# mine\nSECRET_KEY=chosen-by-me\nPORT=8123"
    path.write_text(before)
    assert dotenv.ensure(path) == ["TOKEN_ENCRYPTION_KEYS"]
    assert path.read_text().startswith(before + "\nTOKEN_ENCRYPTION_KEYS=")
    written = path.read_text()
    assert dotenv.ensure(path) == []
    assert path.read_text() == written


def test_an_empty_line_is_filled_in(tmp_path: Path) -> None:
    """The settings take the first line of a name, so a second one below an empty one would not count."""
    path = tmp_path / ".env"
    path.write_text("SECRET_KEY=\nexport TOKEN_ENCRYPTION_KEYS=\n")
    dotenv.ensure(path)
    said = dotenv.read(path)
    assert said["SECRET_KEY"]
    assert said["TOKEN_ENCRYPTION_KEYS"]
    assert len(path.read_text().splitlines()) == 2


def test_a_secret_of_the_environment_is_not_written_to_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever keeps secrets elsewhere finds no file."""
    monkeypatch.setenv("SECRET_KEY", "from-outside")
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEYS", "from-outside")
    assert dotenv.ensure(tmp_path / ".env") == []
    assert not (tmp_path / ".env").exists()


def test_an_open_file_is_closed_to_others_once_it_holds_a_secret(tmp_path: Path) -> None:
    """A file that everybody could read gets mode 600 together with its first secret."""
    path = tmp_path / ".env"
    path.write_text("PORT=8123\n")
    path.chmod(0o644)
    dotenv.ensure(path)
    assert path.stat().st_mode & 0o777 == 0o600
