"""What the chips say, noted as it changes, and processes that stay dead until a test lets them be started again."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
from playwright.sync_api import Page, TimeoutError

from thor.launch.trial import Desk, wait_until

NOTES = """
    window.notes = [];
    const said = selector => [...document.querySelectorAll(selector)].map(found => found.textContent.trim());
    window.chips = () => ({
        age: (said("header.bar .age")[0] ?? "").replace(/[0-9].*/, ""),
        socket: said("header.bar .live-chip")[0] ?? "",
        schwab: (said("header.bar a[href='#connection']")[0] ?? "").replace(/ *[0-9].*/, ""),
        banners: said(".banner strong"),
        rows: document.querySelectorAll("table.positions tbody tr[data-id]").length,
        net: said(".figure-net dd")[0] ?? "",
    });
    setInterval(() => {
        const { net, ...now } = window.chips();
        const text = JSON.stringify(now);
        if (text !== window.last) window.notes.push({ at: Date.now(), ...JSON.parse(window.last = text) });
    }, 30);
"""


def note_chips(page: Page) -> None:
    """Note every change of the chips from the next document on."""
    page.add_init_script(NOTES)


def chips(page: Page) -> dict[str, Any]:
    """Return what is said now: `age`, `socket` and `schwab` without their lengths of time, `banners`, `rows`, `net`."""
    found: dict[str, Any] = page.evaluate("window.chips()")
    return found


def notes(page: Page) -> list[dict[str, Any]]:
    """Return what was said since the last call, in order."""
    found: list[dict[str, Any]] = page.evaluate("window.notes.splice(0)")
    return found


def until_said(page: Page, condition: str, seconds: float = 15) -> None:
    """Wait until a JavaScript condition on the chips `c` holds."""
    said = f"() => {{ const c = window.chips(); return {condition}; }}"
    try:
        page.wait_for_function(said, timeout=seconds * 1000, polling=30)
    except TimeoutError:
        raise AssertionError(f"not said within {seconds} s: {condition}; but {chips(page)}") from None


@contextmanager
def dead(desk: Desk, word: str) -> Iterator[None]:
    """Kill the processes whose command line holds a word; the launcher starts them again after the block."""
    assert desk.process is not None
    desk.process.send_signal(signal.SIGSTOP)
    try:
        killed = [pid for pid, line in desk.processes().items() if word in line]
        assert killed, word
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not any(map(_lives, killed)), 10, f"{word} is dead")
        yield
    finally:
        desk.process.send_signal(signal.SIGCONT)


def _lives(pid: int) -> bool:
    """Tell whether a process runs; one that its stopped parent has not buried does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
