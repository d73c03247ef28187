"""What a check found."""

from typing import Literal

from msgspec import Struct

Level = Literal["ok", "warning", "error"]


class Finding(Struct, frozen=True):
    """One sentence about the set-up, and what to do when it is not well."""

    check: str
    level: Level
    message: str
    action: str = ""


def good(check: str, message: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", message)


def doubt(check: str, message: str, action: str) -> Finding:
    """It works, or may, but somebody should look."""
    return Finding(check, "warning", message, action)


def bad(check: str, message: str, action: str) -> Finding:
    """It does not work."""
    return Finding(check, "error", message, action)
