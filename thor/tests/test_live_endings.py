"""A login or a link that ends is heard by every process at once; where the bus lost the word, by the heartbeat."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.utils import timezone

from actandpos.models import Account
from actandpos.tests import book
from livedata.live import control
from livedata.schwab.models import BrokerConnection, LinkedAccount
from thor.tests.live_server import Server, ask, closing_code, eventually, hear, serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def servers(redis_url: str, settings: Any) -> Iterator[list[Server]]:
    """Two processes' worth of the live socket. Their heartbeat comes too late to help."""
    settings.THOR_LIVE_HEARTBEAT = 600.0
    with serving() as first, serving() as second:
        yield [first, second]


@pytest.fixture
def slow_bus(redis_url: str, settings: Any) -> Iterator[Server]:
    """A server whose heartbeat is quick, while publishers reach no bus."""
    settings.THOR_LIVE_HEARTBEAT = 0.2
    with serving() as running:
        settings.REDIS_URL = "unix:///nonexistent/redis.sock?db=0"
        yield running


@pytest.fixture
def user() -> User:
    return book.trader()


def test_signing_out_closes_this_login_everywhere_and_no_other(servers: list[Server], user: User) -> None:
    here, phone = Client(), Client()
    for client in (here, phone):
        client.force_login(user)
    with (
        servers[0].open(client=here) as first,
        servers[1].open(client=here) as second,
        servers[0].open(client=phone) as other,
    ):
        for browser in (first, second, other):
            hear(browser, "welcome")
        cookie = here.cookies["thor8000_sessionid"].value
        here.post("/api/auth/logout/")
        assert [closing_code(first), closing_code(second)] == [4401, 4401]
        other.send("{")
        assert hear(other, "error")
        stranger = Client()
        stranger.cookies["thor8000_sessionid"] = cookie
        with servers[0].open(client=stranger) as late:
            assert closing_code(late) == 4401


def test_a_handshake_that_overlaps_with_signing_out_is_too_late(servers: list[Server], user: User) -> None:
    """The word comes before the session is deleted: what is opened in between must not stay."""
    client = Client()
    client.force_login(user)
    control.end_session(client.session.session_key or "")
    eventually(lambda: all(each.live.hub._orders._sessions for each in servers))
    with servers[0].open(client=client) as browser:
        assert closing_code(browser) == 4401


@pytest.mark.parametrize("field", ["password", "is_active"])
def test_a_new_password_or_switching_off_closes_all_of_a_user(
    servers: list[Server], user: User, field: str
) -> None:
    with (
        servers[0].open(user) as first,
        servers[1].open(user) as second,
        servers[0].open(book.trader("x")) as other,
    ):
        for browser in (first, second, other):
            hear(browser, "welcome")
        person = User.objects.get(pk=user.pk)
        with transaction.atomic():
            person.is_active, person.password = field != "is_active", f"!{field}"
            person.save(update_fields=[field])
            other.send("{")
            hear(other, "error")
        assert [closing_code(first), closing_code(second)] == [4401, 4401]
        other.send("{")
        assert hear(other, "error")


def test_what_does_not_touch_the_login_closes_nothing(servers: list[Server], user: User) -> None:
    with servers[0].open(user) as browser:
        hear(browser, "welcome")
        person = User.objects.get(pk=user.pk)
        person.first_name = "Another"
        person.save()
        with transaction.atomic():
            person.password = "!undone"
            person.save()
            transaction.set_rollback(True)
        Client().force_login(user)
        browser.send("{")
        assert hear(browser, "error")


def test_deleting_a_user_closes_the_sockets(servers: list[Server], user: User) -> None:
    with servers[1].open(user) as browser:
        hear(browser, "welcome")
        User.objects.get(pk=user.pk).delete()
        assert closing_code(browser) == 4401


def test_ending_accounts_ends_their_channels_and_leaves_the_rest(servers: list[Server], user: User) -> None:
    mine, kept = book.account(user), book.account(user, identity="two")
    names = [f"live_data:{kind}:{mine.pk}" for kind in ("balances", "positions", "orders")]
    with servers[0].open(user) as first, servers[1].open(user) as second:
        for browser in (first, second):
            ask(browser, "subscribe", *names, f"live_data:balances:{kept.pk}")
            hear(browser, "balances", account_id=kept.pk)
        assert control.end_accounts([mine.pk])
        for browser, server in ((first, servers[0]), (second, servers[1])):
            ended = hear(browser, "ended")
            assert (sorted(ended["channels"]), ended["code"]) == (sorted(names), "disconnected")
            assert server.live.hub.account_ids() == {kept.pk}
        ask(first, "subscribe", names[0])  # the book stays, and so may who reads it
        assert hear(first, "balances", account_id=mine.pk)["snapshot"]


def test_disconnecting_schwab_ends_the_channels_of_its_accounts(servers: list[Server], user: User) -> None:
    mine = book.account(user)
    connection = BrokerConnection.objects.create(owner=user, status=BrokerConnection.Status.CONNECTED)
    LinkedAccount.objects.create(account=mine, connection=connection, linked=True)
    client = book.signed_in(user)
    name = f"live_data:balances:{mine.pk}"
    with servers[0].open(user) as first, servers[1].open(user) as second:
        for browser in (first, second):
            ask(browser, "subscribe", name)
            hear(browser, "balances")
        assert client.delete("/api/schwab/connection/").status_code == 204
        for browser in (first, second):
            assert hear(browser, "ended")["channels"] == [name]
        ask(first, "subscribe", name)
        assert hear(first, "balances")["balances"]["link_state"] == "none"


def test_the_key_of_a_session_never_travels(servers: list[Server], user: User, redis_url: str) -> None:
    client = Client()
    client.force_login(user)
    key = client.session.session_key or ""
    with redis.Redis.from_url(redis_url) as store, store.pubsub() as heard:
        heard.subscribe("live_control")
        assert heard.get_message(timeout=5)
        client.post("/api/auth/logout/")
        message = heard.get_message(timeout=5)
        assert message
        assert b'"end":"session"' in message["data"]
        assert key.encode() not in message["data"]


def test_rubbish_on_the_control_channel_does_no_harm(
    servers: list[Server], user: User, redis_url: str
) -> None:
    with servers[0].open(user) as browser, redis.Redis.from_url(redis_url) as store:
        hear(browser, "welcome")
        for rubbish in ("", "[]", '{"end":"world"}', b"\xff"):
            store.publish("live_control", rubbish)
        control.end_user(user.pk)
        assert closing_code(browser) == 4401


@pytest.mark.parametrize("how", ["session", "expired", "password", "inactive", "deleted"])
def test_the_heartbeat_finds_what_the_bus_lost(slow_bus: Server, user: User, how: str) -> None:
    with slow_bus.open(user) as browser:
        hear(browser, "welcome")
        if how == "session":
            Session.objects.all().delete()
        elif how == "expired":
            Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        elif how == "inactive":
            User.objects.update(is_active=False)
        elif how == "deleted":
            User.objects.all().delete()
        else:
            person = User.objects.get(pk=user.pk)
            person.password = "!new"
            person.save()
        assert closing_code(browser) == 4401


def test_an_account_that_is_deleted_ends(slow_bus: Server, user: User) -> None:
    account = book.account(user)
    with slow_bus.open(user) as browser:
        ask(browser, "subscribe", f"live_data:balances:{account.pk}")
        hear(browser, "balances")
        Account.objects.all().delete()
        assert hear(browser, "ended")["code"] == "gone"
