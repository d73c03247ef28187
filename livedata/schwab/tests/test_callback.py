"""Connecting over HTTP: start, callback and paste, and what is kept of a sign-in that fails."""

import logging
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
import time_machine
from django.contrib.auth.models import User
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from actandpos.models import Account, Position
from desk.models import AuditEvent
from livedata.schwab.models import BrokerConnection, OAuthState
from livedata.schwab.tests.fake_schwab import (
    ACCOUNTS,
    FIVE,
    ORDERS,
    REFRESH_TOKEN,
    TOKEN,
    FakeSchwab,
    Reply,
    account,
    said,
    share,
)
from livedata.schwab.tests.people import connected, user

pytestmark = pytest.mark.django_db
START, CALLBACK, PASTE = (f"/api/schwab/oauth/{name}/" for name in ("start", "callback", "paste"))
CODE = "C0.b2F1dGgyLmJkYy5zY2h3YWIuY29t.canary-code@"


@pytest.fixture
def trader(schwab: FakeSchwab) -> User:
    """Return a user whose Schwab login holds two accounts."""
    schwab.holds(account(FIVE[0], share("AAPL", 10, 190.25)), account(FIVE[1]))
    return user()


def browser(owner: User) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(owner)
    return client


def state_of(client: Client) -> str:
    """Start a sign-in and return its state."""
    answer = client.get(START)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)["state"][0]


def come_back(client: Client, way: str, **query: str) -> str:
    """Return from Schwab by callback or paste; return `connected` or the reason."""
    text = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    if way == "callback":
        answer = client.get(f"{CALLBACK}?{text}")
        assert_redirect_is_clean(answer)
        result = parse_qs(urlsplit(answer["Location"]).query)
        return result.get("reason", result["schwab"])[0]
    address = f"https://127.0.0.1:8000{CALLBACK}?{text}"
    pasted = client.post(PASTE, {"address": address}, content_type="application/json")
    assert "canary" not in pasted.content.decode()
    return pasted.json()["code"] if pasted.status_code == 400 else pasted.json()["state"]


def assert_redirect_is_clean(answer: HttpResponseBase) -> None:
    """The way back leads to the page of this very site and carries nothing but the result."""
    parts = urlsplit(answer["Location"])
    assert (answer.status_code, parts.scheme, parts.netloc, parts.path) == (302, "", "", "/")
    assert set(parse_qs(parts.query)) <= {"schwab", "reason"}
    assert "canary" not in answer["Location"]
    assert "no-store" in answer["Cache-Control"]


both_ways = pytest.mark.parametrize("way", ["callback", "paste"])


@both_ways
def test_a_sign_in_brings_the_connection_and_its_figures(schwab: FakeSchwab, trader: User, way: str) -> None:
    client = browser(trader)
    assert come_back(client, way, code=CODE, session="x", state=state_of(client)) == "connected"
    assert schwab.form(0)["code"] == CODE
    row = BrokerConnection.objects.get()
    assert (row.owner, row.access_token, row.refresh_token) == (trader, "canary-access-1@", REFRESH_TOKEN)
    assert "canary" not in row.access_token_sealed + row.refresh_token_sealed
    assert Position.objects.get().symbol == "AAPL"
    assert set(row.runs.values_list("kind", "trigger", "outcome")) == {
        ("accounts", "connect", "ok"),
        ("orders", "connect", "unchanged"),
    }
    assert (schwab.calls[TOKEN], schwab.calls[ACCOUNTS], schwab.calls[ORDERS]) == (1, 1, 1)
    assert AuditEvent.objects.get().kind == "schwab_connected"
    assert not OAuthState.objects.exists()


FAILURES: dict[str, tuple[Reply, str]] = {
    "old code": (
        said(400, {"error": "unsupported_token_type", "error_description": "AuthorizationCode has expired"}),
        "code_expired",
    ),
    "secret": (said(401, {"error": "invalid_client"}), "client_refused"),
    "html": (said(403, "<html>", "text/html"), "schwab_odd_answer"),
    "silence": (requests.ReadTimeout(), "schwab_unreachable"),
    "broken": (said(200, '{"access'), "schwab_odd_answer"),
}


@both_ways
@pytest.mark.parametrize(("reply", "reason"), FAILURES.values(), ids=FAILURES.keys())
def test_a_failed_sign_in_stores_nothing(
    schwab: FakeSchwab, trader: User, way: str, reply: Reply, reason: str
) -> None:
    client = browser(trader)
    schwab.says(TOKEN, reply)
    assert come_back(client, way, code=CODE, state=state_of(client)) == reason
    assert not BrokerConnection.objects.exists()
    assert not Account.objects.exists()
    assert not AuditEvent.objects.exists()
    assert schwab.calls.total() == 1


