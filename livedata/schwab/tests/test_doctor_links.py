"""What the doctor says of sign-ins under way, of connections and of their last syncs."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from livedata.schwab import errors, links, oauth, services
from livedata.schwab.doctor.finding import Finding
from livedata.schwab.doctor.links import connections, sign_ins
from livedata.schwab.models import BrokerConnection, OAuthState
from livedata.schwab.tests.fake_schwab import ACCOUNTS, ORDERS, FakeSchwab, said
from livedata.schwab.tests.people import change, user

pytestmark = pytest.mark.django_db
ANOTHER_KEY = "bm90LXRoZS1zYW1lLWtleS1vbmx5LWZvci10ZXN0cyE="


def levels() -> list[str]:
    """Return how serious each finding about connections is."""
    return [each.level for each in connections()]


def first() -> Finding:
    """Return the first finding about connections."""
    return next(connections())


def test_a_good_connection_tells_its_ends_and_its_last_sync(connection: BrokerConnection) -> None:
    login, synced = connections()
    assert (login.level, synced.level) == ("ok", "ok")
    assert "Its login lasts until" in login.message
    assert "its access token ends at" in login.message
    assert "went well" in synced.message
    change(connection, access_expires_at=timezone.now() - timedelta(minutes=1))
    assert "the next sync fetches another" in first().message


def test_a_login_comes_to_its_end(connection: BrokerConnection) -> None:
    change(connection, refresh_issued_at=timezone.now() - timedelta(days=6))
    assert (first().level, first().action) == ("warning", "Its user connects Schwab again before that.")
    change(connection, refresh_issued_at=timezone.now() - timedelta(days=8))
    assert (levels(), first().message) == (["error"], "Its sign-in has ended.")
    change(connection, status=BrokerConnection.Status.REAUTH_REQUIRED)
    assert levels() == ["error"]
    links.disconnect(connection)
    assert first().message == "Nobody has connected Schwab yet."


def test_a_key_that_does_not_open_what_is_stored(connection: BrokerConnection, settings: Settings) -> None:
    good = settings.TOKEN_ENCRYPTION_KEYS
    settings.TOKEN_ENCRYPTION_KEYS = [ANOTHER_KEY]
    assert (levels(), "TOKEN_ENCRYPTION_KEYS" in first().action) == (["error"], True)
    settings.TOKEN_ENCRYPTION_KEYS = good
    link = connection.links.latest("id")
    settings.TOKEN_ENCRYPTION_KEYS = [ANOTHER_KEY]
    link.number = "11112222"
    link.save()
    settings.TOKEN_ENCRYPTION_KEYS = good
    assert levels() == ["error"]


@pytest.mark.parametrize(("path", "kind"), [(ACCOUNTS, "accounts"), (ORDERS, "orders")])
def test_a_last_sync_that_failed(
    schwab: FakeSchwab, connection: BrokerConnection, path: str, kind: str
) -> None:
    schwab.says(path, said(503, ""))
    with pytest.raises(errors.SchwabUnavailable):
        services.sync_connection(connection, "manual", with_orders=True)
    login, synced = connections()
    assert (login.level, synced.level) == ("ok", "warning")
    assert f"Its last sync of {kind} at" in synced.message
    assert "Schwab has an outage. (HTTP 503)" in synced.message
    assert synced.action == errors.SchwabUnavailable.action
    services.sync_connection(connection, "manual", with_orders=True)
    assert levels() == ["ok", "ok"]


def test_an_error_that_belongs_to_no_sync(connection: BrokerConnection) -> None:
    links.record_error(connection, errors.HeldBack())
    assert levels() == ["ok", "warning"]
    assert list(connections())[1].message.startswith("Its last error: Thor keeps to its own limit")


def test_a_sync_that_nobody_does(connection: BrokerConnection) -> None:
    change(connection, next_sync_at=timezone.now() - timedelta(minutes=3))
    _, due = connections()
    assert (due.level, due.action) == ("warning", "Look at worker and beat above.")


def test_a_sign_in_that_did_not_come_back() -> None:
    assert not list(sign_ins())
    owner = user()
    oauth.start(owner, "a session")
    (finding,) = sign_ins()
    assert (finding.level, "1 sign-in was begun" in finding.message) == ("warning", True)
    assert "it counts until" in finding.message
    OAuthState.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    oauth.start(user("somebody else"), "another session")
    OAuthState.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    (finding,) = sign_ins()
    assert "2 sign-ins were begun" in finding.message
    assert "it is too late now" in finding.message


def test_a_sign_in_is_forgotten_once_its_user_is_connected(connection: BrokerConnection) -> None:
    oauth.start(connection.owner, "a session")
    assert list(sign_ins())
    change(connection, connected_at=timezone.now())
    assert not list(sign_ins())
