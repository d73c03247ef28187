"""A whole Thor with 1,000 positions and 500 streamed shares, a page, and the way of a tick in between."""

import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import psutil
import requests
from playwright.sync_api import Page, sync_playwright

from bench.ratio import Line, must, show
from bench.screen.page import KEYS, noted, observe, shown
from bench.screen.tap import Tap
from thor.launch import browser as chromium
from thor.launch.trial import Desk, running, wait_until
from thor.tests.browser.steps import connect, sign_in

SECONDS, FLUSH_MS, MORE_MS, LONG_TASK_MS = 60, 250, 150, 50
LEAST = 500
"""Changed cells without which a percentile says nothing."""
LEAST_MARKS = 400
"""Rows with a mark at the end without which the comparison says little."""
Row = dict[str, Any]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="thor-bench-") as folder, running(Path(folder) / "thor") as desk:
        program = chromium.find()
        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(
                executable_path=program.program, args=list(chromium.ARGUMENTS), env=dict(program.environment)
            )
            context = opened.new_context(base_url=desk.address, viewport={"width": 1440, "height": 900})
            lines = _watch(context.new_page(), desk)
            opened.close()
    show(f"Screen: {SECONDS} s of ticks, 1,000 positions, a tick → the changed cell in Chromium", lines)


def _watch(page: Page, desk: Desk) -> list[Line]:
    """Open the widest account, note for a while, compare at the end."""
    account = _open(page)
    web = desk.pid_of("thor.asgi")
    must(web, "a web process")
    tap = Tap(psutil.Process(web).environ()["REDIS_URL"], account)
    time.sleep(3)  # what came before the tap is not measured
    symbols = {row["id"]: row["symbol"] for row in _table(page, account)["positions"]}
    must(len(symbols) >= 1000, f"1,000 positions, not {len(symbols)}")
    observe(page)
    time.sleep(SECONDS)
    changes, tasks = noted(page)
    checked = _compare_final(page, desk, tap, account)
    tap.close()
    times = sorted(_delays(changes, symbols, tap))
    must(len(times) >= LEAST, f"at least {LEAST} changed cells, not {len(times)}")
    _clock(desk, reset=True)
    return [
        *_latency(times, checked),
        _tasks(tasks, "rows alone"),
        _tasks(_grouped(page, account), "in groups"),
    ]


