"""Every kind of trouble at the token endpoint: at the exchange of a code, and at a refresh."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from actandpos.models import Account
from livedata.schwab import errors, services, tokens
from livedata.schwab.models import BrokerConnection, OAuthState
from livedata.schwab.oauth import TokenAnswer
from livedata.schwab.tests.people import change, user
from livedata.schwab.tests.scene import at_rest, book, expired, shown
from livedata.schwab.tests.standin import StandIn
from livedata.schwab.tests.synced import sync
from livedata.schwab.tests.trouble import SHORT, TOKEN, Fault, Kind

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LATER: list[tuple[Fault, Kind]] = [
    ({"kind": "throttled"}, errors.SchwabThrottled),
    ({"kind": "throttled", "retry_after": None}, errors.SchwabThrottled),
    *[({"kind": "server_error", "family": family}, errors.SchwabUnavailable) for family in "ABD"],
    ({"kind": "bad_gateway"}, errors.SchwabUnavailable),
    ({"kind": "unavailable"}, errors.SchwabUnavailable),
    ({"kind": "gateway_timeout"}, errors.SchwabUnavailable),
    ({"kind": "status_text"}, errors.SchwabUnavailable),
    ({"kind": "status_number"}, errors.SchwabUnavailable),
    ({"kind": "bad_gzip", "form": "error"}, errors.SchwabUnavailable),
    ({"kind": "slow", "seconds": 3}, errors.SchwabUnreachable),
    ({"kind": "drip_headers"}, errors.SchwabUnreachable),
    ({"kind": "drip_body"}, errors.SchwabUnreachable),
    ({"kind": "cut_body"}, errors.SchwabUnreachable),
    ({"kind": "cut_body", "reset": True}, errors.SchwabUnreachable),
]
NO_ANSWER: list[Fault] = [
    {"kind": "unauthorized"},
    {"kind": "cdn_403"},
    {"kind": "not_found_text"},
    {"kind": "status", "status": 400, "body": '{"message": "no"}'},
    {"kind": "redirect"},
    {"kind": "redirect", "status": 307},
    {"kind": "empty_body"},
    {"kind": "html_ok"},
    {"kind": "wrong_content_type", "form": "html_as_json"},
    {"kind": "bad_gzip"},
    {"kind": "bad_gzip", "form": "truncated"},
    {"kind": "empty_list"},
    *[{"kind": "bad_number", "value": each} for each in ("nan", "null", "huge", "infinity", "-1", "0")],
]
ODD: list[tuple[Fault, Kind]] = [(fault, errors.SchwabOddAnswer) for fault in NO_ANSWER]
CODES = {"expired": "code_expired", "malformed": "code_refused", "redirect_uri": "redirect_refused"}
REFUSED = ("authentication_error", "invalid_client", "invalid_client_401", "invalid_grant")
STILL_GOOD: list[Fault] = [
    {"kind": "unknown_keys"},
    {"kind": "wrong_content_type", "form": "json_as_html"},
    {"kind": "slow", "seconds": 0.05},
]


def lay(world: StandIn, fault: Fault) -> None:
    """Lay one fault on the token endpoint, and count from here."""
    world.control("faults", clear=True)
    world.control("calls/reset")
    world.control("faults", endpoint="token", **fault)


def come_back(world: StandIn, client: Client, fault: Fault) -> str:
    """Sign in at Schwab and come back to a token endpoint in trouble; return the reason, or `connected`."""
    back = world.sign_in(client.get("/api/schwab/oauth/start/")["Location"], "other")
    lay(world, fault)
    query = parse_qs(urlsplit(client.get(back)["Location"]).query)
    return query.get("reason", query["schwab"])[0]


@pytest.fixture
def client(standin: StandIn) -> Client:
    """Return a browser in which somebody is signed in who never connected."""
    client = Client()
    client.force_login(user())
    return client


REASONS: list[tuple[Fault, str]] = [
    *[(fault, "schwab_unreachable") for fault, _ in LATER],
    *[(fault, "schwab_odd_answer") for fault, _ in ODD],
    *[({"kind": "expired_code", "variant": each}, reason) for each, reason in CODES.items()],
]


def test_an_exchange_in_trouble_stores_nothing_and_says_why(
    standin: StandIn, client: Client, in_earnest: list[float], settings: Any
) -> None:
    settings.THOR_HTTP_DEADLINE = SHORT
    for fault, reason in REASONS:
        assert come_back(standin, client, fault) == reason, fault
        assert (standin.calls(TOKEN), standin.calls("GET /redirected")) == (1, 0), fault
        assert not BrokerConnection.objects.exists()
        assert not OAuthState.objects.exists()
        assert not Account.objects.exists()
    assert in_earnest == [60, 60]
    settings.THOR_HTTP_DEADLINE = 20
    assert come_back(standin, client, STILL_GOOD[0]) == "connected"
    assert Account.objects.count() == 2


@pytest.mark.parametrize("fault", STILL_GOOD, ids=lambda fault: fault["kind"])
def test_an_exchange_bears_what_is_only_strange(standin: StandIn, client: Client, fault: Fault) -> None:
    assert come_back(standin, client, fault) == "connected"
    assert BrokerConnection.objects.get().status == "connected"


def test_a_failed_new_login_leaves_the_older_one_alone(
    simulator_process: StandIn, linked: BrokerConnection, settings: Any
) -> None:
    client, before, figures = Client(), BrokerConnection.objects.values().get(), book()
    client.force_login(linked.owner)
    for fault, reason in (LATER[2], ODD[1]):
        assert come_back(simulator_process, client, fault) in ("schwab_unreachable", "schwab_odd_answer"), (
            reason
        )
    assert BrokerConnection.objects.values().get() == before
    assert book() == figures


def test_a_refresh_in_trouble_keeps_the_login_and_is_tried_again(
    simulator_process: StandIn,
    linked: BrokerConnection,
    in_earnest: list[float],
    settings: Any,
) -> None:
    for fault, kind in [
        *LATER,
        *ODD,
        ({"kind": "refused_refresh", "variant": "secret"}, errors.ClientRefused),
    ]:
        expired(linked)
        lay(simulator_process, fault)
        sealed, figures, failures = linked.refresh_token_sealed, book(), linked.failures
        late = kind is errors.SchwabUnreachable
        settings.THOR_HTTP_DEADLINE = SHORT if late else 20
        with pytest.raises(errors.SchwabError) as met:
            services.sync_connection(linked, "manual")
        linked.refresh_from_db()
        assert type(met.value) is kind, fault
        assert (simulator_process.calls(TOKEN), simulator_process.calls("GET /trader/v1/accounts")) == (1, 0)
        assert simulator_process.calls("GET /redirected") == 0
        assert (linked.status, linked.failures) == ("connected", failures + 1)
        assert (linked.refresh_token_sealed, linked.refresh_lease_owner, book()) == (sealed, "", figures)
        run = linked.runs.filter(kind="accounts").first()
        assert run
        assert (run.outcome, run.http_calls) == ("failed", 0)
        assert run.reason.startswith(kind.message)
        assert shown(linked)["last_error"]["message"] == run.reason
        assert shown(linked)["last_error"]["action"] == kind.action
        assert linked.next_sync_at
        assert linked.next_sync_at > timezone.now() + timedelta(seconds=10)
    assert in_earnest == [60, 60]
    simulator_process.control("faults", clear=True)
    with pytest.raises(errors.ClientRefused):
        sync(linked)  # nobody asks again for a few seconds
    expired(linked)
    assert sync(linked).outcome == "unchanged"
    assert (linked.failures, linked.last_error_code) == (0, "")


def test_a_living_token_bears_a_refresh_in_trouble(
    simulator_process: StandIn, linked: BrokerConnection, in_earnest: list[float]
) -> None:
    for fault, _ in (*LATER[:9], *ODD[:6]):
        change(linked, access_expires_at=timezone.now() + timedelta(seconds=40), refresh_failed_at=None)
        lay(simulator_process, fault)
        assert sync(linked).outcome == "unchanged"
        assert simulator_process.calls(TOKEN) == 1
        tokens.refresh_ahead(linked)
        assert simulator_process.calls(TOKEN) == 2
        assert linked.last_error_code == ""


@pytest.mark.parametrize("variant", REFUSED)
def test_a_refused_refresh_asks_for_a_new_login(
    simulator_process: StandIn, linked: BrokerConnection, login: list[TokenAnswer], variant: str
) -> None:
    expired(linked)
    lay(simulator_process, {"kind": "refused_refresh", "variant": variant})
    figures = book()
    with pytest.raises(errors.ReauthRequired):
        services.sync_connection(linked, "manual")
    linked.refresh_from_db()
    assert (linked.status, linked.next_sync_at) == ("reauth_required", None)
    assert book() == figures
    screen = shown(linked)
    assert (screen["state"], screen["last_error"]["code"]) == ("reauth_required", "reauth_required")
    assert set(Account.objects.values_list("link_state", flat=True)) == {"reauth_required"}
    for _ in range(2):
        with pytest.raises(errors.ReauthRequired):
            services.sync_connection(linked, "manual")
    assert simulator_process.calls(TOKEN) == 1
    at_rest(simulator_process)
    tokens.store_login(linked, login[0])
    assert sync(linked).outcome in ("ok", "unchanged")
    assert set(Account.objects.values_list("link_state", flat=True)) == {"connected"}
