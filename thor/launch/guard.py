"""What an earlier launcher may have left behind is ended before a new one starts."""

import os
from pathlib import Path

import psutil

from thor.launch.paths import ROOT

MARK = "THOR_CHECKOUT"  # carried by every process of `make run`, so that leftovers can be told by it


def _marked(process: psutil.Process, root: Path) -> bool:
    """Tell whether a process was started by a launcher of that checkout."""
    try:
        return process.environ().get(MARK) == str(root)
    except (psutil.Error, OSError):
        return False


def end_leftovers(root: Path = ROOT) -> int:
    """Kill what an earlier launcher of this checkout left behind, grandchildren included; returns how many.

    Only for a launcher that holds the checkout's lock: then no other one can own these processes.
    """
    ours = {os.getpid(), *(process.pid for process in psutil.Process().parents())}
    left = [
        process for process in psutil.process_iter() if process.pid not in ours and _marked(process, root)
    ]
    for process in left:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(left, timeout=5)
    return len(left)
