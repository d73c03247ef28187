"""Who gets into the live socket, and how a browser can tell why not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from websockets.exceptions import InvalidStatus

from thor.tests.live_server import Server, closing_code, hear, serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(redis_url: str, settings: Any) -> Iterator[Server]:
    settings.THOR_LIVE_SOCKETS = 2
    with serving() as running:
        yield running


@pytest.fixture
def user() -> User:
    return User.objects.create_user("trader")


def test_a_signed_in_page_of_ours_is_welcome(server: Server, user: User) -> None:
    with server.open(user) as browser:
        assert hear(browser) == {"type": "welcome", "heartbeat_seconds": 15.0, "bus": "up"}
    with server.open(user, path="/ws/live") as browser:
        assert hear(browser)["type"] == "welcome"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://{host}", "http://127.0.0.1:1", "null", None]
)
def test_another_page_is_refused_before_it_is_let_in(server: Server, user: User, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        server.open(user, origin=origin and origin.format(host=server.host))
    assert refusal.value.response.status_code == 403


def test_a_host_that_is_not_ours_is_refused_even_with_its_own_origin(server: Server, user: User) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        server.open(user, name="rebound.example", origin=f"http://rebound.example:{server.port}")
    assert refusal.value.response.status_code == 403


def test_trusted_origins_are_those_of_the_csrf_check(server: Server, user: User, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://desk.example", "https://*.sub.example"]
    for origin in ("https://desk.example", "https://a.sub.example"):
        with server.open(user, origin=origin) as browser:
            assert hear(browser)["type"] == "welcome"
    for origin in ("https://a.desk.example", "http://a.sub.example"):
        with pytest.raises(InvalidStatus):
            server.open(user, origin=origin)


def test_another_path_is_refused(server: Server, user: User) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        server.open(user, path="/ws/other/")
    assert refusal.value.response.status_code == 403


def test_without_a_login_the_close_code_says_so(server: Server) -> None:
    with server.open() as browser:
        assert closing_code(browser) == 4401


def test_a_login_that_no_longer_holds_counts_as_none(server: Server, user: User) -> None:
    switched_off, expired, unknown = Client(), Client(), Client()
    for client in (switched_off, expired):
        client.force_login(user)
    with server.open(client=expired) as browser:
        hear(browser, "welcome")
    Session.objects.filter(pk=expired.session.session_key).update(expire_date=timezone.now() - timedelta(1))
    with server.open(client=expired) as browser:
        assert closing_code(browser) == 4401
    User.objects.filter(pk=user.pk).update(is_active=False)
    with server.open(client=switched_off) as browser:
        assert closing_code(browser) == 4401
    unknown.cookies["thor8000_sessionid"] = "x" * 32
    with server.open(client=unknown) as browser:
        assert closing_code(browser) == 4401


def test_a_password_changed_behind_our_back_ends_the_login(server: Server, user: User) -> None:
    client = Client()
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(password="!another")
    with server.open(client=client) as browser:
        assert closing_code(browser) == 4401
    assert Session.objects.filter(
        pk=client.cookies["thor8000_sessionid"].value
    ).exists()  # not ours to delete


def test_one_user_opens_so_many_sockets_and_another_is_not_hindered(server: Server, user: User) -> None:
    with server.open(user) as first, server.open(user) as second:
        hear(first, "welcome")
        hear(second, "welcome")
        with server.open(user) as third:
            assert closing_code(third) == 4429
        with server.open(User.objects.create_user("other")) as other:
            assert hear(other)["type"] == "welcome"
    with server.open(user) as again:
        assert hear(again)["type"] == "welcome"
