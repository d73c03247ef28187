"""The first visit: sign in at Thor, sign in at Schwab, and the positions are there."""

import pytest
from playwright.sync_api import Page, expect

from thor.tests.browser.steps import connect, sign_in

pytestmark = pytest.mark.browser


def test_a_wrong_password_stays_outside(page: Page) -> None:
    """The page says so and shows nothing of the desk."""
    sign_in(page, "not-the-password")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in")).to_be_enabled()
    expect(page.get_by_label("Net Liq")).to_have_count(0)


def test_from_nothing_to_positions(page: Page) -> None:
    """Connecting at the stand-in fills the desk with an account's rows."""
    sign_in(page)
    connect(page)
    table = page.get_by_role("region", name="Positions table")
    expect(table).to_be_visible()
    expect(table.get_by_role("row").nth(3)).to_be_visible()
