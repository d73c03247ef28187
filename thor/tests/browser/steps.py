"""What a person does at Thor and at the stand-in, step by step."""

import re
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


def consent_out_of_reach(page: Page) -> str:
    """Consent as in a browser that cannot open the callback; return the address it would have opened."""
    kept: list[str] = []

    def stop(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        kept.append(answer.headers["location"])
        route.fulfill(status=200, content_type="text/plain", body="This site cannot be reached.")

    page.route("**/v1/oauth/**", stop)
    consent(page)
    page.get_by_text("This site cannot be reached.").wait_for()
    page.unroute("**/v1/oauth/**")
    return kept[0]
