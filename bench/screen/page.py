"""What is noted inside the page: when each mark's cell changed, and which tasks were long."""

import re
from decimal import Decimal
from typing import Any

from playwright.sync_api import Page

OBSERVE = """() => {
    window.changes = [];
    window.tasks = [];
    const cellOf = node => (node.nodeType === 1 ? node : node.parentElement)?.closest("td.cell-mark_price");
    const note = found => {
        const at = Date.now();
        for (const cell of new Set(found.map(each => cellOf(each.target)))) {
            const id = cell?.closest("tr").dataset.id;  // a row of a group has none
            if (id) window.changes.push([at, Number(id), cell.textContent]);
        }
    };
    const everything = { subtree: true, childList: true, characterData: true };
    new MutationObserver(note).observe(document.querySelector("table.positions"), everything);
    const keep = list => window.tasks.push(...list.getEntries().map(each => each.duration));
    new PerformanceObserver(keep).observe({ type: "longtask" });
}"""
KEYS = ("mark_price", "market_value", "pl_open", "pl_day")
SHOWN = """keys => Object.fromEntries([...document.querySelectorAll("table.positions tbody tr[data-id]")].map(
    row => [row.dataset.id, keys.map(key => row.querySelector(`td.cell-${key}`).textContent)]))"""


def observe(page: Page) -> None:
    """Begin to note."""
    page.evaluate(OBSERVE)


def noted(page: Page) -> tuple[list[tuple[int, int, Decimal]], list[float]]:
    """Return the changes (ms since 1970, row, mark) and the milliseconds of tasks longer than 50."""
    changes = [(at, row, number(text)) for at, row, text in page.evaluate("() => window.changes")]
    return changes, page.evaluate("() => window.tasks")


def shown(page: Page) -> tuple[dict[int, list[Decimal]], Decimal]:
    """Return the figures of every row that is drawn, and the net liq."""
    rows: dict[str, Any] = page.evaluate(SHOWN, list(KEYS))
    net_liq = page.locator(".figure-net dd").inner_text()
    return {int(pk): [number(text) for text in texts] for pk, texts in rows.items()}, number(net_liq)


def number(text: str) -> Decimal:
    """Return the number that the page wrote."""
    return Decimal(re.sub(r"[^\d.\-]", "", text.replace("\u2212", "-")))
