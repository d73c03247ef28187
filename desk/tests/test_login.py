"""Signing in and out over HTTP, as the screen does it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from desk.models import AuditEvent

pytestmark = pytest.mark.django_db
NAME, PASSWORD = "trader", " a pass phrase with spaces "


@pytest.fixture
def user() -> User:
    """Return a person who may sign in."""
    return User.objects.create_user(NAME, password=PASSWORD)


@pytest.fixture
def browser() -> Client:
    """Return a browser: unlike Django's test client it is held to CSRF."""
    return Client(enforce_csrf_checks=True)


def token(browser: Client) -> str:
    """Ask for the session, which hands out the token that unsafe requests carry."""
    return str(browser.get("/api/auth/session/").json()["csrf_token"])


def post(browser: Client, path: str, body: Any = None, **headers: str) -> Any:
    """Send JSON with a fresh token."""
    sent = {"X-CSRFToken": token(browser)} | headers
    return browser.post(path, body, content_type="application/json", headers=sent)


def sign_in(browser: Client, password: str = PASSWORD, name: str = NAME) -> Any:
    """Try to sign in."""
    return post(browser, "/api/auth/login/", {"username": name, "password": password})


def problem(answer: Any, status: int, code: str) -> str:
    """Return the sentence of an error that must have the one shape."""
    assert answer["Content-Type"] == "application/json", answer.content[:200]
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert set(body) == {"detail", "code"}
    return str(body["detail"])


def test_the_walk_in_and_out(browser: Client, user: User) -> None:
    nobody = browser.get("/api/auth/session/").json()
    assert (nobody["authenticated"], nobody["username"]) == (False, None)
    answer = sign_in(browser)
    assert answer.status_code == 200
    assert (answer.json()["authenticated"], answer.json()["username"]) == (True, NAME)
    assert browser.get("/api/auth/session/").json()["username"] == NAME
    assert browser.get("/api/livedata/session/").status_code == 200
    assert post(browser, "/api/auth/logout/").status_code == 204
    assert browser.get("/api/auth/session/").json()["authenticated"] is False
    assert browser.get("/api/livedata/session/").status_code == 401
    assert Session.objects.count() == 0


def test_the_token_in_the_login_s_answer_serves_the_next_request(browser: Client, user: User) -> None:
    fresh = sign_in(browser).json()["csrf_token"]
    answer = browser.post("/api/auth/logout/", {}, "application/json", headers={"X-CSRFToken": fresh})
    assert answer.status_code == 204


@pytest.mark.parametrize("path", ["/api/auth/session", "/api/auth/login", "/api/auth/logout"])
def test_addresses_work_without_their_slash(browser: Client, path: str) -> None:
    assert browser.get(path).status_code in (200, 401, 405)


def test_signing_in_changes_the_session_key(browser: Client, user: User) -> None:
    planted = browser.session.session_key
    sign_in(browser)
    assert browser.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_answers_about_the_session_are_not_kept_by_caches(browser: Client, user: User) -> None:
    for answer in (browser.get("/api/auth/session/"), sign_in(browser)):
        assert "no-store" in answer["Cache-Control"]


def test_login_without_a_csrf_token_is_refused_in_the_one_shape(browser: Client, user: User) -> None:
    body = {"username": NAME, "password": PASSWORD}
    answer = browser.post("/api/auth/login/", body, content_type="application/json")
    assert "CSRF" in problem(answer, 403, "permission_denied")
    wrong = browser.post("/api/auth/login/", body, "application/json", headers={"X-CSRFToken": "x" * 32})
    problem(wrong, 403, "permission_denied")
    assert browser.get("/api/auth/session/").json()["authenticated"] is False


def test_logout_without_a_csrf_token_is_refused(browser: Client, user: User) -> None:
    sign_in(browser)
    problem(browser.post("/api/auth/logout/", {}, "application/json"), 403, "permission_denied")
    assert browser.get("/api/auth/session/").json()["authenticated"] is True


@pytest.mark.parametrize(
    ("name", "password"), [(NAME, "wrong"), ("nobody", PASSWORD), (NAME, PASSWORD.strip())]
)
def test_wrong_name_and_wrong_password_read_the_same(
    browser: Client, user: User, name: str, password: str
) -> None:
    detail = problem(sign_in(browser, password, name), 400, "invalid_credentials")
    assert detail == "That name and password do not belong together."
    assert browser.get("/api/auth/session/").json()["authenticated"] is False


