"""Dividends: read tolerantly, asked for once a day, never taken away by an answer that says nothing."""

from datetime import date
from decimal import Decimal

import pytest

from livedata.facts import known_facts
from livedata.models import Instrument
from livedata.schwab.dividends import Dividend, ask_for_dividends, read_dividends
from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.models import BrokerConnection
from livedata.schwab.tests.fake_schwab import FakeSchwab, said

QUOTES = "/marketdata/v1/quotes"
pytestmark = pytest.mark.django_db


def test_reading() -> None:
    body = b"""{
        "AAPL": {"fundamental": {"divPayAmount": 0.26, "divExDate": "2026-11-09T00:00:00Z",
                                 "nextDivExDate": "2027-02-08T00:00:00Z"}},
        "GOOG": {"fundamental": {"divPayAmount": 0.0, "divAmount": 0.0}},
        "ODD": {"fundamental": {"divPayAmount": "much"}},
        "WHEN": {"fundamental": {"divExDate": "soon"}},
        "NONE": {"quote": {}},
        "errors": {"invalidSymbols": ["X"]}
    }"""
    assert read_dividends(body) == {
        "AAPL": Dividend(date(2027, 2, 8), Decimal("0.26")),
        "GOOG": Dividend(None, None),
    }
    with pytest.raises(SchwabOddAnswer):
        read_dividends(b"[]")


def test_asked_for_once_a_day(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    told = {"AAPL": {"fundamental": {"divPayAmount": 0.26, "divExDate": "2026-11-09T00:00:00Z"}}}
    schwab.says(QUOTES, said(200, told), said(200, {}))
    assert ask_for_dividends(connection) == 1
    assert ask_for_dividends(connection) == 0
    assert known_facts(["AAPL"])["AAPL"] == (None, date(2026, 11, 9), Decimal("0.26"))
    Instrument.objects.update(dividend_asked_at=None)
    ask_for_dividends(connection)
    assert Instrument.objects.get(symbol="AAPL").dividend_amount == Decimal("0.26")


def test_a_failure_is_tried_again_later_and_takes_nothing_away(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    schwab.says(QUOTES, said(404, {}))
    assert ask_for_dividends(connection) == 0
    assert Instrument.objects.get(symbol="AAPL").dividend_asked_at is not None
