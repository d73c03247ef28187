"""Names of shares: asked once a day in one call, filled in the sync's own transaction afterwards."""

from datetime import timedelta

import pytest
import requests
import time_machine
from django.utils import timezone

from actandpos.models import Position
from livedata.models import Instrument
from livedata.schwab import descriptions, errors
from livedata.schwab.models import BrokerConnection
from livedata.schwab.tests.fake_schwab import (
    AAPL,
    FIVE,
    MSFT,
    QUOTES,
    UNAUTHORIZED,
    FakeSchwab,
    Reply,
    account,
    said,
    share,
)
from livedata.schwab.tests.people import account_of
from livedata.schwab.tests.synced import sync

pytestmark = pytest.mark.django_db
FRUIT = {"AAPL": {"reference": {"description": "FICTIONAL FRUIT INC"}}}


def names() -> dict[str, str | None]:
    """Return the names in the book."""
    return dict(Position.objects.values_list("symbol", "description"))


def test_names_are_asked_once_a_day_in_one_call(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.quotes = FRUIT | {"errors": {"invalidSymbols": ["MSFT"]}}
    assert descriptions.ask_for_names(connection) == 1
    assert names() == {"AAPL": "FICTIONAL FRUIT INC", "MSFT": None}
    assert str(schwab.seen[-1].url).endswith("/quotes?symbols=AAPL%2CMSFT&fields=reference")
    assert descriptions.ask_for_names(connection) == 0
    assert schwab.calls[QUOTES] == 1
    Instrument.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    schwab.quotes = {}
    assert descriptions.ask_for_names(connection) == 0
    assert schwab.calls[QUOTES] == 2
    assert str(schwab.seen[-1].url).endswith("symbols=MSFT&fields=reference")


def test_a_known_name_stands_in_the_same_version_as_the_row(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    Instrument.objects.create(
        symbol="TSLA", description="FICTIONAL CARS", asked_at=timezone.now() - timedelta(days=9)
    )
    schwab.holds(account(FIVE[0], AAPL, MSFT, share("TSLA", 1, 300)), *map(account, FIVE[1:]))
    assert sync(connection).outcome == "ok"
    assert names()["TSLA"] == "FICTIONAL CARS"
    assert schwab.calls[QUOTES] == 0


def test_a_name_survives_the_next_figures(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.quotes = FRUIT
    descriptions.ask_for_names(connection)
    schwab.holds(account(FIVE[0], share("AAPL", 10, 200), MSFT), *map(account, FIVE[1:]))
    sync(connection)
    assert names()["AAPL"] == "FICTIONAL FRUIT INC"
    version = account_of(connection, FIVE[0]).version
    assert sync(connection).outcome == "unchanged"
    assert account_of(connection, FIVE[0]).version == version


LACKING: dict[str, Reply] = {
    "no such route": said(404, "404 Not Found: Requested route does not exist.", "text/plain"),
    "not in the app": UNAUTHORIZED,
    "refused": said(403, {"errors": [{"status": 403}]}),
    "unknown": said(404, {"errors": [{"status": "404"}]}),
}


@pytest.mark.parametrize("reply", LACKING.values(), ids=LACKING.keys())
def test_without_quotes_it_is_asked_once_a_day_and_hurts_nobody(
    schwab: FakeSchwab, connection: BrokerConnection, reply: Reply
) -> None:
    Instrument.objects.create(symbol="AAPL", description="KNOWN", asked_at=timezone.now() - timedelta(days=9))
    schwab.says(QUOTES, reply, reply)
    assert descriptions.ask_for_names(connection) == 0
    calls = schwab.calls[QUOTES]
    assert descriptions.ask_for_names(connection) == 0
    assert schwab.calls[QUOTES] == calls
    assert Instrument.objects.get(symbol="AAPL").description == "KNOWN"
    connection.refresh_from_db()
    assert (connection.status, connection.last_error_code) == ("connected", "")


ODD: dict[str, tuple[Reply, type[errors.SchwabError]]] = {
    "list": (said(200, []), errors.SchwabOddAnswer),
    "page": (said(200, "<html>", "text/html"), errors.SchwabOddAnswer),
    "entry": (said(200, {"AAPL": []}), errors.SchwabOddAnswer),
    "throttled": (said(429, ""), errors.SchwabThrottled),
    "silence": (requests.ReadTimeout(), errors.SchwabUnreachable),
}


@pytest.mark.parametrize(("reply", "kind"), ODD.values(), ids=ODD.keys())
def test_trouble_is_asked_about_again(
    schwab: FakeSchwab, connection: BrokerConnection, reply: Reply, kind: type[errors.SchwabError]
) -> None:
    schwab.says(QUOTES, reply)
    with pytest.raises(kind):
        descriptions.ask_for_names(connection)
    schwab.quotes = FRUIT
    assert descriptions.ask_for_names(connection) == 1


def test_at_most_five_hundred_symbols_at_once(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    many = [share(f"S{number:03}", 1, 10) for number in range(501)]
    schwab.holds(account(FIVE[0], AAPL, MSFT, *many), *map(account, FIVE[1:]))
    sync(connection)
    assert len(descriptions.missing_names(connection)) == 500


def test_names_that_are_long_or_absent_are_bounded() -> None:
    body = b'{"A": {"reference": {"description": "%s"}}, "B": {"reference": {}}, "C": {}}' % (b"x" * 300)
    assert descriptions.read_names(body) == {"A": "x" * 200}


def test_the_same_share_of_another_account_gets_its_name_too(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    schwab.holds(account(FIVE[0], AAPL, MSFT), account(FIVE[1], AAPL), *map(account, FIVE[2:]))
    sync(connection)
    schwab.quotes = FRUIT
    with time_machine.travel(timezone.now() + timedelta(seconds=1)):
        descriptions.ask_for_names(connection)
    assert account_of(connection, FIVE[0]).positions.get(symbol="AAPL").description == "FICTIONAL FRUIT INC"
    assert account_of(connection, FIVE[1]).positions.get().description == "FICTIONAL FRUIT INC"
