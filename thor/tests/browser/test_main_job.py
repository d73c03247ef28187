"""The main job in a browser: connect, look, refresh, cancel, paste, and the week after."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from thor.launch.trial import Desk
from thor.tests.browser.steps import (
    connect,
    consent,
    consent_out_of_reach,
    control,
    sign_in,
    sign_in_at_schwab,
)

pytestmark = pytest.mark.browser
WEEK = 7 * 24 * 3600


@pytest.fixture
def connected(page: Page, desk: Desk) -> Iterator[Page]:
    """Return a page whose desk is connected; the stand-in's clock is put right again afterwards."""
    sign_in(page)
    page.wait_for_load_state("networkidle")
    if page.get_by_role("region", name="Positions table").count() == 0:
        connect(page)
    expect(page.get_by_role("region", name="Positions table")).to_be_visible()
    yield page
    control(desk, "clock", reset=True)


def figures(page: Page) -> list[dict[str, str]]:
    """Return the accounts as the API tells them to this browser."""
    found: list[dict[str, str]] = page.request.get("/api/actandpos/accounts/").json()
    return found


def summed(accounts: list[dict[str, str]], key: str) -> str:
    """Return the total of a figure that only a sync moves, as the page shows it."""
    return f"{sum(Decimal(account[key]) for account in accounts):,.2f}"


def test_the_header_shows_schwabs_own_figures(connected: Page) -> None:
    accounts = figures(connected)
    assert len(accounts) == 5
    shown = connected.get_by_role("banner")
    for key in ("cash", "stock_buying_power", "option_buying_power"):
        expect(shown).to_contain_text(summed(accounts, key))
    retired = next(account for account in accounts if account["display_name"].startswith("Contributory IRA"))
    connected.goto(f"/?account={retired['account_id']}")
    expect(shown).to_contain_text(summed([retired], "cash"))
    expect(shown).to_contain_text("—")  # a cash account has no day-trade buying power, and that is not 0


def test_the_refresh_button_brings_newer_figures(connected: Page) -> None:
    before = max(account["checked_at"] for account in figures(connected))
    connected.get_by_role("button", name=re.compile("Refresh")).click()
    connected.wait_for_function(
        "async before => (await (await fetch('/api/actandpos/accounts/')).json()).every(a => a.checked_at > before)",
        arg=before,
    )
    run = connected.request.get("/api/schwab/connection/").json()["last_sync"]
    assert (run["kind"], run["trigger"]) == ("accounts", "manual")
    expect(connected.get_by_role("banner")).to_contain_text(summed(figures(connected), "cash"))


def test_cancelling_at_schwab_ends_in_a_sentence_and_keeps_the_connection(connected: Page) -> None:
    connected.get_by_role("link", name="Connect again").first.click()
    sign_in_at_schwab(connected)
    connected.locator("button[value=cancel]").click()
    expect(connected.get_by_text("The sign-in at Schwab was cancelled.")).to_be_visible()
    assert "schwab=" not in connected.url
    assert connected.request.get("/api/schwab/connection/").json()["state"] == "connected"


def test_an_address_can_be_pasted_when_the_callback_is_out_of_reach(connected: Page) -> None:
    started = connected.request.get("/api/schwab/connection/").json()["connected_at"]
    connected.get_by_role("link", name="Connect again").first.click()
    sign_in_at_schwab(connected)
    address = consent_out_of_reach(connected)
    connected.goto("/")
    connected.get_by_text("The browser could not reach the callback?").first.click()
    form = connected.get_by_role("textbox", name=re.compile("address", re.IGNORECASE)).first
    form.fill(address)
    form.press("Enter")
    connected.wait_for_function(
        "async t => (await (await fetch('/api/schwab/connection/')).json()).connected_at > t", arg=started
    )


def test_a_week_later_the_desk_says_so_keeps_its_figures_and_connects_again(
    connected: Page, desk: Desk
) -> None:
    rows = connected.get_by_role("region", name="Positions table").get_by_role("row")
    control(desk, "clock", advance_seconds=WEEK + 60)
    connected.get_by_role("button", name=re.compile("Refresh")).click()
    banner = connected.get_by_role("status").filter(has_text="Schwab needs a new sign-in.")
    expect(banner).to_be_visible()
    expect(rows.nth(3)).to_be_visible()
    assert all(account["net_liq"] is not None for account in figures(connected))
    ids = sorted(account["account_id"] for account in figures(connected))
    banner.get_by_role("link", name="Connect again").click()
    sign_in_at_schwab(connected)
    consent(connected)
    expect(connected.get_by_text("Schwab is connected.")).to_be_visible()
    expect(banner).to_have_count(0)
    assert sorted(account["account_id"] for account in figures(connected)) == ids


def test_a_phone_shows_cards_and_never_scrolls_sideways(connected: Page) -> None:
    connected.set_viewport_size({"width": 390, "height": 844})
    connected.goto("/")
    expect(connected.get_by_text("Positions").first).to_be_visible()
    assert connected.evaluate("document.documentElement.scrollWidth") <= 390
