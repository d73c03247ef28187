"""Every link of the chain breaks once: the chips say which, the figures stay, and all is well again soon after."""

import os
import re
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from thor.launch.trial import Desk, running
from thor.tests.browser.steps import connect, control, sign_in
from thor.tests.browser.watching import chips, dead, note_chips, notes, until_said

pytestmark = pytest.mark.browser

# Whatever waits for a time in earnest, waits shortly here; a closed market is asked as often as an open one.
SHORT = {
    "THOR_SYNC_SECONDS_CLOSED": "4",
    "THOR_SYNC_SECONDS_HOLIDAY": "4",
    "THOR_SYNC_SECONDS_PRE": "4",
    "THOR_SYNC_SECONDS_POST": "4",
    "THOR_SYNC_SECONDS_REGULAR": "4",
    "THOR_SYNC_TICK": "1",
    "THOR_SYNC_LEASE": "5",
    "THOR_STREAM_LEASE": "3",
    "THOR_STREAM_LOOK": "0.5",
    "THOR_LIVE_HEARTBEAT": "2",
    "THOR_CALLS_PER_MINUTE": "2000",
}
WELL = "c.age === 'Live' && c.socket === 'Socket open' && c.schwab === 'Schwab' && c.banners.length === 0"
AGAIN = 60
"""Seconds after which a link that is back fails the test; it is a fraction of them on a machine with nothing to do."""
Chips = dict[str, Any]


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a whole Thor that waits for nothing long."""
    with running(tmp_path_factory.mktemp("links") / "thor", SHORT) as desk:
        yield desk


@pytest.fixture(scope="module")
def opened(browser: Browser, quick: Desk) -> Iterator[Page]:
    """Return a connected page; a script error fails the tests."""
    context = browser.new_context(base_url=quick.address, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    note_chips(page)
    sign_in(page)
    connect(page)
    expect(page.get_by_role("region", name="Positions table")).to_be_visible()
    accounts = page.request.get("/api/actandpos/accounts/").json()
    # One whose rows are all drawn; and without the words about the connection just made.
    page.goto(f"/?account={accounts[0]['account_id']}")
    yield page
    context.close()
    assert troubles == []


class Scene:
    """What stood there before a link broke, and how the screen comes back to it."""

    def __init__(self, page: Page, capsys: pytest.CaptureFixture[str]) -> None:
        self.page, self._capsys = page, capsys
        until_said(page, WELL, AGAIN)
        self._rows = chips(page)["rows"]
        notes(page)

    def says(self, condition: str, seconds: float = 60) -> None:
        """Wait until the chips say so; all figures stand where they stood."""
        until_said(self.page, condition, seconds)
        now = chips(self.page)
        assert (now["rows"], bool(now["net"])) == (self._rows, True)

    def refresh(self) -> None:
        """Ask for a sync, whose end the page then waits for."""
        self.page.get_by_role("button", name=re.compile("Refresh")).click()

    def seen(self) -> list[Chips]:
        """Return everything that was said since the link broke."""
        found = notes(self.page)
        assert all(each["rows"] == self._rows for each in found), "rows went away"
        return found

    def well_again(self, what: str) -> None:
        """Wait until all is well and tell how long that took since the link is back."""
        back = time.monotonic()
        self.says(WELL, AGAIN)
        with self._capsys.disabled():
            print(f"\n{what}: all well {time.monotonic() - back:.1f} s after it was back")


@pytest.fixture
def scene(opened: Page, capsys: pytest.CaptureFixture[str]) -> Scene:
    """Return the scene with all well."""
    return Scene(opened, capsys)


def test_without_the_server_nothing_is_known_of_schwab(scene: Scene, quick: Desk) -> None:
    with dead(quick, "thor.asgi"):
        scene.says("c.socket === 'Socket down'")
        scene.says(
            "c.age === 'Offline' && c.schwab === 'No server' && c.banners.some(b => b.includes('server'))"
        )
        assert not any("outage" in each["schwab"] for each in scene.seen())
    scene.well_again("the server")


def test_without_the_stream_process_figures_are_not_called_live(scene: Scene, quick: Desk) -> None:
    with dead(quick, "manage.py stream"):
        scene.says("c.age === 'Polled' && c.socket === 'Socket open' && c.schwab === 'Schwab'")
    scene.well_again("the stream process")


def test_without_the_worker_the_page_says_that_nobody_asks_schwab(scene: Scene, quick: Desk) -> None:
    with dead(quick, "thor worker"):
        scene.says("c.schwab === 'Sync overdue' && c.socket === 'Socket open'")
        assert not any(each["banners"] for each in scene.seen())
    scene.well_again("the worker")


def test_without_redis_nothing_is_pushed_and_the_page_says_so(scene: Scene, quick: Desk) -> None:
    redis = quick.pid_of("redis-server")
    assert redis is not None
    os.kill(redis, signal.SIGKILL)  # the launcher starts it again within a second
    scene.says("window.notes.some(n => n.socket === 'Socket no bus')")
    seen = scene.seen()
    assert not any("No server" in each["schwab"] for each in seen)
    assert not any(each["age"] == "Live" for each in seen if each["socket"] != "Socket open")
    scene.well_again("Redis")


def test_an_outage_of_schwabs_is_told_from_a_lost_server(scene: Scene, quick: Desk) -> None:
    # As many answers as one sync asks for: after five Thor would probe once a minute only.
    control(quick, "faults", kind="unavailable", endpoint="accounts", count=3)
    scene.refresh()
    scene.says("c.schwab === 'Schwab outage' && c.banners.some(b => b.startsWith('Schwab does not answer'))")
    assert not any("Socket" in each["socket"] and "open" not in each["socket"] for each in scene.seen())
    scene.well_again("Schwab after 503")


def test_throttling_is_no_outage(scene: Scene, quick: Desk) -> None:
    control(quick, "faults", kind="throttled", endpoint="accounts", count=1, retry_after=6)
    scene.refresh()
    scene.says("c.schwab === 'Schwab throttles' && c.banners.some(b => b.includes('slow down'))")
    assert not any("outage" in each["schwab"] for each in scene.seen())
    scene.well_again("Schwab after 429")


def test_without_schwab_the_last_figures_stay_and_count_as_such(scene: Scene, quick: Desk) -> None:
    with dead(quick, "-m simulator"):
        scene.says("c.schwab === 'Schwab outage' && c.socket === 'Socket open' && c.age !== 'Live'")
        scene.says("c.banners.some(b => b.startsWith('Schwab does not answer'))")
