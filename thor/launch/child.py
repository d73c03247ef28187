"""Becomes one line of the Procfile: dies with the launcher, waits for Redis, then hands over to the command.

Run as a file on the standard library alone, so that it costs a few milliseconds.
"""

import ctypes
import os
import signal
import socket
import sys
import time

PR_SET_PDEATHSIG = 1
PATIENCE = 15.0


def end_with(launcher: int) -> None:
    """Ask Linux to kill this process when the launcher is gone, and go at once if it is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != launcher:
        sys.exit(1)


def wait_for_redis(path: str) -> None:
    """Wait until the embedded Redis listens; after a while the command itself may say what is wrong."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(path)
            except OSError:
                time.sleep(0.05)
            else:
                return


def main() -> None:
    """Run the command of THOR_CHILD_COMMAND in this very process; the shell only fills in the $NAMES."""
    end_with(int(os.environ.pop("THOR_CHILD_OF")))
    command = os.environ.pop("THOR_CHILD_COMMAND")
    awaited = os.environ.pop("THOR_CHILD_AWAITS", "")
    if awaited:
        wait_for_redis(awaited)
    os.execv("/bin/sh", ["sh", "-c", f"exec {command}"])


if __name__ == "__main__":
    main()
