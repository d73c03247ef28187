"""From the browser's return to a working connection: redeem the state, exchange the code, store, first sync."""

import logging
from typing import TYPE_CHECKING

from django.db import transaction

from desk.services import record_event
from livedata.schwab import errors, linking, links, oauth, services, tasks, tokens, vault
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.models import BrokerConnection
from livedata.schwab.queue import enqueue

if TYPE_CHECKING:
    from django.contrib.auth.models import User

log = logging.getLogger(__name__)


def complete_login(user: "User", session_key: str, found: oauth.Return) -> BrokerConnection:
    """Turn Schwab's redirect into a stored connection and bring its figures.

    Raises:
        SchwabError: nothing was stored; `oauth_reason` names it for the screen.
    """
    vault.box()  # an unusable key must be known before the one-use code is spent
    oauth.redeem_state(user, session_key, found)
    answer = oauth.exchange_code_for_tokens(found.code)
    with transaction.atomic():
        connection, _ = BrokerConnection.objects.get_or_create(owner=user)
        tokens.store_login(connection, answer)
        links.show_link_state(connection)
        record_event(user, "schwab_connected", connection_id=connection.pk)
    _first_sync(connection)
    _check_the_others(connection)
    enqueue(tasks.name_instruments, connection.pk)
    enqueue(tasks.refresh_market_days)
    return connection


def _first_sync(connection: BrokerConnection) -> None:
    """Bring accounts and orders at once. The login stands even when this fails; the schedule tries again."""
    try:
        linking.learn_accounts(connection, SchwabTraderAPI(connection))
        services.sync_connection(connection, "connect", with_orders=True)
    except errors.SchwabError as error:
        links.record_error(connection, error)
        log.warning("first sync of connection %s: %s", connection.pk, error.code)


def _check_the_others(connection: BrokerConnection) -> None:
    """Let Schwab say which earlier login of the same person this one has ended."""
    for other in linking.others_at_the_same_login(connection):
        try:
            tokens.fresh_access_token(other, rejected=other.access_token)
        except errors.SchwabError as error:
            log.info("connection %s checked after a newer login: %s", other.pk, error.code)