@pytest.mark.parametrize(("reply", "reason"), FAILURES.values(), ids=FAILURES.keys())
def test_an_existing_connection_survives_a_failed_sign_in(
    schwab: FakeSchwab, trader: User, reply: Reply, reason: str
) -> None:
    connected(trader, FIVE[:2])
    before = BrokerConnection.objects.values().get()
    client = browser(trader)
    schwab.says(TOKEN, reply)
    assert come_back(client, "callback", code=CODE, state=state_of(client)) == reason
    assert BrokerConnection.objects.values().get() == before


@both_ways
def test_a_state_that_is_not_ours_spends_no_code(schwab: FakeSchwab, trader: User, way: str) -> None:
    client = browser(trader)
    state = state_of(client)
    assert come_back(client, way, code=CODE) == "state_missing"
    assert come_back(client, way, error="access_denied") == "state_missing"
    assert come_back(client, way, code=CODE, state="made-up") == "state_unknown"
    assert come_back(browser(user("somebody else")), way, code=CODE, state=state) == "state_unknown"
    assert come_back(browser(trader), way, code=CODE, state=state) == "state_unknown"
    assert OAuthState.objects.count() == 1
    newer = state_of(client)
    assert come_back(client, way, code=CODE, state=state) == "state_unknown"
    assert come_back(client, way, state=newer) == "code_missing"
    assert come_back(client, way, state=state_of(client), error="access_denied") == "denied"
    assert not schwab.calls
    assert not BrokerConnection.objects.exists()


@both_ways
def test_a_replayed_return_changes_nothing(schwab: FakeSchwab, trader: User, way: str) -> None:
    client = browser(trader)
    state = state_of(client)
    assert come_back(client, way, code=CODE, state=state) == "connected"
    before, calls = BrokerConnection.objects.values().get(), schwab.calls.total()
    assert come_back(client, way, code=CODE, state=state) == "state_unknown"
    assert BrokerConnection.objects.values().get() == before
    assert schwab.calls.total() == calls


@both_ways
def test_a_return_after_ten_minutes_is_too_late(schwab: FakeSchwab, trader: User, way: str) -> None:
    client = browser(trader)
    state = state_of(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=5)):
        assert come_back(client, way, code=CODE, state=state) == "state_expired"
    assert come_back(client, way, code=CODE, state=state) == "state_unknown"
    assert not schwab.calls
    assert not BrokerConnection.objects.exists()


@both_ways
@pytest.mark.parametrize("keys", [[], ["no key at all"]])
def test_without_a_usable_key_the_code_is_not_spent(
    schwab: FakeSchwab, trader: User, settings: Settings, way: str, keys: list[str]
) -> None:
    client = browser(trader)
    state, good = state_of(client), settings.TOKEN_ENCRYPTION_KEYS
    settings.TOKEN_ENCRYPTION_KEYS = keys
    assert come_back(client, way, code=CODE, state=state) == "encryption_key"
    assert not schwab.calls
    settings.TOKEN_ENCRYPTION_KEYS = good
    assert come_back(client, way, code=CODE, state=state) == "connected"


def test_without_an_app_the_start_says_so(trader: User, settings: Settings) -> None:
    settings.SCHWAB_CLIENT_SECRET = ""
    answer = browser(trader).get(START)
    assert answer["Location"] == "/?schwab=error&reason=app_not_configured"


def test_nobody_signed_in(schwab: FakeSchwab) -> None:
    for path in (START, f"{CALLBACK}?code={CODE}&state=x"):
        answer = Client().get(path)
        assert_redirect_is_clean(answer)
        assert answer["Location"] == "/?schwab=error&reason=not_signed_in"
    answer = Client().post(PASTE, {"address": f"?code={CODE}"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert not schwab.calls


def test_pasting_needs_the_csrf_token(trader: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(trader)
    answer = client.post(PASTE, {"address": "?code=a&state=b"}, content_type="application/json")
    assert answer.status_code == 403


def test_pasting_something_else_says_so(schwab: FakeSchwab, trader: User) -> None:
    client = browser(trader)
    answer = client.post(PASTE, {"address": "hello"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "address_unreadable")
    answer = client.post(PASTE, {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_a_first_sync_that_fails_leaves_the_login_standing(schwab: FakeSchwab, trader: User) -> None:
    client = browser(trader)
    schwab.says(ACCOUNTS, said(503, ""))
    assert come_back(client, "callback", code=CODE, state=state_of(client)) == "connected"
    row = BrokerConnection.objects.get()
    assert (row.status, row.last_error_code) == ("connected", "schwab_outage")
    assert Account.objects.count() == 2


def test_logs_hold_no_code_state_or_token(
    schwab: FakeSchwab, trader: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = browser(trader)
    state = state_of(client)
    schwab.says(ORDERS, said(500, ""))
    assert come_back(client, "callback", code=CODE, state=state) == "connected"
    assert come_back(client, "paste", code=CODE, state=state) == "state_unknown"
    assert caplog.records
    for secret in (state, "canary", *FIVE, "test-secret"):
        assert secret not in caplog.text
