"""The watchlist: one a person, in the person's order, nobody else's."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from livedata.watchlist.selectors import watched_by_all
from livedata.watchlist.services import set_watchlist

PATH = "/api/livedata/watchlist/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """Return a user."""
    return User.objects.create(username="trader")


@pytest.fixture
def browser(user: User, client: Client) -> Client:
    """Return the user's browser."""
    client.force_login(user)
    return client


def put(browser: Client, symbols: Any) -> Any:
    """Send a list."""
    return browser.put(PATH, {"symbols": symbols}, content_type="application/json")


def test_it_begins_empty_and_keeps_the_order(browser: Client) -> None:
    assert browser.get(PATH).json() == {"symbols": []}
    assert put(browser, ["NVDA", "$SPX", "AAPL"]).json() == {"symbols": ["NVDA", "$SPX", "AAPL"]}
    assert put(browser, ["AAPL", "NVDA"]).json() == {"symbols": ["AAPL", "NVDA"]}
    assert browser.get(PATH).json() == {"symbols": ["AAPL", "NVDA"]}


def test_symbols_are_spelled_as_the_broker_spells_them_and_count_once(browser: Client) -> None:
    answer = put(browser, ["nvda", "NVDA", " brk/b ", "aapl 260918C00220000", "SPXW  260918P05500000"])
    assert answer.json() == {
        "symbols": ["NVDA", "BRK/B", "AAPL  260918C00220000", "SPXW  260918P05500000"],
    }


@pytest.mark.parametrize(
    "symbols", [None, "AAPL", [""], ["A,B"], ["A B"], ["<b>"], ["A" * 33], [{}], ["A"] * 201, ["A\u0000"]]
)
def test_what_cannot_be_a_list_of_symbols_changes_nothing(browser: Client, symbols: Any) -> None:
    put(browser, ["NVDA"])
    answer = put(browser, symbols)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert browser.get(PATH).json() == {"symbols": ["NVDA"]}


def test_everybody_has_an_own_one(browser: Client, user: User) -> None:
    other = User.objects.create(username="other")
    set_watchlist(other, ["TSLA"])
    put(browser, ["NVDA"])
    assert browser.get(PATH).json() == {"symbols": ["NVDA"]}
    assert watched_by_all([user.pk, other.pk, 999]) == {user.pk: ["NVDA"], other.pk: ["TSLA"]}
    assert watched_by_all([other.pk]) == {other.pk: ["TSLA"]}
