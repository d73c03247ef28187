"""What a heartbeat costs: the same few queries for one browser and for many."""

import asyncio

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actandpos.tests import book
from livedata.live.heartbeat import _look
from livedata.live.hub import Hub
from livedata.live.logins import Login, login_of
from thor.live import GATE

pytestmark = pytest.mark.django_db


def login(user: User) -> Login:
    """Sign in."""
    client = Client()
    client.force_login(user)
    found = login_of(client.session.session_key or "")
    assert found is not None
    return found


def test_three_queries_however_many_browsers_and_accounts() -> None:
    async def hub() -> Hub:
        return Hub(GATE)

    people = [book.trader(f"trader {number}") for number in range(20)]
    accounts = {book.account(each, identity=each.username).pk for each in people}
    logins = {login(each) for each in people}
    with CaptureQueriesContext(connection) as queries:
        ended, states = _look(asyncio.run(hub()), logins, accounts)
    assert len(queries) == 3
    assert ended == set()
    assert set(states) == accounts
