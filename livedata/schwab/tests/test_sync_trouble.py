"""Syncs that go wrong: nothing is wiped, the reason is said, and the next try is planned."""

from datetime import timedelta

import pytest
import requests
import time_machine
from django.utils import timezone

from actandpos.models import Account
from livedata.schwab import errors, oauth, tokens
from livedata.schwab.models import BrokerConnection
from livedata.schwab.tests.fake_schwab import ACCOUNTS, TOKEN, UNAUTHORIZED, FakeSchwab, Reply, said
from livedata.schwab.tests.people import connected
from livedata.schwab.tests.synced import SATURDAY, book, failed, sync

pytestmark = pytest.mark.django_db


def test_one_401_costs_one_refresh_and_one_more_try(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    schwab.says(ACCOUNTS, UNAUTHORIZED)
    assert sync(connection).http_calls == 2
    assert (schwab.calls[ACCOUNTS], schwab.calls[TOKEN]) == (2, 1)
    assert schwab.seen[-1].headers["Authorization"] == "Bearer canary-access-1@"
    assert connection.status == "connected"


def test_a_second_401_asks_for_a_new_login(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    before = book()
    schwab.says(ACCOUNTS, UNAUTHORIZED, UNAUTHORIZED, UNAUTHORIZED)
    run = failed(connection, errors.NotAuthorized)
    assert (run.outcome, run.http_calls) == ("failed", 2)
    assert (schwab.calls[ACCOUNTS], schwab.calls[TOKEN]) == (2, 1)
    assert (connection.status, connection.next_sync_at) == ("reauth_required", None)
    assert connection.last_error_code == "not_authorized"
    assert set(Account.objects.values_list("link_state", flat=True)) == {"reauth_required"}
    assert book() == before
    failed(connection, errors.ReauthRequired)
    assert schwab.calls[ACCOUNTS] == 2


def test_a_second_401_about_an_older_login_leaves_the_newer_alone(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    def login_between_the_tries() -> None:
        def again() -> None:
            tokens.store_login(BrokerConnection.objects.get(), oauth.TokenAnswer("new@", "new-refresh@"))

        schwab.meanwhile[ACCOUNTS] = again

    schwab.meanwhile[TOKEN] = login_between_the_tries
    schwab.says(ACCOUNTS, UNAUTHORIZED, UNAUTHORIZED)
    failed(connection, errors.NotAuthorized)
    assert (connection.status, connection.access_token) == ("connected", "new@")
    assert connection.next_sync_at is not None


HTML, TEXT = "text/html", "text/plain"
TROUBLE: dict[str, tuple[Reply, type[errors.SchwabError]]] = {
    "404 text": (said(404, "404 Not Found: Requested route does not exist.", TEXT), errors.SchwabUnavailable),
    "403 page": (said(403, "<TITLE>Access Denied</TITLE>", HTML), errors.SchwabUnavailable),
    "403": (said(403, {"message": "no"}), errors.SchwabRefused),
    "404": (said(404, {"message": "no"}), errors.SchwabNotFound),
    "400": (said(400, {"message": "no"}), errors.SchwabRefused),
    "500": (said(500, {"message": "no"}), errors.SchwabUnavailable),
    "502": (said(502, {"fault": {"faultstring": "Body buffer overflow"}}), errors.SchwabUnavailable),
    "503": (said(503, "upstream request timeout", TEXT), errors.SchwabUnavailable),
    "429": (said(429, ""), errors.SchwabThrottled),
    "200 page": (said(200, "<html>", HTML), errors.SchwabOddAnswer),
    "200 object": (said(200, {"message": "hello"}), errors.SchwabOddAnswer),
    "200 cut": (said(200, '[{"securitiesAccount": {"type": "MARGIN"'), errors.SchwabOddAnswer),
    "200 empty": (said(200, ""), errors.SchwabOddAnswer),
    "204": (said(204, ""), errors.SchwabOddAnswer),
    "timeout": (requests.ReadTimeout(), errors.SchwabUnreachable),
    "cut": (requests.exceptions.ChunkedEncodingError(), errors.SchwabUnreachable),
}


@pytest.mark.parametrize(("reply", "kind"), TROUBLE.values(), ids=TROUBLE.keys())
def test_trouble_changes_nothing_and_is_said(
    schwab: FakeSchwab, connection: BrokerConnection, reply: Reply, kind: type[errors.SchwabError]
) -> None:
    before = book()
    schwab.says(ACCOUNTS, reply)
    run = failed(connection, kind)
    assert (run.outcome, run.http_calls, run.rows_written) == ("failed", 1, 0)
    assert run.ended_at
    assert book() == before
    assert (connection.status, connection.failures) == ("connected", 1)
    assert (connection.last_error_code, connection.last_error_action) == (kind.code, kind.action)
    assert connection.last_error_message == run.reason
    assert connection.last_error_at
    assert connection.sync_lease_owner == ""

    assert sync(connection).outcome == "unchanged"
    assert (connection.failures, connection.last_error_code) == (0, "")
    assert set(Account.objects.values_list("link_state", flat=True)) == {"connected"}


@time_machine.travel(SATURDAY, tick=False)
def test_the_pause_doubles_up_to_five_minutes(schwab: FakeSchwab, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connected()
    monkeypatch.setattr("livedata.schwab.schedule.random.uniform", lambda low, high: high)
    pauses = []
    for _ in range(4):
        schwab.says(ACCOUNTS, said(500, ""))
        failed(connection, errors.SchwabUnavailable)
        assert connection.next_sync_at
        pauses.append((connection.next_sync_at - timezone.now()).total_seconds())
    assert pauses == [60 + 120, 60 + 240, 60 + 300, 60 + 300]
    sync(connection)
    assert connection.next_sync_at == timezone.now() + timedelta(seconds=60)


THROTTLED = {"": 60, "90": 90, "600": 600, "999999": 3600, "0": 60, "soon": 60, "²": 60, "-5": 60}


@pytest.mark.parametrize(("asked", "seconds"), THROTTLED.items())
@time_machine.travel(SATURDAY, tick=False)
def test_throttling_is_honoured(
    schwab: FakeSchwab, monkeypatch: pytest.MonkeyPatch, asked: str, seconds: int
) -> None:
    connection = connected()
    monkeypatch.setattr("livedata.schwab.schedule.random.uniform", lambda low, high: low)
    headers = {"Retry-After": asked} if asked else {}
    schwab.says(ACCOUNTS, said(429, "", "text/plain", **headers))
    failed(connection, errors.SchwabThrottled)
    assert connection.next_sync_at == timezone.now() + timedelta(seconds=seconds)
