"""What is asked of Schwab and how its answers are told apart."""

import logging
import traceback
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import requests
from django.utils import timezone

from livedata.schwab import client, errors, transport
from livedata.schwab.answers import failure
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.tests.fake_schwab import (
    ACCOUNTS,
    FIVE,
    MARKETS,
    NUMBERS,
    ORDERS,
    PREFERENCE,
    QUOTES,
    TOKEN,
    UNAUTHORIZED,
    FakeSchwab,
    account,
    hash_of,
    said,
)
from livedata.schwab.tests.people import connected

pytestmark = pytest.mark.django_db
EASTERN = ZoneInfo("America/New_York")


@pytest.fixture
def api(schwab: FakeSchwab) -> SchwabTraderAPI:
    """Return the API of a connection that holds one account."""
    schwab.holds(account(FIVE[0]))
    return SchwabTraderAPI(connected(numbers=()))


def test_every_call_asks_what_schwab_describes(schwab: FakeSchwab, api: SchwabTraderAPI) -> None:
    begin, end = datetime(2026, 11, 20, tzinfo=EASTERN), datetime(2026, 11, 20, 17, 0, 1, 250999, UTC)
    api.fetch_accounts()
    api.fetch_account_details(hash_of(FIVE[0]))
    api.fetch_account_numbers()
    api.fetch_orders(begin, end)
    api.fetch_user_preference()
    api.fetch_quotes(["BRK/B", "AAPL  260918C00220000"])
    api.fetch_markets(date(2026, 11, 23))
    base = "http://127.0.0.1:1"
    window = "fromEnteredTime=2026-11-20T05%3A00%3A00.000Z&toEnteredTime=2026-11-20T17%3A00%3A01.250Z"
    assert [request.url for request in schwab.seen] == [
        f"{base}{ACCOUNTS}?fields=positions",
        f"{base}{ACCOUNTS}/{hash_of(FIVE[0])}?fields=positions",
        f"{base}{NUMBERS}",
        f"{base}{ORDERS}?{window}",
        f"{base}{PREFERENCE}",
        f"{base}{QUOTES}?symbols=BRK%2FB%2CAAPL++260918C00220000&fields=reference",
        f"{base}{MARKETS}?markets=equity&date=2026-11-23",
    ]
    assert {request.method for request in schwab.seen} == {"GET"}
    assert {request.headers["Authorization"] for request in schwab.seen} == {"Bearer canary-access-0@"}
    assert {request.headers["Accept"] for request in schwab.seen} == {"application/json"}
    assert api.calls == 7


def test_an_odd_hash_cannot_reach_another_path(schwab: FakeSchwab, api: SchwabTraderAPI) -> None:
    schwab.says(f"{ACCOUNTS}/..%2Forders%3Fx", said(404, {"message": "no"}))
    with pytest.raises(errors.SchwabNotFound):
        api.fetch_account_details("../orders?x")


def test_numbers_and_hashes_are_read(api: SchwabTraderAPI) -> None:
    (only,) = api.fetch_account_numbers()
    assert (only.number, only.hash_value) == (FIVE[0], hash_of(FIVE[0]))


@pytest.mark.parametrize("body", ["{}", "[{}]", '[{"accountNumber": "1"}]', "[" * 100_000])
def test_unreadable_numbers_are_odd(schwab: FakeSchwab, api: SchwabTraderAPI, body: str) -> None:
    schwab.says(NUMBERS, said(200, body))
    with pytest.raises(errors.SchwabOddAnswer):
        api.fetch_account_numbers()


def test_an_answer_is_as_old_as_its_question(schwab: FakeSchwab, api: SchwabTraderAPI) -> None:
    times: list[datetime] = []
    schwab.meanwhile[ACCOUNTS] = lambda: times.append(timezone.now())
    before = timezone.now()
    assert before <= api.fetch_accounts().observed_at <= times[0]

    schwab.says(ACCOUNTS, UNAUTHORIZED)
    schwab.meanwhile[TOKEN] = lambda: times.append(timezone.now())
    assert api.fetch_accounts().observed_at >= times[1]  # the second try's question


