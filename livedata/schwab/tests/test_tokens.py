"""The access token: usable, refreshed once, and a login ended only when Schwab says that it has."""

from datetime import timedelta

import pytest
import requests
from django.utils import timezone
from pytest_django import Settings

from livedata.schwab import errors, leases, links, tokens
from livedata.schwab.models import BrokerConnection
from livedata.schwab.tests.fake_schwab import REFRESH_TOKEN, TOKEN, FakeSchwab, Reply, said
from livedata.schwab.tests.people import FIRST_TOKEN, change, connected

pytestmark = pytest.mark.django_db


def test_a_token_that_lives_is_handed_out_without_asking(schwab: FakeSchwab) -> None:
    assert tokens.fresh_access_token(connected(lives=61)) == FIRST_TOKEN
    assert schwab.calls[TOKEN] == 0


@pytest.mark.parametrize("lives", [59, 0, -7200])
def test_a_token_at_its_end_is_refreshed_with_what_schwab_gave(schwab: FakeSchwab, lives: int) -> None:
    connection = connected(lives=lives)
    login = connection.refresh_issued_at
    assert tokens.fresh_access_token(connection) == "canary-access-1@"
    assert schwab.form() == {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN}
    assert schwab.seen[0].headers["Authorization"] == "Basic dGVzdC1hcHA6dGVzdC1zZWNyZXQ="
    row = BrokerConnection.objects.get()
    assert (row.access_token, row.refresh_token) == ("canary-access-1@", REFRESH_TOKEN)
    assert row.refresh_issued_at == login
    assert row.access_expires_at
    assert timedelta(minutes=29) < row.access_expires_at - timezone.now() <= timedelta(minutes=30)
    assert (row.refresh_lease_owner, row.refresh_lease_until) == ("", None)
    assert connection.token_generation == row.token_generation


REFUSALS = {
    "newer": ("unsupported_token_type", '400 Bad Request: "{"error":"refresh_token_authentication_error"}"'),
    "older": ("invalid_client", "refresh token invalid"),
    "older, inner": ("invalid_client", '"error":"refresh_token_invalid"'),
    "another": ("invalid_grant", "Invalid refresh token: null"),
}


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_every_refusal_of_the_refresh_token_asks_for_a_new_login(
    schwab: FakeSchwab, refusal: tuple[str, str], status: int
) -> None:
    connection = connected(lives=-1)
    schwab.says(TOKEN, said(status, {"error": refusal[0], "error_description": refusal[1]}))
    with pytest.raises(errors.ReauthRequired):
        tokens.fresh_access_token(connection)
    row = BrokerConnection.objects.get()
    assert (row.status, row.next_sync_at, row.last_error_code) == ("reauth_required", None, "reauth_required")
    assert {each.account.link_state for each in row.links.select_related("account")} == {"reauth_required"}
    with pytest.raises(errors.ReauthRequired):
        tokens.fresh_access_token(connection)
    assert schwab.calls[TOKEN] == 1


LATER: dict[str, tuple[Reply, type[errors.SchwabError]]] = {
    "500": (said(500, {"message": "no"}), errors.SchwabUnavailable),
    "503 html": (said(503, "<html>", "text/html"), errors.SchwabUnavailable),
    "429": (said(429, ""), errors.SchwabThrottled),
    "html 403": (said(403, "<TITLE>Access Denied</TITLE>", "text/html"), errors.SchwabOddAnswer),
    "html 400": (said(400, "<html>", "text/html"), errors.SchwabOddAnswer),
    "html 200": (said(200, "<html>", "text/html"), errors.SchwabOddAnswer),
    "gateway": (said(400, {"errors": [{"status": 400}]}), errors.SchwabOddAnswer),
    "redirect": (said(302, ""), errors.SchwabOddAnswer),
    "cut json": (said(200, '{"access_token": "a'), errors.SchwabOddAnswer),
    "no token": (said(200, {"access_token": "", "refresh_token": "r"}), errors.SchwabOddAnswer),
    "unsendable": (said(200, FakeSchwab.tokens("a\r\nX: y")), errors.SchwabOddAnswer),
    "no ascii": (said(200, FakeSchwab.tokens("a\u2026")), errors.SchwabOddAnswer),
    "no life": (said(200, FakeSchwab.tokens("a") | {"expires_in": 0}), errors.SchwabOddAnswer),
    "deep": (said(400, "[" * 100_000), errors.SchwabOddAnswer),
    "timeout": (requests.ReadTimeout(), errors.SchwabUnreachable),
    "refused": (requests.ConnectionError("refused"), errors.SchwabUnreachable),
    "secret": (said(401, {"error": "invalid_client", "error_description": "Unauthorized"}), errors.ClientRefused),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "kind"), LATER.values(), ids=LATER.keys())
