"""From a fill at Schwab to the screen: quantity, order and cash, pushed, without a reload and without asking."""

import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from thor.launch.trial import Desk
from thor.tests.browser.steps import connect, control, sign_in
from thor.tests.browser.watching import note_chips, until_said

pytestmark = pytest.mark.browser
LONGEST = 10
"""Seconds; the goal is two on a machine with nothing else to do, which the printed figures are for."""
# Fine, for a figure that is there only once the socket brought it; the page must not be asked from outside.
WATCH = """symbol => {
    const shown = () => {
        const row = [...document.querySelectorAll("table.positions tbody tr")]
            .find(row => row.querySelector(".symbol")?.textContent === symbol);
        const named = (all, name) => [...document.querySelectorAll(all)].find(one => one.textContent.startsWith(name));
        return {
            quantity: row?.querySelector(".cell-quantity").textContent,
            cash: named(".figure", "Cash").querySelector("dd .reveal").textContent,
            filled: named(".order-counts li", "Filled").textContent,
        };
    };
    window.first = shown();
    window.moved = {};
    setInterval(() => {
        const now = shown();
        for (const key of Object.keys(now)) {
            if (now[key] !== window.first[key]) window.moved[key] ??= { at: Date.now(), text: now[key] };
        }
    }, 10);
    return window.first;
}"""


def number(text: str) -> float:
    """Return the number in a text as the page writes it."""
    return float(re.sub(r"[^\d.]", "", text))


@pytest.fixture
def cash_account(page: Page, desk: Desk) -> Page:
    """Return a live page that shows the cash account."""
    note_chips(page)
    sign_in(page)
    page.wait_for_load_state("networkidle")
    if page.get_by_role("region", name="Positions table").count() == 0:
        connect(page)
    expect(page.get_by_role("region", name="Positions table")).to_be_visible()
    accounts = page.request.get("/api/actandpos/accounts/").json()
    mine = next(one for one in accounts if one["display_name"].startswith("Contributory IRA"))
    page.goto(f"/?account={mine['account_id']}")
    until_said(page, "c.age === 'Live' && c.socket === 'Socket open'", 30)
    expect(page.locator(".order-counts")).to_be_visible()
    return page


def test_a_fill_reaches_the_screen(
    cash_account: Page, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    page, asked = cash_account, []
    before = page.evaluate(WATCH, "SCHD")
    page.on("request", lambda sent: asked.append(urlsplit(sent.url).path))
    ordered = time.time()
    ticket = {"acknowledge_seconds": 0, "fill_seconds": 0, "parts": 1}
    control(desk, "order", account=3, symbol="SCHD", side="buy", quantity=2, **ticket)
    page.wait_for_function("() => Object.keys(window.moved).length === 3", timeout=LONGEST * 1000, polling=20)
    moved = page.evaluate("window.moved")
    assert number(moved["quantity"]["text"]) == number(before["quantity"]) + 2
    assert number(moved["filled"]["text"]) == number(before["filled"]) + 1
    assert number(moved["cash"]["text"]) < number(before["cash"])
    # The figures were pushed; of the orders it was pushed that they are to be read.
    assert not {path for path in asked if "positions" in path or "account" in path}
    until_said(page, "c.age === 'Live' && c.socket === 'Socket open'")
    took = {what: round(found["at"] / 1000 - ordered, 2) for what, found in moved.items()}
    with capsys.disabled():
        print(f"\nfrom the order to the screen, in seconds: {took}")


LIGHT = """() => {
    const lit = document.querySelector("table.positions .mark[data-beat]");
    return lit === null ? null : getComputedStyle(lit, "::before").animationName;
}"""


def test_a_mark_lights_up_unless_less_motion_is_wanted(cash_account: Page) -> None:
    page = cash_account
    page.wait_for_function(f"() => ({LIGHT})()?.startsWith('mark-fades')", timeout=LONGEST * 1000, polling=20)
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function(f"() => ({LIGHT})() === 'none'", timeout=LONGEST * 1000, polling=20)