def test_a_401_is_tried_once_more_with_a_new_token(schwab: FakeSchwab, api: SchwabTraderAPI) -> None:
    schwab.says(ACCOUNTS, UNAUTHORIZED, UNAUTHORIZED, UNAUTHORIZED)
    with pytest.raises(errors.NotAuthorized):
        api.fetch_accounts()
    assert (api.calls, schwab.calls[ACCOUNTS], schwab.calls[TOKEN]) == (2, 2, 1)
    assert schwab.seen[-1].headers["Authorization"] == "Bearer canary-access-1@"


def test_the_connection_knows_which_login_was_refused(schwab: FakeSchwab, api: SchwabTraderAPI) -> None:
    schwab.says(ACCOUNTS, UNAUTHORIZED)
    before = api.connection.token_generation
    api.fetch_accounts()
    assert api.connection.token_generation == before + 1
    api.connection.refresh_from_db()
    assert api.connection.token_generation == before + 1


JSON, TEXT = "application/json; charset=utf-8", "text/plain"
KINDS: list[tuple[int, str, type[errors.SchwabError] | None]] = [
    (200, JSON, None),
    (200, "application/problem+json", None),
    (200, TEXT, errors.SchwabOddAnswer),
    (201, JSON, errors.SchwabOddAnswer),
    (204, TEXT, errors.SchwabOddAnswer),
    (400, JSON, errors.SchwabRefused),
    (400, TEXT, errors.SchwabUnavailable),
    (401, JSON, errors.NotAuthorized),
    (401, TEXT, errors.NotAuthorized),
    (403, JSON, errors.SchwabRefused),
    (403, "text/html", errors.SchwabUnavailable),
    (404, JSON, errors.SchwabNotFound),
    (404, TEXT, errors.SchwabUnavailable),
    (429, JSON, errors.SchwabThrottled),
    (429, TEXT, errors.SchwabThrottled),
    (500, JSON, errors.SchwabUnavailable),
    (502, JSON, errors.SchwabUnavailable),
    (503, TEXT, errors.SchwabUnavailable),
    (504, "", errors.SchwabUnavailable),
]


@pytest.mark.parametrize(("status", "content_type", "kind"), KINDS)
def test_every_status_has_its_meaning(
    status: int, content_type: str, kind: type[errors.SchwabError] | None
) -> None:
    found = failure(transport.Answer(status, {"content-type": content_type}, b"{}"))
    assert type(found) is (kind or type(None))
    if found is not None:
        assert found.status == status


WAITS = {"5": 5.0, " 7 ": 7.0, "99999": 3600.0, "": None, "soon": None, "-1": None, "1.5": None, "²": None}


@pytest.mark.parametrize(("text", "seconds"), WAITS.items())
def test_retry_after_is_read_in_seconds(text: str, seconds: float | None) -> None:
    found = failure(transport.Answer(429, {"retry-after": text}, b""))
    assert found is not None
    assert found.retry_after == seconds


def test_texts_and_logs_name_no_token_hash_or_number(
    schwab: FakeSchwab, api: SchwabTraderAPI, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = f"{ACCOUNTS}/{hash_of(FIVE[0])}"
    trouble = requests.ConnectionError(f"Max retries exceeded with url: {path}?fields=positions")
    leak = said(500, {"message": f"account {FIVE[0]} at {path}"})
    for reply in (trouble, leak, said(404, {"message": hash_of(FIVE[0])}), UNAUTHORIZED):
        schwab.says(path, reply)
        try:
            api.fetch_account_details(hash_of(FIVE[0]))
        except errors.SchwabError as error:
            told = "".join(traceback.format_exception(error)) + error.action
            assert hash_of(FIVE[0]) not in told
            assert FIVE[0] not in told
            assert "canary" not in told
    assert "canary" not in caplog.text
    assert hash_of(FIVE[0]) not in caplog.text


def test_a_token_near_its_end_is_refreshed_before_the_call(schwab: FakeSchwab) -> None:
    api = client.SchwabTraderAPI(connected(numbers=(), lives=10))
    assert api.fetch_accounts().observed_at >= timezone.now() - timedelta(minutes=1)
    assert [request.path_url.partition("?")[0] for request in schwab.seen] == [TOKEN, ACCOUNTS]
