"""What an earlier launcher may have left behind is ended before a new one starts."""

import os
from pathlib import Path

import psutil

from thor.launch.paths import ROOT, socket_directory

MARK = "THOR_CHECKOUT"  # carried by every process of `make run`, so that leftovers can be told by it


def belongs(process: psutil.Process, root: Path) -> bool:
    """Tell whether a process was started by a launcher of that checkout.

    A server that writes its own process title (Redis) may overwrite the mark; its title then names its socket.
    """
    try:
        title = " ".join(process.cmdline())
        return process.environ().get(MARK) == str(root) or f"{socket_directory('run', root)}/" in title
    except (psutil.Error, OSError):
        return False


def processes_of(root: Path) -> list[psutil.Process]:
    """Return what the launchers of a checkout started and what is still there, this process's parents excepted."""
    ours = {os.getpid(), *(process.pid for process in psutil.Process().parents())}
    return [
        process for process in psutil.process_iter() if process.pid not in ours and belongs(process, root)
    ]


def end_leftovers(root: Path = ROOT) -> int:
    """Kill what an earlier launcher of this checkout left behind, grandchildren included; returns how many.

    Only for a launcher that holds the checkout's lock: then no other one can own these processes.
    """
    left = processes_of(root)
    for process in left:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(left, timeout=5)
    return len(left)
