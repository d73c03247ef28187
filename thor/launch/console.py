"""What the launcher says to the person at the keyboard."""

import sys
from typing import NoReturn


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(f"thor: {text}", flush=True)


def fail(sentence: str) -> NoReturn:
    """End with one sentence on what went wrong and what to do."""
    sys.stdout.flush()
    raise SystemExit(f"thor: {sentence}")
