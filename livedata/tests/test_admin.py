"""Announced days and names in Django admin: to look up and to forget, not to type."""

from datetime import UTC, date, datetime

import pytest
from django.db.models import Model
from django.test import Client

from desk.tests.admin_pages import closed_to_others, found, refuses, row_of, superuser, walk
from livedata.models import Instrument, MarketDay

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
HOURS = {"regular": ["2026-05-14T09:30:00-04:00", "2026-05-14T16:00:00-04:00"]}


@pytest.fixture
def client() -> Client:
    """Return a superuser's browser."""
    return superuser()


@pytest.fixture
def rows() -> list[Model]:
    """Return a day and a name, one more of each beside them."""
    day = MarketDay(date=date(2026, 5, 14), is_open=True, hours=HOURS, source="schwab", fetched_at=NOW)
    closed = MarketDay(date=date(2026, 5, 16), is_open=False, source="schwab", fetched_at=NOW)
    name = Instrument(symbol="BRK/B", description="FICTIONAL HOLDINGS", asked_at=NOW)
    other = Instrument(symbol="AAPL  260918C00220000", description="", asked_at=NOW)
    for row in (day, closed, name, other):
        row.save()
    return [day, name, other]


def test_lists_searches_and_filters(client: Client, rows: list[Model]) -> None:
    assert found(client, MarketDay) == 2
    assert found(client, MarketDay, is_open__exact="1") == 1
    assert found(client, MarketDay, date__day="16", date__month="5", date__year="2026") == 1
    assert found(client, Instrument) == 2
    assert found(client, Instrument, q="fictional") == 1
    assert found(client, Instrument, q="260918C") == 1


@pytest.mark.parametrize("model", [MarketDay, Instrument])
def test_every_page_opens(client: Client, rows: list[Model], model: type[Model]) -> None:
    assert len(walk(client, model, "A")) > 5


def test_nobody_types_a_day_or_a_name(client: Client, rows: list[Model]) -> None:
    for row in rows:
        refuses(client, row, "add", "change")


def test_a_row_can_be_forgotten(client: Client, rows: list[Model]) -> None:
    for row in rows:
        assert client.post(row_of(row, "delete"), {"post": "yes"}).status_code == 302
    assert (MarketDay.objects.count(), Instrument.objects.count()) == (1, 0)


def test_nobody_else_gets_in(rows: list[Model]) -> None:
    closed_to_others(rows[0])