def _grouped(page: Page, account: int) -> list[float]:
    """Show the table as a person first meets it, with sums and strategies by underlying; return its long tasks."""
    _show(page, account, "")
    page.locator("tr[data-group]").first.wait_for()
    time.sleep(3)
    observe(page)
    time.sleep(SECONDS)
    changes, tasks = noted(page)
    must(len(changes) >= LEAST // 4, f"marks that move in groups, not {len(changes)}")
    return tasks


def _open(page: Page) -> int:
    """Sign in, connect, show the account with 1,000 positions, dearest first; return its id once it is live."""
    sign_in(page)
    connect(page)
    page.get_by_role("region", name="Positions table").wait_for()
    accounts: list[Row] = page.request.get("/api/actandpos/accounts/").json()
    account = next(int(each["account_id"]) for each in accounts if each["display_name"].startswith("Wide"))
    _show(page, account, "&group=none")
    return account


def _show(page: Page, account: int, how: str) -> None:
    page.goto(f"/?account={account}&sort=-cost_basis{how}")
    page.locator("header.bar .age-live").wait_for(timeout=60_000)


def _table(page: Page, account: int) -> Row:
    found: Row = page.request.get(f"/api/positions/?account_id={account}").json()
    return found


def _delays(changes: list[tuple[int, int, Decimal]], symbols: dict[int, str], tap: Tap) -> list[int]:
    """Return the milliseconds from each tick to the change that showed it, or one that came after it.

    Every tick of a drawn row counts, so a pause is charged to all that waited in it; a sync's own figures do not.
    """
    cells: defaultdict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for at, row, mark in changes:
        cells[row].append((at, mark))
    return [delay for row, cell in cells.items() for delay in _delays_of_cell(cell, tap.ticks[symbols[row]])]


def _delays_of_cell(cell: list[tuple[int, Decimal]], ticks: list[tuple[int, Decimal]]) -> Iterator[int]:
    """Yield the delays of one cell's ticks, from its first change on; what it shows already needs no change."""
    for index, (moment, mark) in enumerate(ticks):
        before = [text for at, text in cell if at < moment]
        if not before or before[-1] == mark:
            continue
        showing = (at for at, text in cell[len(before) :] if _is_of(ticks[index:], text, at))
        if (at := next(showing, None)) is not None:
            yield at - moment


def _is_of(ticks: list[tuple[int, Decimal]], mark: Decimal, at: int) -> bool:
    """Tell whether a mark that is shown at a moment is one of these ticks'."""
    return any(mark == each and moment <= at for moment, each in ticks)


def _compare_final(page: Page, desk: Desk, tap: Tap, account: int) -> str:
    """Let the market stand still; compare what is drawn with a recomputation from Schwab's figures and the marks."""

    def agrees() -> bool:
        table, marks = _table(page, account), dict(tap.rows)
        summary: Row = page.request.get(f"/api/actandpos/account_summary/?account_id={account}").json()
        rows, net_liq = _eager(table["positions"], Decimal(summary["net_liq"]), marks)
        drawn, total = shown(page)
        same = all(figures == rows[pk] for pk, figures in drawn.items()) and total == net_liq
        return same and table["version"] == tap.version and len(marks) >= LEAST_MARKS

    for tries_left in reversed(range(4)):
        _clock(desk, freeze=True)
        try:
            wait_until(agrees, 8, "the final cells agree with a recomputation")
            break
        except AssertionError:
            if not tries_left:
                raise
        _clock(desk, reset=True)  # a sync came in between, after which nothing ticked
        time.sleep(5)
    drawn = f"{len(shown(page)[0])} drawn rows × {len(KEYS)} cells"
    return f"{drawn} and net liq, from Schwab's figures and {len(tap.rows)} marks"


def _clock(desk: Desk, **values: Any) -> None:
    requests.post(f"{desk.simulator}/_control/clock", json=values, timeout=10).raise_for_status()


def _eager(
    rows: list[Row], net_liq: Decimal, marks: dict[int, Row]
) -> tuple[dict[int, list[Decimal]], Decimal]:
    """Return the figures of all rows and the net liq as the page spells them, from nothing but figures and marks."""
    found = {}
    for row in rows:
        mark = Decimal(marks.get(row["id"], {}).get("mark_price") or row["mark_price"])
        value = Decimal(row["market_value"])
        marked = "mark_price" in marks.get(row["id"], {})
        moved = mark * Decimal(row["quantity"]) * Decimal(row["multiplier"]) - value if marked else Decimal(0)
        net_liq += moved
        figures = [value + moved, Decimal(row["pl_open"]) + moved, Decimal(row["pl_day"]) + moved]
        found[row["id"]] = [_spelled(mark, "0.0001"), *(_spelled(figure, "0.01") for figure in figures)]
    return found, _spelled(net_liq, "0.01")


def _spelled(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_EVEN)


def _latency(times: list[int], checked: str) -> list[Line]:
    p99, median = times[int(len(times) * 0.99)], times[len(times) // 2]
    floor = f"the flush interval of {FLUSH_MS} ms"
    goal = (FLUSH_MS + MORE_MS) / FLUSH_MS
    return [
        Line(f"tick → cell, p99: {p99} ms, {len(times):,} ticks", p99 / FLUSH_MS, goal, floor, checked),
        Line(f"tick → cell, median: {median} ms", median / FLUSH_MS, None, floor, checked),
    ]


def _tasks(tasks: list[float], how: str) -> Line:
    longest = max(tasks, default=0.0)
    return Line(
        f"longest task, {how}: {longest:.0f} ms; {len(tasks)} longer than {LONG_TASK_MS} ms",
        longest / LONG_TASK_MS,
        1.0,
        f"{LONG_TASK_MS} ms",
        f"every task of the page in {SECONDS} s (0 stands for none longer)",
    )
