"""Where to connect: read anew each time, in either shape, and never where a token would travel in clear."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from livedata.schwab import errors
from livedata.schwab.models import BrokerConnection
from livedata.schwab.streamer.codes import StreamEnded
from livedata.schwab.streamer.door import find_door, read_door
from livedata.schwab.tests.fake_schwab import PREFERENCE, FakeSchwab, said
from livedata.schwab.tests.payloads import preferences
from livedata.schwab.tests.people import FIRST_TOKEN, change, connected, user

ADDRESS = "wss://streamer.example/ws"


@pytest.mark.parametrize("shape", [preferences(), [preferences()]], ids=["object", "array"])
def test_both_shapes_are_read(shape: Any) -> None:
    door = read_door(json.dumps(shape).encode())
    assert (door.streamer_socket_url, door.schwab_client_channel) == (ADDRESS, "N9")
    assert door.schwab_client_function_id == "APIAPP"


@pytest.mark.parametrize(
    "body", ["{}", "[]", '{"streamerInfo":[]}', '{"streamerInfo":null}', '{"streamerInfo":[{}]}']
)
def test_no_streamer_is_told_apart(body: str) -> None:
    with pytest.raises(StreamEnded) as caught:
        read_door(body.encode())
    assert caught.value.kind == "no_streamer"


@pytest.mark.parametrize("body", ["<html>", '{"streamerInfo":7}', "[1]"])
def test_an_odd_answer_is_none(body: str) -> None:
    with pytest.raises(errors.SchwabOddAnswer):
        read_door(body.encode())


@pytest.mark.parametrize(
    ("base", "address", "good"),
    [
        ("https://api.schwabapi.com", ADDRESS, True),
        ("https://api.schwabapi.com", "ws://streamer.example/ws", False),
        ("https://api.schwabapi.com", "http://streamer.example/ws", False),
        ("http://127.0.0.1:9000", "ws://127.0.0.1:9000/ws", True),
    ],
)
def test_no_token_goes_where_the_line_is_open(
    settings: Settings, base: str, address: str, good: bool
) -> None:
    settings.SCHWAB_BASE_URL = base
    body = json.dumps({"streamerInfo": [{"streamerSocketUrl": address}]}).encode()
    if good:
        assert read_door(body).streamer_socket_url == address
    else:
        with pytest.raises(StreamEnded) as caught:
            read_door(body)
        assert caught.value.kind == "unsafe_address"


@pytest.mark.django_db
def test_the_customer_is_learned_and_a_second_stream_of_it_refused(schwab: FakeSchwab) -> None:
    first, second = (connected(user(name), numbers=()) for name in ("first", "second"))
    schwab.says(PREFERENCE, *[said(200, preferences())] * 2)
    key = find_door(first.pk)
    first.refresh_from_db()
    assert key.access_token == FIRST_TOKEN
    assert key.customer == first.customer_identity != ""
    change(first, stream_lease_owner="one", stream_lease_until=timezone.now() + timedelta(hours=1))
    with pytest.raises(StreamEnded) as caught:
        find_door(second.pk)
    assert caught.value.kind == "other_customer"
    assert BrokerConnection.objects.filter(customer_identity=key.customer).count() == 2
