"""Tells the book what accounts were worth after a sync, and what the market did then."""

import logging
from datetime import datetime

from django.db import DatabaseError

from actandpos.models import Account
from actandpos.services.history import SessionNow, record_net_liq
from livedata.market import eastern_date, regular_close_on, session_at
from livedata.schwab.models import BrokerConnection

log = logging.getLogger(__name__)
SESSIONS = ("pre", "regular", "post")


def record_worth(connection: BrokerConnection, observed_at: datetime) -> int:
    """Keep what the connection's accounts were worth at `observed_at`; return of how many.

    The sync stands whatever happens here: a point that could not be kept leaves a gap, no wrong figure.
    """
    day = eastern_date(observed_at)
    try:
        is_open = session_at(observed_at).session in SESSIONS
        accounts = Account.objects.filter(schwab_link__connection=connection)
        ids = list(accounts.values_list("pk", flat=True)) if is_open else []
        return record_net_liq(ids, observed_at, SessionNow(is_open, day, regular_close_on(day)))
    except DatabaseError as error:
        log.warning("net liq of connection %s was not kept: %s", connection.pk, type(error).__name__)
        return 0
