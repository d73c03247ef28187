"""A running Thor with its stand-in, and a real browser in front of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from thor.launch import browser as chromium
from thor.launch.trial import HOST, Desk, running

PATIENCE = 15_000  # milliseconds


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a whole Thor in a copy of the checkout."""
    with running(tmp_path_factory.mktemp("browser") / "thor") as desk:
        yield desk


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium that reaches this machine alone."""
    program = chromium.find()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=program.program, args=list(chromium.ARGUMENTS), env=dict(program.environment)
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    """Return an empty page of a fresh profile; a script error or a refused resource fails the test."""
    context = browser.new_context(base_url=desk.address, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None
    )
    page.on("request", lambda sent: troubles.append(sent.url) if f"//{HOST}:" not in sent.url else None)
    yield page
    context.close()
    assert troubles == []
