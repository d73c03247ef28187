"""A browser that never reads: it is cut off, takes nothing from the others, and is shut out like any other."""

import contextlib
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.conf import settings as thor_settings
from django.contrib.auth.models import User
from django.test import Client

from actandpos.models import Account
from actandpos.tests import book
from thor.tests.live_server import Server, ask, eventually, hear, serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(redis_url: str, settings: Any) -> Iterator[Server]:
    settings.THOR_LIVE_SEND_TIMEOUT = 0.4
    with serving() as running:
        yield running


@pytest.fixture
def user() -> User:
    return book.trader()


@pytest.fixture
def account(user: User) -> Account:
    made = book.account(user)
    book.apply(made, 1, book.row("ABC"))
    return made


def _deaf(server: Server, user: User, channel: str) -> socket.socket:
    """Open a socket, subscribe and never read again."""
    client = Client()
    client.force_login(user)
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", server.port))
    cookie = client.cookies[thor_settings.SESSION_COOKIE_NAME].value
    lines = [
        "GET /ws/live/ HTTP/1.1",
        f"Host: {server.host}",
        f"Origin: http://{server.host}",
        f"Cookie: {thor_settings.SESSION_COOKIE_NAME}={cookie}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "\r\n",
    ]
    deaf.sendall("\r\n".join(lines).encode())
    assert b"101" in deaf.recv(64)
    text = json.dumps({"action": "subscribe", "channels": [channel]}).encode()
    deaf.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
    return deaf


def test_a_browser_that_never_reads_is_cut_off_and_takes_nothing_from_the_others(
    server: Server, redis_url: str, user: User, account: Account
) -> None:
    name, count = f"live_data:positions:{account.pk}", 200
    with contextlib.closing(_deaf(server, user, name)), server.open(user, max_size=None) as browser:
        ask(browser, "subscribe", name)
        hear(browser, "positions")
        eventually(lambda: len(server.live.hub._listeners[name]) == 2)
        filler = "x" * 60_000
        with redis.Redis.from_url(redis_url) as store:
            for number in range(count):
                message = {
                    "type": "positions",
                    "version": 100 + number,
                    "base_version": 99 + number,
                    "f": filler,
                }
                store.publish(name, json.dumps(message))
        assert [hear(browser, "positions")["version"] for _ in range(count)] == list(range(100, 100 + count))
        eventually(lambda: len(server.live.hub.browsers) == 1, "the deaf browser is still there")
        eventually(lambda: len(server.uvicorn.server_state.connections) == 1, "its connection is still open")
        browser.send("{")
        assert hear(browser, "error")


def test_a_deaf_browser_is_shut_out_at_once_when_its_login_ends(
    redis_url: str, settings: Any, user: User, account: Account
) -> None:
    settings.THOR_LIVE_SEND_TIMEOUT = 600.0
    name = f"live_data:positions:{account.pk}"
    with serving() as server, contextlib.closing(_deaf(server, user, name)):
        eventually(lambda: server.live.hub._listeners.get(name))
        with redis.Redis.from_url(redis_url) as store:
            for number in range(200):
                store.publish(
                    name, json.dumps({"type": "positions", "version": 100 + number, "f": "x" * 60_000})
                )
        eventually(lambda: any(each.sending_since for each in server.live.hub.browsers))
        person = User.objects.get(pk=user.pk)
        person.password = "!new"
        person.save()
        eventually(lambda: not server.uvicorn.server_state.connections)
