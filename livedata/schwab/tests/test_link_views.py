"""The link over HTTP: how it stands, asking for fresh figures, fetching one account now, disconnecting."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from actandpos.models import Account, Order
from desk.models import AuditEvent
from livedata.schwab import connecting, errors, links, oauth, services
from livedata.schwab.models import BrokerConnection
from livedata.schwab.tests.fake_schwab import (
    ACCOUNTS,
    FIVE,
    MSFT,
    TOKEN,
    UNAUTHORIZED,
    FakeSchwab,
    Reply,
    account,
    hash_of,
    order,
    said,
    share,
)
from livedata.schwab.tests.people import account_of, change, user

pytestmark = pytest.mark.django_db
CONNECTION, REFRESH = "/api/schwab/connection/", "/api/schwab/refresh/"
DETAILS = f"{ACCOUNTS}/{hash_of(FIVE[0])}"


def browser(connection: BrokerConnection) -> Client:
    """Return a browser in which the connection's owner is signed in."""
    client = Client()
    client.force_login(connection.owner)
    return client


def link(client: Client) -> dict[str, Any]:
    """Return how the link stands."""
    answer = client.get(CONNECTION)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    for secret in ("canary", "sealed", *FIVE):
        assert secret not in answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("path", [CONNECTION, CONNECTION.rstrip("/")])
def test_who_never_connected(path: str) -> None:
    client = Client()
    assert client.get(path).status_code == 401
    client.force_login(user())
    found = client.get(path).json()
    assert (found["state"], found["app_configured"], found["sources"]) == ("none", True, [])
    assert client.delete(path).status_code == 204


