"""What may be asked of the live socket, and the typed errors for the rest; one's own accounts, within limits."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from actandpos.models import Account
from actandpos.tests import book
from thor.tests.live_server import Server, ask, hear, serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(redis_url: str, settings: Any) -> Iterator[Server]:
    settings.THOR_LIVE_CHANNELS = 4
    settings.THOR_LIVE_MESSAGE_BYTES = 2_000
    with serving() as running:
        yield running


@pytest.fixture
def user() -> User:
    return book.trader()


@pytest.fixture
def account(user: User) -> Account:
    made = book.account(user)
    book.apply(made, 1, book.row("ABC"), book.row("XYZ"))
    return made


def test_what_is_not_yours_looks_like_what_does_not_exist(server: Server, account: Account) -> None:
    with server.open(book.trader("other")) as browser:
        theirs, none = f"live_data:positions:{account.pk}", f"live_data:positions:{account.pk + 1}"
        ask(browser, "subscribe", theirs, none, "live_data:secrets:1", "live_control")
        answers = [hear(browser, "error") for _ in range(4)]
        assert [each.pop("channel") for each in answers] == [
            theirs,
            none,
            "live_data:secrets:1",
            "live_control",
        ]
        assert {json.dumps(each) for each in answers} == {
            json.dumps({"type": "error", "code": "unknown_channel", "detail": "There is no such channel."})
        }


def test_a_superuser_has_the_admin_for_that(server: Server, account: Account) -> None:
    with server.open(User.objects.create_superuser("root")) as browser:
        ask(browser, "subscribe", f"live_data:positions:{account.pk}")
        assert hear(browser, "error")["code"] == "unknown_channel"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{", "not_json"),
        (b"{}", "not_json"),
        ("[]", "bad_request"),
        ('{"action":"subscribe"}', "bad_request"),
        ('{"action":"subscribe","channels":[7]}', "bad_request"),
        ('{"action":"publish","channels":[]}', "unknown_action"),
        ('{"action":"subscribe","channels":["live_data:positions:0"]}', "unknown_channel"),
        ('{"action":"subscribe","channels":["live_data:positions:99999999999999999999"]}', "unknown_channel"),
        ('{"action":"unsubscribe","channels":["live_data:positions:1"]}', "unknown_channel"),
        (json.dumps({"action": "subscribe", "channels": ["x"] * 5}), "too_many_channels"),
        ('{"x":' * 380, "not_json"),
        ("x" * 2_001, "too_large"),
        ("é" * 1_001, "too_large"),
    ],
)
def test_rubbish_gets_a_typed_error_and_the_rest_goes_on(
    server: Server, user: User, account: Account, sent: str | bytes, code: str
) -> None:
    with server.open(user) as browser:
        browser.send(sent)
        assert hear(browser, "error")["code"] == code
        ask(browser, "subscribe", f"live_data:balances:{account.pk}")
        assert hear(browser, "balances")["snapshot"]


def test_so_many_channels_and_no_more_but_room_is_given_back(server: Server, user: User) -> None:
    names = [f"live_data:quotes:{symbol}" for symbol in ("A", "B", "$SPX", "XYZ   270115C00220000", "E")]
    with server.open(user) as browser:
        ask(browser, "subscribe", *names[:4])
        assert hear(browser, "subscribed")["channels"] == names[:4]
        ask(browser, "subscribe", names[4], names[0])
        assert hear(browser, "error")["channel"] == names[4]
        assert hear(browser, "subscribed")["channels"] == names[:1]
        ask(browser, "unsubscribe", names[0])
        hear(browser, "unsubscribed")
        ask(browser, "subscribe", names[4])
        assert hear(browser, "subscribed")["channels"] == [names[4]]
