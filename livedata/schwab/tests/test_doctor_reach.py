"""What the doctor reads from Schwab's authorize page: whether it answers, the clock, how the app stands."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pytest_django import Settings

from livedata.schwab.doctor import reach
from livedata.schwab.doctor.finding import Finding
from livedata.schwab.tests.answering import answering


def only() -> Finding:
    """Return the one finding."""
    (finding,) = reach.schwab()
    return finding


def at(port: int, scheme: str = "http") -> str:
    """Return the address of a server of this machine."""
    return f"{scheme}://127.0.0.1:{port}"


HTML, JSON = "text/html", "application/json"
PAGES = {
    "ready": ((200, "<h1>Sign in</h1>", HTML), "ok", "as it does for an app that is Ready For Use"),
    "unknown key": ((401, '{"error":"invalid_client"}', JSON), "error", "does not know this app key"),
    "whitelabel": ((500, "<h1>Whitelabel Error Page</h1>", HTML), "error", "not Ready For Use"),
    "unable": ((200, "We are unable to complete your request", HTML), "error", "not Ready For Use"),
    "denied": ((403, "<TITLE>Access Denied</TITLE>", HTML), "error", "refuses this callback"),
    "denied kindly": ((200, "<TITLE>Access Denied</TITLE>", HTML), "error", "refuses this callback"),
    "sent on": ((302, "", HTML), "ok", "The browser is sent on to the sign-in"),
}


@pytest.mark.parametrize(("page", "level", "words"), PAGES.values(), ids=PAGES)
def test_how_the_app_looks(settings: Settings, page: tuple[int, str, str], level: str, words: str) -> None:
    with answering(*page) as port:
        settings.SCHWAB_BASE_URL = at(port)
        findings = {each.check: each for each in reach.schwab()}
    assert (findings["schwab"].level, findings["clock"].level) == ("ok", "ok")
    assert "plain http, so no certificate" in findings["schwab"].message
    assert findings["app"].level == level
    assert words in findings["app"].message


def test_an_answer_that_cannot_be_read_is_not_well(settings: Settings) -> None:
    with answering(200, "no gzip", headers={"Content-Encoding": "gzip"}) as port:
        settings.SCHWAB_BASE_URL = at(port)
        finding = only()
    assert (finding.check, finding.level) == ("schwab", "error")


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, "ok"), (-12, "warning"), (12, "warning"), (40, "error"), (-90, "error")]
)
def test_the_clock(settings: Settings, seconds: int, level: str) -> None:
    theirs = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    with answering(200, "", headers={"Date": theirs}) as port:
        settings.SCHWAB_BASE_URL = at(port)
        (clock,) = [each for each in reach.schwab() if each.check == "clock"]
    assert clock.level == level


@pytest.mark.parametrize("date", ["soon", "Thu, 01 Jan 1970 00:00:00 -0000"])
def test_a_date_that_is_none_is_no_crash(settings: Settings, date: str) -> None:
    with answering(200, "", headers={"Date": date}) as port:
        settings.SCHWAB_BASE_URL = at(port)
        assert "schwab" in {each.check for each in reach.schwab()}


def test_a_certificate_that_is_not_accepted(settings: Settings) -> None:
    with answering(200, "") as port:
        settings.SCHWAB_BASE_URL = at(port, "https")
        finding = only()
    assert (finding.check, finding.level) == ("schwab", "error")
