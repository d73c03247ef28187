"""The headers that guard a page stand on every answer: on those of every route, on static files and on all errors."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from websockets.exceptions import InvalidStatus

from thor import health
from thor.tests.live_server import serving
from thor.tests.test_routes import ANYONE, SIGNED_IN, TO_THE_PAGE

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADDRESSES = {**ANYONE, **TO_THE_PAGE, **{name: path for name, (_, path) in SIGNED_IN.items()}}
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = (
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)


def assert_guarded(answer: HttpResponseBase) -> None:
    """The answer carries every guard, and its policy allows nothing inline."""
    assert {name: answer.headers.get(name) for name in GUARDS} == GUARDS, answer
    policy = answer.headers.get("Content-Security-Policy", "")
    assert [each for each in POLICY if each not in policy] == [], answer
    assert "unsafe" not in policy


def browser(who: str) -> Client:
    """Return a stranger's browser, or one in which somebody is signed in who may see the admin."""
    client = Client(raise_request_exception=False)
    if who == "superuser":
        client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.mark.parametrize("who", ["stranger", "superuser"])
@pytest.mark.parametrize("path", ADDRESSES.values(), ids=ADDRESSES)
def test_every_route(path: str, who: str) -> None:
    client = browser(who)
    for method in ("get", "post", "put", "options"):
        answer = getattr(client, method)(path)
        assert answer.status_code < 500 or path in ("/", "/healthz/ready/"), answer.content
        assert_guarded(answer)


def admin_pages() -> Iterator[str]:
    """Yield the addresses of the admin."""
    yield from map(reverse, ("admin:index", "admin:login", "admin:password_change", "admin:jsi18n"))
    for model in admin.site._registry:
        for page in ("changelist", "add"):
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


@pytest.mark.parametrize("who", ["stranger", "superuser"])
def test_the_admin(who: str) -> None:
    client = browser(who)
    for path in admin_pages():
        answer = client.get(path)
        assert answer.status_code in (200, 302, 403), path
        assert_guarded(answer)


def test_files_and_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """With DEBUG the pages of errors alone go without a policy: they are drawn by styles of their own."""

    def broken() -> bool:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(health, "_database", broken)
    client = browser("stranger")
    wanted = {
        "/static/admin/css/base.css": 200,
        "/nothing/here": 404,
        "/api/nothing/here": 404,
        "/ws/live/": 404,  # asked for as a page
        "/healthz/ready/": 500,
    }
    for path, status in wanted.items():
        answer = client.get(path)
        assert answer.status_code == status, path
        assert_guarded(answer)
    answer = client.get("/", HTTP_HOST="rebound.example")
    assert answer.status_code == 400
    assert_guarded(answer)


def test_a_refused_form() -> None:
    client = Client(enforce_csrf_checks=True)
    for path in ("/admin/login/", "/api/auth/login/"):
        answer = client.post(path, {"username": "a", "password": "b"})
        assert answer.status_code == 403
        assert_guarded(answer)


def test_a_public_host_adds_https(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31536000
    answer = Client().get("/api/auth/session/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/api/auth/session/")
    assert_guarded(answer)
    answer = Client().get("/api/auth/session/", secure=True)
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")
    assert_guarded(answer)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/ws/live/", "/ws/other/"])
def test_a_refused_socket_is_an_empty_answer(redis_url: str, path: str) -> None:
    """No page shows it, and there is nothing in it to show."""
    with serving() as server, pytest.raises(InvalidStatus) as refusal:
        server.open(path=path, origin="https://evil.example")
    answer = refusal.value.response
    assert (answer.status_code, answer.body) == (403, b"")
    assert "Set-Cookie" not in answer.headers
