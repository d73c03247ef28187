"""The .env file: read as the settings read it, and given its two secrets at the first start."""

import os
import re
import secrets
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

import environ
from cryptography.fernet import Fernet

GENERATED: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "TOKEN_ENCRYPTION_KEYS": lambda: Fernet.generate_key().decode(),
}


def read(path: Path) -> dict[str, str]:
    """Return what the file says, by the parser that the settings use; {} when there is no file."""
    found: dict[str, str] = {}

    class File(environ.Env):
        ENVIRON: MutableMapping[Any, Any] = found

    if path.exists():
        File.read_env(path)
    return found


def ensure(path: Path) -> list[str]:
    """Write the secrets that neither the file nor the environment has, and return their names.

    What is there is never overwritten: an empty `NAME=` line is filled in, a missing one is added at the end.
    The file has mode 600 before a secret is in it.
    """
    said = read(path)
    missing = [name for name in GENERATED if not said.get(name) and not os.environ.get(name)]
    if not missing:
        return []
    text = path.read_text() if path.exists() else ""
    for name in missing:
        text = _with(text, name, GENERATED[name]())
    _replace(path, text)
    return missing


def _with(text: str, name: str, value: str) -> str:
    """Return the text with its empty line of that name filled in, else with a line added."""
    filled, count = re.subn(
        rf"^((?:export )?{name}=)[ \t]*$", rf"\g<1>{value}", text, count=1, flags=re.MULTILINE
    )
    if count:
        return filled
    lead = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{lead}{name}={value}\n"


def _replace(path: Path, text: str) -> None:
    """Put the text in place in one step, so that a kill in between leaves the old file whole."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path.resolve())
