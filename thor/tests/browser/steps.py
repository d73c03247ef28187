"""What a person does at Thor and at the stand-in, step by step."""

import re
from collections.abc import Callable
from typing import Any

import requests
from playwright.sync_api import Page, Route

from thor.launch.trial import Desk


def sign_in(page: Page, password: str = "demo-desk") -> None:
    """Sign in at Thor as the demo user."""
    page.goto("/")
    page.get_by_label("Name").fill("demo")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_in_at_schwab(page: Page) -> None:
    """Sign in at the stand-in and stop before consent."""
    page.locator("input[name=login]").fill("demo")
    page.locator("input[name=password]").fill("demo")
    page.locator("button[value=go]").click()
    page.locator("input[name=code]").fill("123456")
    page.locator("button[value=go]").click()


def consent(page: Page) -> None:
    """Tick every account and go back to Thor."""
    for tick in page.locator("input[name=account]").all():
        tick.check()
    page.locator("button[value=go]").click()


def connect(page: Page) -> None:
    """Go through Schwab's sign-in from whichever invitation the page shows."""
    page.get_by_role("link", name=re.compile("^Connect (Schwab|again)$")).first.click()
    sign_in_at_schwab(page)
    consent(page)


def control(desk: Desk, what: str, **values: Any) -> None:
    """Turn one of the stand-in's knobs."""
    answer = requests.post(f"{desk.simulator}/_control/{what}", json=values, timeout=10)
    answer.raise_for_status()


def keep_address(kept: list[str]) -> Callable[[Route], None]:
    """Return a route handler that stands for a browser that cannot reach the callback: it keeps the address only."""

    def abort(route: Route) -> None:
        kept.append(route.request.url)
        route.abort()

    return abort
