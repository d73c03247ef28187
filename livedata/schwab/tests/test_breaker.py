"""The breaker: opens after five failures in a row, probes once a minute, closes with the first good answer."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from livedata.schwab import breaker, errors
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.models import BrokerConnection, ProductHealth
from livedata.schwab.tests.fake_schwab import ACCOUNTS, FakeSchwab, said

pytestmark = pytest.mark.django_db
OUTAGE = errors.SchwabUnavailable(status=503)


def fail(times: int, product: str = "trader") -> None:
    """Let a product fail so many times."""
    for _ in range(times):
        breaker.failed(product, OUTAGE)


def is_open(product: str = "trader") -> bool:
    """Tell whether a call would be held back."""
    try:
        breaker.admit(product)
    except errors.SchwabUnavailable:
        return True
    return False


def test_four_failures_are_borne_and_the_fifth_opens() -> None:
    fail(4)
    assert not is_open()
    fail(1)
    assert is_open()
    assert not is_open("marketdata")


def test_while_open_one_probe_a_minute_goes_through() -> None:
    fail(5)
    start = timezone.now()
    assert probes_at(start + timedelta(seconds=59)) == 0
    assert probes_at(start + timedelta(seconds=62)) == 1
    assert probes_at(start + timedelta(seconds=100)) == 0
    assert probes_at(start + timedelta(seconds=130)) == 1


def probes_at(moment: datetime) -> int:
    """Return how many of five callers get through at a moment."""
    with time_machine.travel(moment, tick=False):
        return [is_open() for _ in range(5)].count(False)


def test_a_good_answer_closes_it() -> None:
    fail(7)
    breaker.succeeded("trader")
    assert not is_open()
    assert ProductHealth.objects.get().failures == 0
    fail(4)
    assert not is_open()


@pytest.mark.parametrize(
    "error",
    [errors.SchwabThrottled(), errors.SchwabRefused(), errors.SchwabNotFound(), errors.NotAuthorized()],
)
def test_what_is_no_outage_does_not_count(error: errors.SchwabError) -> None:
    for _ in range(9):
        breaker.failed("trader", error)
    assert not is_open()


def test_an_open_breaker_says_when_the_next_probe_is_due() -> None:
    fail(5)
    with pytest.raises(errors.SchwabUnavailable) as held:
        breaker.admit("trader")
    assert held.value.retry_after is not None
    assert 50 < held.value.retry_after <= 60


def test_a_year_that_cannot_be_read_keeps_no_figures_away(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    link = connection.links.first()
    assert link is not None
    api, now = SchwabTraderAPI(connection), timezone.now()
    address = f"{ACCOUNTS}/{link.hash_value}"
    for kind, fetch in (("transactions", api.fetch_transactions), ("orders", api.fetch_account_orders)):
        schwab.says(f"{address}/{kind}", *[said(500, {})] * 5)
        for _ in range(5):
            with pytest.raises(errors.SchwabUnavailable):
                fetch(link.hash_value, now - timedelta(days=1), now)
    assert is_open("history")
    assert api.fetch_accounts().body
