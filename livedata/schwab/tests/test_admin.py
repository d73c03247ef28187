"""The broker's room in Django admin: everything to look up, no secret to see."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client

from actandpos.models import Account, Order, Position, RejectedRow
from desk.models import AuditEvent
from desk.services import record_event
from desk.tests.admin_pages import closed_to_others, found, list_of, refuses, row_of, superuser, walk
from livedata.models import Instrument, MarketDay
from livedata.schwab.identity import identity_of
from livedata.schwab.models import BrokerConnection, IdentitySalt, LinkedAccount, OAuthState, SyncRun

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 14, 14, 0, tzinfo=UTC)
NUMBER = "31415926"
SECRETS = {
    "access_token": "I0.CANARY-ACCESS@",
    "refresh_token": "CANARY-REFRESH-0001@",
    "number": NUMBER,
    "hash_value": "5F0C1A7E93B24D68A1C07E52F9B83D44CANARY",
}
MODELS = (BrokerConnection, LinkedAccount, SyncRun)
EVERY_MODEL = (*MODELS, Account, Position, Order, RejectedRow, MarketDay, Instrument, AuditEvent)


@pytest.fixture
def client() -> Client:
    """Return a superuser's browser."""
    return superuser()


def _connection(name: str, **more: Any) -> BrokerConnection:
    """Store a connection of one person with every secret set."""
    connection = BrokerConnection(owner=User.objects.create_user(name), **more)
    connection.access_token, connection.refresh_token = SECRETS["access_token"], SECRETS["refresh_token"]
    connection.customer_identity = identity_of(f"customer of {name}")
    connection.save()
    return connection


@pytest.fixture
def rows(client: Client) -> list[Any]:
    """Return one row of each model of the room, with another connection beside them."""
    connected = {"status": "connected", "refresh_issued_at": NOW, "access_expires_at": NOW}
    _connection("other", last_error_code="schwab_outage", last_error_message="Schwab has an outage.")
    connection = _connection("trader", **connected)
    account = Account.objects.create(
        owner=connection.owner, broker="schwab", identity=identity_of(NUMBER), display_name="Trading …926"
    )
    link = LinkedAccount(connection=connection, account=account)
    link.number, link.hash_value = SECRETS["number"], SECRETS["hash_value"]
    link.save()
    run = SyncRun.objects.create(
        connection=connection, kind="accounts", trigger="schedule", started_at=NOW, outcome="partial",
        reason="Trading …926: ZZ could not be read.",
    )  # fmt: skip
    OAuthState.objects.create(
        owner=connection.owner, state_digest="CANARY-STATE", session_digest="CANARY-SESSION", created_at=NOW
    )
    RejectedRow.objects.create(
        account=account, symbol="ZZ", reason="averagePrice is out of range", seen_at=NOW
    )
    record_event(connection.owner, "schwab_connected", accounts=1)
    return [connection, link, run]


def _hidden(rows: list[Any]) -> list[str]:
    """Return every text that no page may show: secrets, their ciphertext, identities, digests, the salt."""
    connection, link, _ = rows
    sealed = [connection.access_token_sealed, connection.refresh_token_sealed]
    sealed += [link.number_sealed, link.hash_value_sealed]
    identities = [link.account.identity, connection.customer_identity]
    uids = [str(connection.uid), connection.uid.hex, str(link.uid), link.uid.hex]
    salt = bytes(IdentitySalt.objects.get().salt).hex()
    return [*SECRETS.values(), *sealed, *identities, *uids, salt, "CANARY"]


def test_lists_searches_and_filters(client: Client, rows: list[Any]) -> None:
    assert found(client, BrokerConnection) == 2
    assert found(client, BrokerConnection, q="trader") == 1
    assert found(client, BrokerConnection, q="outage") == 1
    assert found(client, BrokerConnection, status__exact="connected") == 1
    assert found(client, BrokerConnection, last_error_code="schwab_outage") == 1
    assert found(client, LinkedAccount, q="926") == 1
    assert found(client, LinkedAccount, linked__exact="0") == 0
    assert found(client, SyncRun, q="could not be read") == 1
    assert found(client, SyncRun, q="trader") == 1
    assert found(client, SyncRun, outcome__exact="ok") == 0
    assert found(client, SyncRun, kind__exact="accounts", trigger="schedule") == 1


@pytest.mark.parametrize("search", [SECRETS["number"], SECRETS["hash_value"], "CANARY"])
def test_secrets_cannot_be_searched_for(client: Client, rows: list[Any], search: str) -> None:
    assert [found(client, model, q=search) for model in MODELS] == [0, 0, 0]


@pytest.mark.parametrize("model", EVERY_MODEL)
def test_no_page_shows_a_token_a_number_or_a_hash(
    client: Client, rows: list[Any], model: type[Model]
) -> None:
    pages = walk(client, model, "trader")
    assert len(pages) >= 2
    hidden = _hidden(rows)
    for address, text in pages.items():
        assert not [secret for secret in hidden if secret in text], address


def test_the_pages_do_show_what_one_looks_for(client: Client, rows: list[Any]) -> None:
    addresses = [list_of(model) for model in MODELS] + [row_of(row) for row in BrokerConnection.objects.all()]
    text = "".join(client.get(address).content.decode() for address in addresses)
    for word in ("Trading …926", "trader", "Schwab has an outage.", "ZZ could not be read", "Partial"):
        assert word in text, word


def test_only_rows_without_secrets_of_their_own_have_pages() -> None:
    registered = set(admin.site._registry)
    assert set(EVERY_MODEL) <= registered
    assert not registered & {OAuthState, IdentitySalt}


def test_the_front_page_and_recent_acts_show_no_secret(client: Client, rows: list[Any]) -> None:
    for address in ("/admin/", "/admin/schwab/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert not [secret for secret in _hidden(rows) if secret in answer.content.decode()]


def test_the_state_is_that_of_the_clock(client: Client, rows: list[Any]) -> None:
    BrokerConnection.objects.update(refresh_issued_at=datetime.now(tz=UTC) - timedelta(days=8))
    for address in (list_of(BrokerConnection), row_of(rows[0])):
        assert "reauth_required" in client.get(address).content.decode()


def test_nothing_is_made_or_changed_by_hand(client: Client, rows: list[Any]) -> None:
    for row in rows:
        refuses(client, row, "add", "change", "delete")


@pytest.mark.parametrize("place", range(len(MODELS)))
def test_nobody_else_gets_in(rows: list[Any], place: int) -> None:
    closed_to_others(rows[place])
