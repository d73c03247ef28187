"""The output of many processes as one stream, each line under its process's name."""

import itertools
import os
import sys
from typing import IO, Any

COLOURS = itertools.cycle(("36", "33", "32", "35", "34", "96", "93"))


class Prefixed:
    """Writes the output of one process line by line as `name | line`; the call is what circus wants of a stream."""

    def __init__(self, name: str, width: int, out: IO[str] | None = None) -> None:
        self.out = out or sys.stdout
        label = f"{name:<{width}} |"
        self.label = f"\x1b[{next(COLOURS)}m{label}\x1b[0m" if self.out.isatty() else label
        self.parts: dict[tuple[int, str], bytes] = {}

    def __call__(self, chunk: dict[str, Any]) -> None:
        """Take a piece of output, `{"data": bytes, "pid": int, "name": "stdout" or "stderr"}`."""
        key = (chunk["pid"], chunk["name"])
        *lines, rest = (self.parts.pop(key, b"") + chunk["data"]).split(b"\n")
        if rest:
            self.parts[key] = rest
        for line in lines:
            self.write(line)

    def write(self, line: bytes) -> None:
        """Write one line; when nobody reads any more, go on without a reader."""
        try:
            self.out.write(f"{self.label} {line.decode(errors='replace')}\n")
            self.out.flush()
        except (BrokenPipeError, OSError):
            silence(self.out)

    def close(self) -> None:
        """Write what ended without a line break."""
        for rest in self.parts.values():
            self.write(rest)
        self.parts.clear()


def silence(out: IO[str]) -> None:
    """Let further output go nowhere: the desk must not stop because a reader of its log did."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, out.fileno())
    os.close(nowhere)
