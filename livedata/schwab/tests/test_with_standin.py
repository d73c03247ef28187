"""The whole way against the stand-in Schwab, a real process on a real socket."""

import json
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from actandpos.models import Account, Order, Position
from desk.models import AuditEvent
from livedata.schwab import errors, services
from livedata.schwab.models import BrokerConnection, LinkedAccount, SyncRun
from livedata.schwab.tests.people import change, user
from livedata.schwab.tests.standin import StandIn

pytestmark = pytest.mark.django_db
TOKEN, LIST = "POST /v1/oauth/token", "GET /trader/v1/accounts"


def browser(owner: User) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(owner)
    return client


def connect(standin: StandIn, client: Client, login: str = "demo") -> str:
    """Walk from the button to the way back; return `connected` or the reason."""
    back = standin.sign_in(client.get("/api/schwab/oauth/start/")["Location"], login)
    return arrive(client, back)


def arrive(client: Client, back: str) -> str:
    """Come back from Schwab."""
    query = parse_qs(urlsplit(client.get(back)["Location"]).query)
    return query.get("reason", query["schwab"])[0]


def ids() -> dict[str, list[int]]:
    """Return the ids that a reconnection must not change."""
    return {
        model.__name__: sorted(model._default_manager.values_list("id", flat=True))
        for model in (Account, Order, Position, BrokerConnection)
    }


def test_from_the_button_to_the_book(standin: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = browser(user())
    assert connect(standin, client) == "connected"
    connection = BrokerConnection.objects.get()
    assert Account.objects.count() == 5
    assert Position.objects.count() > 1000
    assert Order.objects.exists()
    outcomes = connection.runs.values_list("kind", "outcome")
    assert {kind for kind, outcome in outcomes if outcome in ("ok", "unchanged")} == {"accounts", "orders"}

    standin.control("calls/reset")
    run = services.sync_connection(connection, "manual")
    assert run
    assert (run.outcome, run.http_calls) in {("ok", 1), ("unchanged", 1)}
    assert (standin.calls(LIST), standin.calls(TOKEN)) == (1, 0)

    secrets = [connection.access_token, connection.refresh_token]
    for link in LinkedAccount.objects.all():
        secrets += [link.number, link.hash_value]
    shown = [
        json.dumps(list(SyncRun.objects.values()), default=str),
        json.dumps(list(AuditEvent.objects.values()), default=str),
        json.dumps(list(Account.objects.values()), default=str),
        *[client.get(path).content.decode() for path in READINGS],
        caplog.text,
    ]
    assert len(secrets) == 12
    for secret in secrets:
        assert secret
        assert not [text for text in shown if secret in text]


READINGS = (
    "/api/schwab/connection/",
    "/api/actandpos/accounts/",
    "/api/actandpos/account_summary",
    "/api/actandpos/activity/today",
    "/api/positions",
)


def test_a_person_who_declines(standin: StandIn) -> None:
    client = browser(user())
    back = standin.decline(client.get("/api/schwab/oauth/start/")["Location"])
    assert arrive(client, back) == "denied"
    assert not BrokerConnection.objects.exists()
    assert standin.calls(TOKEN) == 0


def test_a_code_past_its_thirty_seconds_and_a_wrong_secret(standin: StandIn, settings: Settings) -> None:
    client = browser(user())
    back = standin.sign_in(client.get("/api/schwab/oauth/start/")["Location"])
    standin.control("clock", advance_seconds=31)
    assert arrive(client, back) == "code_expired"
    back = standin.sign_in(client.get("/api/schwab/oauth/start/")["Location"])
    settings.SCHWAB_CLIENT_SECRET = "another"
    assert arrive(client, back) == "client_refused"
    assert not BrokerConnection.objects.exists()


def test_a_new_login_after_seven_days_keeps_everything(standin: StandIn) -> None:
    client = browser(user())
    assert connect(standin, client) == "connected"
    before, connection = ids(), BrokerConnection.objects.get()
    standin.control("clock", advance_seconds=8 * 86400)
    with pytest.raises(errors.ReauthRequired):
        services.sync_connection(connection, "manual")
    connection.refresh_from_db()
    assert connection.status == "reauth_required"
    assert set(Account.objects.values_list("link_state", flat=True)) == {"reauth_required"}
    assert ids() == before

    standin.control("clock", reset=True)
    assert connect(standin, client) == "connected"
    after = ids()
    assert (after["Account"], after["BrokerConnection"]) == (before["Account"], before["BrokerConnection"])
    assert set(before["Order"]) <= set(after["Order"])
    assert after["Position"] == before["Position"]
    assert set(Account.objects.values_list("link_state", flat=True)) == {"connected"}


def test_a_second_user_of_the_same_login_ends_the_first_ones(standin: StandIn) -> None:
    first, second, third = user("first"), user("second"), user("third")
    assert connect(standin, browser(first)) == "connected"
    assert connect(standin, browser(third), "other") == "connected"
    assert connect(standin, browser(second)) == "connected"
    states = dict(BrokerConnection.objects.values_list("owner__username", "status"))
    assert states == {"first": "reauth_required", "second": "connected", "third": "connected"}
    assert Account.objects.filter(owner=first).count() == Account.objects.filter(owner=second).count() == 5
    assert set(Account.objects.filter(owner=first).values_list("link_state", flat=True)) == {
        "reauth_required"
    }
    assert set(Account.objects.filter(owner=second).values_list("link_state", flat=True)) == {"connected"}


def test_trouble_on_the_wire_wipes_nothing(standin: StandIn) -> None:
    assert connect(standin, browser(user()), "other") == "connected"
    connection = BrokerConnection.objects.get()
    change(connection, access_expires_at=timezone.now() - timedelta(minutes=1))
    before = ids()
    faults: list[tuple[dict[str, Any], type[errors.SchwabError]]] = [
        ({"kind": "cut_body"}, errors.SchwabUnreachable),
        ({"kind": "html"}, errors.SchwabUnavailable),
        ({"kind": "status", "status": 429, "headers": {"Retry-After": "90"}}, errors.SchwabThrottled),
        ({"kind": "status", "status": 200, "body": "[]]"}, errors.SchwabOddAnswer),
    ]
    for fault, kind in faults:
        standin.control("faults", path_prefix="/trader/v1/accounts", count=1, **fault)
        with pytest.raises(kind):
            services.sync_connection(connection, "manual")
    standin.control("off", paths=["/trader"])
    with pytest.raises(errors.SchwabUnavailable):
        services.sync_connection(connection, "manual")
    standin.control("off", paths=[])
    assert ids() == before
    assert services.sync_connection(connection, "manual")
    connection.refresh_from_db()
    assert (connection.failures, connection.last_error_code, connection.status) == (0, "", "connected")
    assert standin.calls(TOKEN) == 2
