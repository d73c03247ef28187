"""How often a question is asked: outages three times within the deadline, everything else once."""

from typing import Any

import pytest
import requests

from livedata.schwab import errors, trying
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.limiter import Limiter
from livedata.schwab.models import BrokerConnection, ProductHealth
from livedata.schwab.tests.fake_schwab import ACCOUNTS, FakeSchwab, said

pytestmark = pytest.mark.django_db
Pauses = list[float]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    """Try as often as in earnest, but note the pauses instead of keeping them; each is the longest possible."""
    kept: Pauses = []
    monkeypatch.setattr(trying, "TRIES", 3)
    monkeypatch.setattr(trying.time, "sleep", kept.append)
    monkeypatch.setattr(trying.random, "uniform", lambda low, high: high)
    return kept


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_outage_is_asked_three_times(
    schwab: FakeSchwab, connection: BrokerConnection, pauses: Pauses, status: int
) -> None:
    schwab.says(ACCOUNTS, *[said(status, {"message": "no"})] * 3)
    api = SchwabTraderAPI(connection)
    with pytest.raises(errors.SchwabUnavailable):
        api.fetch_accounts()
    assert (api.calls, schwab.calls[ACCOUNTS]) == (3, 3)
    assert pauses == [1.0, 2.0]


def test_an_outage_that_passes_is_no_failure(
    schwab: FakeSchwab, connection: BrokerConnection, pauses: Pauses
) -> None:
    schwab.says(ACCOUNTS, said(503, "busy"), requests.ReadTimeout())
    api = SchwabTraderAPI(connection)
    assert api.fetch_accounts().body
    assert api.calls == 3
    assert not ProductHealth.objects.exclude(failures=0).exists()


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (said(400, {"message": "no"}), errors.SchwabRefused),
        (said(403, "<html>", "text/html"), errors.SchwabUnavailable),
        (said(404, "Not Found", "text/plain"), errors.SchwabUnavailable),
        (said(404, {"message": "no"}), errors.SchwabNotFound),
        (said(429, ""), errors.SchwabThrottled),
        (said(200, "<html>", "text/html"), errors.SchwabOddAnswer),
        (said(302, "", Location="http://127.0.0.1:1/"), errors.SchwabOddAnswer),
    ],
    ids=["400", "403 page", "404 text", "404", "429", "page", "redirect"],
)
def test_what_would_only_answer_the_same_is_asked_once(
    schwab: FakeSchwab,
    connection: BrokerConnection,
    pauses: Pauses,
    reply: Any,
    kind: type[errors.SchwabError],
) -> None:
    schwab.says(ACCOUNTS, *[reply] * 3)
    api = SchwabTraderAPI(connection)
    with pytest.raises(kind):
        api.fetch_accounts()
    assert (api.calls, pauses) == (1, [])


def test_all_tries_share_one_deadline(
    schwab: FakeSchwab, connection: BrokerConnection, pauses: Pauses, settings: Any
) -> None:
    settings.THOR_HTTP_DEADLINE = 0.9
    schwab.says(ACCOUNTS, *[said(500, "")] * 3)
    api = SchwabTraderAPI(connection)
    with pytest.raises(errors.SchwabUnavailable):
        api.fetch_accounts()
    assert (api.calls, pauses) == (1, [])


def test_the_fifth_failure_stops_the_asking(
    schwab: FakeSchwab, connection: BrokerConnection, pauses: Pauses
) -> None:
    schwab.says(ACCOUNTS, *[said(500, "")] * 9)
    for _ in range(3):
        with pytest.raises(errors.SchwabUnavailable):
            SchwabTraderAPI(connection).fetch_accounts()
    assert schwab.calls[ACCOUNTS] == 5


def test_a_429_holds_every_later_call(
    schwab: FakeSchwab, connection: BrokerConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "limiter", Limiter())
    schwab.says(ACCOUNTS, said(429, "", "text/plain", **{"Retry-After": "40"}))
    for _ in range(2):
        with pytest.raises(errors.SchwabThrottled) as held:
            SchwabTraderAPI(connection).fetch_accounts()
        assert held.value.retry_after is not None
        assert 39 < held.value.retry_after <= 40
    assert schwab.calls[ACCOUNTS] == 1


def test_a_401_is_not_an_outage(schwab: FakeSchwab, connection: BrokerConnection, pauses: Pauses) -> None:
    schwab.says(ACCOUNTS, said(401, {"errors": [{"status": 401}]}))
    api = SchwabTraderAPI(connection)
    assert api.fetch_accounts().body
    assert (api.calls, pauses) == (2, [])
