"""Schwab from here: reachable, its certificate, the clock, and whether the app looks Ready For Use."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from django.conf import settings

from livedata.schwab import oauth, transport
from livedata.schwab.doctor.finding import Finding, bad, doubt, good
from livedata.schwab.doctor.settings_checks import schwab_address
from livedata.schwab.errors import SchwabOddAnswer, SchwabUnreachable

SKEW_DOUBT, SKEW_BAD = 5, 25
"""Seconds. A sign-in code lives 30, so a clock off by that makes every sign-in fail."""
NOT_READY = (b"Whitelabel Error Page", b"unable to complete your request")


def schwab() -> Iterator[Finding]:
    """Ask the authorize page, as a browser would, without following it anywhere."""
    base = schwab_address()
    if base is None:
        return  # said by the check of SCHWAB_BASE_URL
    query = {
        "client_id": settings.SCHWAB_CLIENT_ID,
        "redirect_uri": settings.SCHWAB_CALLBACK_URL,
        "response_type": "code",
    }
    url = f"{settings.SCHWAB_BASE_URL}{oauth.AUTHORIZE_PATH}?{urlencode(query)}"
    try:
        answer = transport.request(
            "GET", url, headers={"Accept": "text/html,application/json"}, keep_redirect=True
        )
    except SchwabUnreachable as error:
        yield bad(
            "schwab", error.detail or error.message, "Look at the network, the proxy and SCHWAB_BASE_URL."
        )
        return
    except SchwabOddAnswer as error:
        yield bad("schwab", str(error), "Look at SCHWAB_BASE_URL and at proxies in between.")
        return
    if base.scheme == "https":
        yield good("schwab", "It answers, and its certificate is accepted.")
    else:
        yield good("schwab", "It answers over plain http, so no certificate could be looked at.")
    yield from _clock(answer)
    if settings.SCHWAB_CLIENT_ID:
        yield from _readiness(answer)


def _clock(answer: transport.Answer) -> Iterator[Finding]:
    """Compare the clocks."""
    try:
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return
    if theirs.tzinfo is None:  # what `-0000` is read as
        theirs = theirs.replace(tzinfo=UTC)
    skew = abs((datetime.now(UTC) - theirs).total_seconds())
    action = "Let this machine's clock follow a time server."
    if skew > SKEW_BAD:
        yield bad("clock", f"This machine's clock differs from Schwab's by {skew:.0f} s.", action)
    elif skew > SKEW_DOUBT:
        yield doubt("clock", f"This machine's clock differs from Schwab's by {skew:.0f} s.", action)
    else:
        yield good("clock", "This machine's clock agrees with Schwab's.")


def _readiness(answer: transport.Answer) -> Iterator[Finding]:
    """Read from the authorize page how the app stands (reference §1.7)."""
    if 300 <= answer.status < 400:
        yield good(
            "app", "The browser is sent on to the sign-in; what fails after it is not Ready For Use yet."
        )
    elif answer.is_json and b"invalid_client" in answer.body:
        yield bad(
            "app", "Schwab does not know this app key.", "Compare SCHWAB_CLIENT_ID with the developer portal."
        )
    elif answer.status >= 500 or any(mark in answer.body for mark in NOT_READY):
        yield bad(
            "app",
            "The sign-in page fails, as it does while an app is not Ready For Use.",
            "Wait until the developer portal says Ready For Use (days; again after each change of the callback).",
        )
    elif answer.status in (400, 403) or b"Access Denied" in answer.body:
        yield bad(
            "app",
            "Schwab refuses this callback address.",
            "Register SCHWAB_CALLBACK_URL letter for letter, the slash at its end included.",
        )
    else:
        yield good("app", "The sign-in page opens, as it does for an app that is Ready For Use.")