def test_trouble_leaves_the_login_alone(
    schwab: FakeSchwab, reply: Reply, kind: type[errors.SchwabError]
) -> None:
    connection = connected(lives=-1)
    schwab.says(TOKEN, reply)
    for _ in range(2):  # who comes right after gets the same, without asking Schwab again
        with pytest.raises(kind) as caught:
            tokens.fresh_access_token(connection)
        assert type(caught.value) is kind
    assert schwab.calls[TOKEN] == 1
    row = BrokerConnection.objects.get()
    assert (row.status, row.refresh_token, row.access_token) == ("connected", REFRESH_TOKEN, FIRST_TOKEN)
    assert (row.refresh_lease_owner, row.token_generation) == ("", connection.token_generation)
    change(connection, refresh_failed_at=timezone.now() - timedelta(seconds=6))
    assert tokens.fresh_access_token(connection) == "canary-access-1@"
    assert BrokerConnection.objects.get().refresh_failed_at is None


def test_a_token_that_still_lives_is_used_when_its_refresh_fails(schwab: FakeSchwab) -> None:
    connection = connected(lives=30)
    schwab.says(TOKEN, said(503, ""))
    assert [tokens.fresh_access_token(connection) for _ in range(3)] == [FIRST_TOKEN] * 3
    assert schwab.calls[TOKEN] == 1


def test_a_rejected_token_is_not_handed_out_when_its_refresh_fails(schwab: FakeSchwab) -> None:
    connection = connected()
    schwab.says(TOKEN, said(503, ""))
    for _ in range(2):
        with pytest.raises(errors.SchwabUnavailable):
            tokens.fresh_access_token(connection, rejected=FIRST_TOKEN)


def test_a_newer_token_than_the_rejected_one_is_handed_out(schwab: FakeSchwab) -> None:
    assert tokens.fresh_access_token(connected(), rejected="older@") == FIRST_TOKEN
    assert schwab.calls[TOKEN] == 0


def test_refreshing_ahead_asks_only_near_the_end(schwab: FakeSchwab) -> None:
    connection = connected(lives=310)
    tokens.refresh_ahead(connection)
    assert schwab.calls[TOKEN] == 0
    change(connection, access_expires_at=timezone.now() + timedelta(seconds=290))
    tokens.refresh_ahead(connection)
    assert schwab.calls[TOKEN] == 1
    assert BrokerConnection.objects.get().access_token == "canary-access-1@"


def test_refreshing_ahead_leaves_it_to_who_is_at_it(schwab: FakeSchwab) -> None:
    connection = connected(lives=100)
    assert leases.take_refresh(connection)
    tokens.refresh_ahead(connection)
    assert schwab.calls[TOKEN] == 0


def test_the_seven_days_end_without_asking_schwab(schwab: FakeSchwab) -> None:
    connection = connected()
    change(connection, refresh_issued_at=timezone.now() - timedelta(days=7, seconds=1))
    with pytest.raises(errors.ReauthRequired):
        tokens.fresh_access_token(connection)
    assert BrokerConnection.objects.get().status == "reauth_required"
    assert not schwab.calls


def test_nobody_connected_is_said_so(schwab: FakeSchwab) -> None:
    connection = connected()
    links.disconnect(connection)
    with pytest.raises(errors.NotConnected):
        tokens.fresh_access_token(connection)


def test_a_missing_key_is_named_and_no_refresh_is_spent(schwab: FakeSchwab, settings: Settings) -> None:
    connection = connected(lives=-1)
    settings.TOKEN_ENCRYPTION_KEYS = []
    with pytest.raises(errors.EncryptionKeyError):
        tokens.fresh_access_token(connection)
    assert not schwab.calls
    assert BrokerConnection.objects.get().status == "connected"


def test_a_lease_that_never_comes_free_ends_the_wait(
    schwab: FakeSchwab, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connected(lives=-1)
    assert leases.take_refresh(connection)
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0.1)
    with pytest.raises(errors.SchwabUnreachable, match="still refreshing"):
        tokens.fresh_access_token(connection)


def test_a_refresh_lease_that_a_dead_process_left_ends_by_itself(schwab: FakeSchwab) -> None:
    connection = connected(lives=-1)
    change(connection, refresh_lease_owner="dead", refresh_lease_until=timezone.now() - timedelta(seconds=1))
    assert tokens.fresh_access_token(connection) == "canary-access-1@"
