"""A refresh that something overtakes while it waits for Schwab: the later act wins."""

from datetime import timedelta

import pytest
from django.utils import timezone

from livedata.schwab import errors, leases, links, oauth, tokens
from livedata.schwab.models import BrokerConnection
from livedata.schwab.tests.fake_schwab import TOKEN, FakeSchwab, Reply, said
from livedata.schwab.tests.people import FIRST_TOKEN, connected

pytestmark = pytest.mark.django_db


def test_who_was_paused_past_the_lease_stores_nothing(schwab: FakeSchwab) -> None:
    connection = connected(lives=-1)

    def paused() -> None:
        # While the first waits, its lease ends and a second one takes over and finishes.
        BrokerConnection.objects.update(refresh_lease_until=timezone.now() - timedelta(seconds=1))
        assert tokens.fresh_access_token(BrokerConnection.objects.get()) == "canary-access-1@"

    schwab.meanwhile[TOKEN] = paused
    assert tokens.fresh_access_token(connection) == "canary-access-1@"
    row = BrokerConnection.objects.get()
    assert (row.access_token, row.token_generation) == ("canary-access-1@", connection.token_generation)
    assert schwab.calls[TOKEN] == 2
    assert schwab.issued == 2


LATE = [said(200, FakeSchwab.tokens("late@", "late")), said(400, {"error": "x"}), said(503, "")]


@pytest.mark.parametrize("late", LATE, ids=["tokens", "refusal", "outage"])
def test_who_was_paused_past_the_lease_leaves_it_to_who_has_it_now(
    schwab: FakeSchwab, monkeypatch: pytest.MonkeyPatch, late: Reply
) -> None:
    connection = connected(lives=-1)

    def taken_over() -> None:
        BrokerConnection.objects.update(refresh_lease_until=timezone.now() - timedelta(seconds=1))
        taken.append(leases.take_refresh(BrokerConnection.objects.get()))

    taken: list[leases.Lease | None] = []
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0.1)
    schwab.meanwhile[TOKEN] = taken_over
    schwab.says(TOKEN, late)
    with pytest.raises((errors.SchwabUnreachable, errors.SchwabUnavailable)):
        tokens.fresh_access_token(connection)
    row = BrokerConnection.objects.get()
    assert taken[0]
    assert row.refresh_lease_owner == taken[0].owner
    assert (row.status, row.access_token, row.token_generation) == ("connected", FIRST_TOKEN, 1)
    assert row.refresh_failed_at is None


def test_a_login_that_ends_during_a_refresh_stays_ended(schwab: FakeSchwab) -> None:
    connection = connected(lives=-1)

    def ends() -> None:
        links.require_reauth(BrokerConnection.objects.get(), errors.ReauthRequired())

    schwab.meanwhile[TOKEN] = ends
    with pytest.raises(errors.ReauthRequired):
        tokens.fresh_access_token(connection)
    row = BrokerConnection.objects.get()
    assert (row.status, row.access_token) == ("reauth_required", FIRST_TOKEN)


@pytest.mark.parametrize("late", [said(200, FakeSchwab.tokens("late@", "late")), said(400, {"error": "x"})])
def test_a_login_during_a_refresh_wins(schwab: FakeSchwab, late: Reply) -> None:
    connection = connected(lives=-1)

    def login() -> None:
        tokens.store_login(BrokerConnection.objects.get(), oauth.TokenAnswer("new@", "new-refresh@"))

    schwab.meanwhile[TOKEN] = login
    schwab.says(TOKEN, late)
    assert tokens.fresh_access_token(connection) == "new@"
    row = BrokerConnection.objects.get()
    assert (row.status, row.access_token, row.refresh_token) == ("connected", "new@", "new-refresh@")


def test_a_disconnect_during_a_refresh_wins(schwab: FakeSchwab) -> None:
    connection = connected(lives=-1)
    schwab.meanwhile[TOKEN] = lambda: links.disconnect(BrokerConnection.objects.get())
    with pytest.raises(errors.NotConnected):
        tokens.fresh_access_token(connection)
    row = BrokerConnection.objects.get()
    assert (row.status, row.access_token_sealed, row.refresh_token_sealed) == ("none", "", "")
