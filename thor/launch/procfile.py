"""The Procfile: one `name: command` a line."""

import re

LINE = re.compile(r"(?P<name>[A-Za-z0-9_-]+):\s*(?P<command>\S.*)")


def parse(text: str) -> dict[str, str]:
    """Return command by name in the file's order; ValueError names a line that is none and no comment."""
    found: dict[str, str] = {}
    for number, line in enumerate(map(str.strip, text.splitlines()), start=1):
        if not line or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"line {number} of the Procfile is not `name: command`: {line}")
        if match["name"] in found:
            raise ValueError(f"line {number} of the Procfile names {match['name']} a second time")
        found[match["name"]] = match["command"]
    return found
