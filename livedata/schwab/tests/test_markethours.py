"""Market hours from `/markets`, as the calendar keeps them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from livedata.market import EASTERN, session_at
from livedata.models import MarketDay
from livedata.schwab import markethours
from livedata.schwab.client import Fetched, SchwabTraderAPI
from livedata.schwab.errors import SchwabOddAnswer, SchwabUnavailable
from livedata.schwab.models import BrokerConnection
from livedata.schwab.tests import payloads

DAY = date(2026, 5, 14)
CLOSED = {"date": "2026-05-16", "marketType": "EQUITY", "product": "equity", "isOpen": False}


def span(start: str, end: str) -> dict[str, str]:
    """Return one stretch of the day."""
    return {"start": f"{DAY}T{start}:00-04:00", "end": f"{DAY}T{end}:00-04:00"}


def trading_day(regular_end: str = "16:00") -> Any:
    """Return the trading day of §6.7."""
    sessions = {
        "preMarket": [span("07:00", "09:30")],
        "regularMarket": [span("09:30", regular_end)],
        "postMarket": [span(regular_end, "20:00")],
    }
    equity = {
        "date": str(DAY),
        "marketType": "EQUITY",
        "product": "EQ",
        "isOpen": True,
        "sessionHours": sessions,
    }
    return {"equity": {"EQ": equity}, "option": {"EQO": equity | {"marketType": "OPTION"}}}


def test_a_trading_day() -> None:
    hours = markethours.read_hours(payloads.encode(trading_day()))
    assert hours.is_open
    (regular,) = hours.session_hours.regular_market
    assert regular.start == datetime(2026, 5, 14, 9, 30, tzinfo=EASTERN)


def test_a_closed_day_has_another_shape() -> None:
    hours = markethours.read_hours(payloads.encode({"equity": {"equity": CLOSED}}))
    assert (hours.is_open, hours.session_hours.all()) == (False, {})


OPEN = ("equity", "EQ", "sessionHours")


@pytest.mark.parametrize(
    "answer",
    [
        {},
        None,
        5,
        {"equity": {}},
        {"option": {"EQO": CLOSED}},
        {"equity": {"EQ": {"isOpen": "yes"}}},
        {"equity": {"EQ": {}}},
        {"equity": {"EQ": {"isOpen": True}}},
        payloads.changed(trading_day(), OPEN, None),
        payloads.changed(trading_day(), OPEN, {"regularMarket": []}),
        payloads.changed(trading_day(), (*OPEN, "regularMarket"), [{"start": "soon", "end": "later"}]),
        payloads.changed(
            trading_day(),
            (*OPEN, "regularMarket"),
            [{"start": "2026-05-14T09:30:00", "end": "2026-05-14T16:00:00"}],
        ),
        payloads.changed(trading_day(), (*OPEN, "preMarket"), [span("09:30", "07:00")]),
    ],
)
def test_hours_that_the_calendar_could_not_use(answer: Any) -> None:
    with pytest.raises(SchwabOddAnswer):
        markethours.read_hours(payloads.encode(answer))


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 100_000])
def test_hours_that_are_no_json(body: bytes) -> None:
    with pytest.raises(SchwabOddAnswer):
        markethours.read_hours(body)


class Market:
    """Answers `fetch_markets` in the place of Schwab and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[date] = []
        self.answer: Any = trading_day("13:00")

    def __call__(self, day: date) -> Fetched:
        self.asked.append(day)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Fetched(payloads.encode(self.answer), timezone.now())


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch) -> Market:
    """Return the stand-in for one call."""
    market = Market()
    monkeypatch.setattr(SchwabTraderAPI, "fetch_markets", market)
    return market


@pytest.fixture
def connection(db: None) -> BrokerConnection:
    """Return a connection that is only handed on."""
    return BrokerConnection.objects.create(owner=User.objects.create_user("someone"))


def test_days_are_learned_once_and_used_by_the_calendar(connection: BrokerConnection, market: Market) -> None:
    assert markethours.learn_days(connection, DAY) == markethours.DAYS_AHEAD
    assert market.asked == [DAY + timedelta(days=offset) for offset in range(markethours.DAYS_AHEAD)]
    session = session_at(datetime(2026, 5, 14, 13, 30, tzinfo=EASTERN))
    assert (session.session, session.source) == ("post", "schwab")
    assert markethours.learn_days(connection, DAY) == 0
    assert len(market.asked) == markethours.DAYS_AHEAD


def test_a_day_learned_long_ago_is_asked_anew(connection: BrokerConnection, market: Market) -> None:
    markethours.learn_days(connection, DAY)
    MarketDay.objects.filter(date=DAY).update(fetched_at=timezone.now() - timedelta(hours=13))
    market.answer = {"equity": {"equity": CLOSED}}
    assert markethours.learn_days(connection, DAY) == 1
    assert not MarketDay.objects.get(date=DAY).is_open


@pytest.mark.parametrize("trouble", [SchwabUnavailable(), {"equity": {}}])
def test_trouble_leaves_the_days_already_known(
    connection: BrokerConnection, market: Market, trouble: Any
) -> None:
    markethours.learn_days(connection, DAY)
    MarketDay.objects.update(fetched_at=timezone.now() - timedelta(hours=13))
    market.answer = trouble
    with pytest.raises((SchwabUnavailable, SchwabOddAnswer)):
        markethours.learn_days(connection, DAY)
    assert MarketDay.objects.get(date=DAY).is_open