def test_how_the_link_stands(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    services.sync_connection(connection, "manual", with_orders=True)
    found = link(browser(connection))
    assert found["state"] == "connected"
    assert found["syncing"] is False
    assert found["last_error"] is None
    assert found["last_sync"]["kind"] == "accounts"
    assert found["last_sync"]["outcome"] == "unchanged"
    assert [each["source"] for each in found["sources"]] == ["accounts", "orders", "transactions"]
    assert [each["last_success_at"] is not None for each in found["sources"]] == [True, True, False]
    connection.refresh_from_db()
    assert connection.refresh_issued_at
    ends = connection.refresh_issued_at + timedelta(days=7)
    assert found["login_ends_at"] == ends.isoformat().replace("+00:00", "Z")


def test_the_state_follows_the_clock(connection: BrokerConnection) -> None:
    client = browser(connection)
    for days, state in ((4.9, "connected"), (5.1, "expiring"), (6.9, "expiring"), (7.1, "reauth_required")):
        change(connection, refresh_issued_at=timezone.now() - timedelta(days=days))
        assert link(client)["state"] == state


def test_an_error_is_told_and_goes(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    client = browser(connection)
    schwab.says(ACCOUNTS, said(503, ""))
    assert client.post(REFRESH, {"trigger": "manual"}, content_type="application/json").status_code == 202
    found = link(client)
    assert found["last_error"]["code"] == "schwab_outage"
    assert found["last_error"]["action"].startswith("Thor tries again")
    assert found["sources"][0]["last_outcome"] == "failed"
    assert found["sources"][0]["last_success_at"]
    answer = client.post(REFRESH, content_type="application/json")
    assert answer.json() == {"queued": True, "detail": "Synced without the task queue, which is down."}
    assert link(client)["last_error"] is None


def test_asking_needs_a_person_and_a_known_reason(connection: BrokerConnection) -> None:
    assert Client().post(REFRESH).status_code == 401
    answer = browser(connection).post(REFRESH, {"trigger": "schedule"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("what", ["balances", "positions"])
def test_one_account_is_fetched_now_and_answered_as_rest_does(
    schwab: FakeSchwab, connection: BrokerConnection, what: str
) -> None:
    client, found = browser(connection), account_of(connection, FIVE[0])
    schwab.book[FIVE[0]] = account(FIVE[0], share("AAPL", 10, 200), MSFT)
    answer = client.get(f"/api/schwab/accounts/{found.pk}/{what}/")
    assert answer.status_code == 200
    rest = {"balances": "/api/actandpos/account_summary", "positions": "/api/positions"}[what]
    assert answer.json() == client.get(rest, {"account_id": found.pk}).json()
    assert "2000" in answer.content.decode() or answer.json()["net_liq"] == "4600"
    assert dict(schwab.calls) == {DETAILS: 1}
    run = connection.runs.latest("id")
    assert (run.trigger, run.outcome, run.http_calls, run.rows_written) == ("api", "ok", 1, 1)

    assert client.get(f"/api/schwab/accounts/{found.pk}/{what}/").status_code == 200
    assert schwab.calls[DETAILS] == 1  # within 5 seconds it answers what was just stored
    with time_machine.travel(timezone.now() + timedelta(seconds=6)):
        client.get(f"/api/schwab/accounts/{found.pk}/{what}/")
    assert schwab.calls[DETAILS] == 2


PROBLEMS: dict[str, tuple[list[Reply], int, str]] = {
    "outage": ([said(503, "")], 503, "schwab_outage"),
    "throttled": ([said(429, "")], 503, "schwab_throttled"),
    "odd": ([said(200, {"securitiesAccount": {"accountNumber": FIVE[0]}})], 503, "schwab_odd_answer"),
    "unknown hash": ([said(404, {"message": "no"})], 409, "schwab_not_found"),
    "refused": ([UNAUTHORIZED, UNAUTHORIZED], 409, "not_authorized"),
}


@pytest.mark.parametrize(("replies", "status", "code"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_what_cannot_be_fetched_is_said_and_nothing_changes(
    schwab: FakeSchwab, connection: BrokerConnection, replies: list[Reply], status: int, code: str
) -> None:
    found = account_of(connection, FIVE[0])
    schwab.says(DETAILS, *replies)
    answer = browser(connection).get(f"/api/schwab/accounts/{found.pk}/balances/")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "canary" not in answer.content.decode()
    after = account_of(connection, FIVE[0])
    assert (after.net_liq, after.version, after.checked_at) == (
        found.net_liq,
        found.version,
        found.checked_at,
    )
    connection.refresh_from_db()
    assert connection.last_error_code == code
    assert connection.sync_lease_owner == ""
    assert (connection.status == "reauth_required") == (code == "not_authorized")


def test_an_account_of_somebody_else_is_not_there(schwab: FakeSchwab, connection: BrokerConnection) -> None:
    found, client = account_of(connection, FIVE[0]), Client()
    path = f"/api/schwab/accounts/{found.pk}/positions"
    assert client.get(path).status_code == 401
    other = user("somebody else")
    other.is_superuser = other.is_staff = True
    other.save()
    client.force_login(other)
    assert client.get(path).status_code == 404
    assert client.get("/api/schwab/accounts/999999/positions").status_code == 404
    assert not schwab.calls


def test_an_account_that_left_the_list_is_not_asked_for(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    found = account_of(connection, FIVE[0])
    connection.links.filter(account=found).update(linked=False)
    answer = browser(connection).get(f"/api/schwab/accounts/{found.pk}/balances/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_connected")
    assert not schwab.calls


def test_disconnecting_erases_the_tokens_and_keeps_the_book(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    schwab.orders = [order(FIVE[0], 1001, "WORKING", "2026-11-20T15:00:00+0000")]
    services.sync_connection(connection, "manual", with_orders=True)
    client = browser(connection)
    assert client.delete(CONNECTION).status_code == 204
    row = BrokerConnection.objects.get()
    assert (row.access_token_sealed, row.refresh_token_sealed, row.refresh_issued_at) == ("", "", None)
    assert (Account.objects.count(), Order.objects.count()) == (5, 1)
    assert account_of(row, FIVE[0]).positions.count() == 2
    assert set(Account.objects.values_list("link_state", flat=True)) == {"none"}
    assert link(client)["state"] == "none"
    assert AuditEvent.objects.latest("id").kind == "schwab_disconnected"
    schwab.calls.clear()
    path = f"/api/schwab/accounts/{account_of(row, FIVE[0]).pk}/balances/"
    with time_machine.travel(timezone.now() + timedelta(seconds=6)):
        assert client.get(path).json()["code"] == "not_connected"
    assert link(client)["last_error"] is None
    assert client.post(REFRESH, content_type="application/json").json()["queued"] is False
    assert not schwab.calls


def test_a_new_login_shows_on_the_accounts_even_before_the_first_answer(
    schwab: FakeSchwab, connection: BrokerConnection
) -> None:
    links.require_reauth(connection, errors.ReauthRequired())
    schwab.says(ACCOUNTS, said(503, ""))
    state = parse_qs(urlsplit(oauth.start(connection.owner, "session")).query)["state"][0]
    found = oauth.Return("C0.code@", state)
    connecting.complete_login(connection.owner, "session", found)
    assert set(Account.objects.values_list("link_state", flat=True)) == {"connected"}
    assert schwab.calls[TOKEN] == 1