def test_a_closed_login_does_not_open(browser: Client, user: User) -> None:
    User.objects.update(is_active=False)
    problem(sign_in(browser), 400, "invalid_credentials")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "username"),
        ({"username": NAME}, "password"),
        ({"username": "", "password": "x"}, "username"),
        ({"username": NAME, "password": None}, "password"),
        ({"username": ["a"], "password": {}}, "username"),
        ({"username": "a\u0000b", "password": "x"}, "username"),
        ({"username": "a" * 151, "password": "x"}, "username"),
        ([], ""),
        (5, ""),
    ],
)
def test_a_form_that_is_not_filled_in_says_where(browser: Client, body: Any, named: str) -> None:
    assert named in problem(post(browser, "/api/auth/login/", body), 400, "invalid")


@pytest.mark.parametrize(("sent", "kind"), [("{", "application/json"), ("\xff", "application/json")])
def test_a_body_that_is_no_json(browser: Client, sent: str, kind: str) -> None:
    headers = {"X-CSRFToken": token(browser)}
    problem(
        browser.post("/api/auth/login/", sent.encode("latin-1"), kind, headers=headers), 400, "parse_error"
    )


def test_a_form_post_is_not_taken(browser: Client, user: User) -> None:
    body = {"username": NAME, "password": PASSWORD}
    answer = browser.post("/api/auth/login/", body, headers={"X-CSRFToken": token(browser)})
    problem(answer, 415, "unsupported_media_type")


def test_five_failures_lock_the_name_for_this_address(browser: Client, user: User) -> None:
    User.objects.create_user("other", password=PASSWORD)
    for _ in range(4):
        problem(sign_in(browser, "wrong"), 400, "invalid_credentials")
    detail = problem(sign_in(browser, "wrong"), 429, "locked_out")
    assert "quarter of an hour" in detail
    problem(sign_in(browser), 429, "locked_out")
    assert browser.get("/api/auth/session/").json()["authenticated"] is False
    assert sign_in(browser, PASSWORD, "other").status_code == 200
    elsewhere = Client(enforce_csrf_checks=True, REMOTE_ADDR="127.0.0.9")
    assert sign_in(elsewhere).status_code == 200


def test_a_good_login_forgets_the_failures_before(browser: Client, user: User) -> None:
    for _ in range(3):
        for _ in range(4):
            problem(sign_in(browser, "wrong"), 400, "invalid_credentials")
        assert sign_in(browser).status_code == 200


def test_the_password_is_kept_nowhere(browser: Client, user: User, caplog: pytest.LogCaptureFixture) -> None:
    from axes.models import AccessAttempt, AccessFailureLog, AccessLog

    sign_in(browser, "CANARY-PASSWORD")
    sign_in(browser)
    stored = [
        str(row)
        for model in (AccessAttempt, AccessFailureLog, AccessLog, AuditEvent)
        for row in model.objects.values()
    ]
    assert stored
    text = "".join(stored) + caplog.text
    assert "CANARY" not in text
    assert PASSWORD.strip() not in text


@pytest.mark.parametrize(
    "path",
    [
        "/api/livedata/session/",
        "/api/schwab/connection/",
        "/api/actandpos/accounts/",
        "/api/actandpos/account_summary",
        "/api/positions",
        "/api/actandpos/activity/today",
    ],
)
def test_without_login_the_api_answers_401_and_not_403(client: Client, path: str) -> None:
    problem(client.get(path), 401, "not_authenticated")


def test_logout_without_login_is_401(client: Client) -> None:
    problem(client.post("/api/auth/logout/"), 401, "not_authenticated")


def test_a_wrong_method_has_the_one_shape(client: Client) -> None:
    problem(client.get("/api/auth/login/"), 405, "method_not_allowed")


def test_the_schema_lists_every_answer_of_a_sign_in(browser: Client, user: User) -> None:
    path = "/api/auth/login/"
    body = {"username": NAME, "password": PASSWORD}
    met = {
        sign_in(browser).status_code,
        sign_in(browser, "wrong").status_code,
        browser.post(path, body, content_type="application/json").status_code,
        browser.post(path, body, headers={"X-CSRFToken": token(browser)}).status_code,
        browser.get(path).status_code,
    }
    assert met == {200, 400, 403, 405, 415}
    described = SchemaGenerator().get_schema(request=None, public=True)["paths"][path]["post"]["responses"]
    assert met < {int(status) for status in described}
