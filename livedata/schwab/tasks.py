"""What runs in the background. Tasks take ids only and may run twice: leases and due times make that harmless."""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db.models import Case, F, Q, When
from django.utils import timezone

from actandpos.services.history import thin_net_liq
from livedata.market import eastern_date
from livedata.schwab import (
    descriptions,
    dividends,
    errors,
    history,
    markethours,
    orderhistory,
    schedule,
    services,
    tokens,
    transactionsync,
)
from livedata.schwab.models import BrokerConnection, OAuthState, SyncRun
from livedata.schwab.oauth import STATE_LIFE
from livedata.schwab.queue import enqueue

log = logging.getLogger(__name__)
PREFIX = "livedata.schwab."
NAMES_AFTER = 3
"""Seconds after a sync: names move the book on by themselves, and marks stand still while a new book is read."""


def _connected() -> "list[int]":
    """Return the ids of connections that can be used."""
    rows = BrokerConnection.objects.filter(status=BrokerConnection.Status.CONNECTED)
    return list(rows.values_list("id", flat=True))


@shared_task(name=PREFIX + "sync_due_connections")
def sync_due_connections() -> int:
    """Enqueue a sync for every connection that is due and not being synced; return how many."""
    now = timezone.now()
    due = BrokerConnection.objects.filter(
        Q(next_sync_at__lte=now) | Q(next_sync_at=None),
        Q(sync_lease_owner="") | Q(sync_lease_until__lte=now),
        status=BrokerConnection.Status.CONNECTED,
    )
    # Whoever is looked at comes first, then whoever waits longest: with the window full the last ones get nothing.
    watched = Q(looked_at__gte=now - BrokerConnection.LOOKED_AT_FOR)
    waiting = due.order_by(
        Case(When(watched, then=0), default=1), F("last_success_at").asc(nulls_first=True), "id"
    ).values_list("id", flat=True)
    expires = schedule.interval(now)
    for connection_id in waiting:
        sync_connection.apply_async((connection_id, "schedule"), expires=expires)
    return len(waiting)


@shared_task(name=PREFIX + "sync_connection")
def sync_connection(connection_id: int, trigger: str, asked_at: str | None = None) -> str:
    """Sync one connection; return the outcome or why there was none.

    `asked_at` (ISO) is when a person asked: of two messages that asked before a sync began only one brings it.
    """
    connection = BrokerConnection.objects.filter(pk=connection_id).first()
    if connection is None:
        return "gone"
    try:
        run = services.sync_connection(
            connection,
            trigger,
            with_orders=_orders_due(connection, trigger),
            asked_at=datetime.fromisoformat(asked_at) if asked_at else None,
        )
    except errors.HeldBack:
        return errors.HeldBack.code  # planned anew, and no news to anybody
    except errors.SchwabError as error:
        log.warning("sync of connection %s: %s", connection_id, error.code)
        return error.code
    if run is None:
        return "not due"
    if trigger == "stream":
        history.soon(connection_id)
    enqueue(name_instruments, connection_id, countdown=NAMES_AFTER)
    return str(run.outcome)


def _orders_due(connection: BrokerConnection, trigger: str) -> bool:
    """Orders come with every sync that somebody asked for, else with one in `THOR_ORDERS_EVERY`.

    They come too when a run never ended: what its process left may have been asked for, or have been the orders.
    """
    runs = SyncRun.objects.filter(connection=connection)
    if trigger != "schedule" or runs.filter(outcome=SyncRun.Outcome.RUNNING).exists():
        return True
    last = runs.filter(kind="orders").first()
    every = settings.THOR_ORDERS_EVERY * schedule.interval(timezone.now())
    return last is None or timezone.now() - last.started_at >= timedelta(seconds=every - 1)


@shared_task(name=PREFIX + "read_due_transactions")
def read_due_transactions() -> int:
    """Enqueue a reading for every account whose transactions are due; return how many."""
    waiting = history.due(timezone.now())
    for account_id in waiting:
        read_transactions.apply_async((account_id, "schedule"), expires=settings.THOR_TRANSACTIONS_TICK)
    return len(waiting)


@shared_task(name=PREFIX + "read_transactions")
def read_transactions(account_id: int, trigger: str = "schedule") -> str:
    """Read one window of an account's transactions and go on with the next; return how it ended."""
    ended = transactionsync.read_window(account_id, trigger)
    if ended == transactionsync.MORE:
        enqueue(read_transactions, account_id, trigger)
    return ended


@shared_task(name=PREFIX + "read_due_orders_back")
def read_due_orders_back() -> int:
    """Enqueue one window for accounts whose orders are not known far enough back; return how many.

    Not more than a part of the calls that Thor may make: who looks at the desk now comes before what was long ago.
    """
    calls = settings.THOR_CALLS_PER_MINUTE * orderhistory.SHARE_OF_CALLS * settings.THOR_HISTORY_TICK / 60
    waiting = orderhistory.due(timezone.now())[: max(1, int(calls))]
    for account_id in waiting:
        read_orders_back.apply_async((account_id,), expires=settings.THOR_HISTORY_TICK)
    return len(waiting)


@shared_task(name=PREFIX + "read_orders_back")
def read_orders_back(account_id: int) -> str:
    """Read one window of an account's orders back; the next follows by the schedule. Return how it ended."""
    return orderhistory.read_back(account_id)


@shared_task(name=PREFIX + "name_instruments")
def name_instruments(connection_id: int) -> int:
    """Ask for names of shares and for dividends that are not known yet; return how many were learned."""
    connection = BrokerConnection.objects.filter(pk=connection_id).first()
    if connection is None or connection.status != BrokerConnection.Status.CONNECTED:
        return 0
    try:
        return descriptions.ask_for_names(connection) + dividends.ask_for_dividends(connection)
    except errors.SchwabError as error:
        log.info("names for connection %s: %s", connection_id, error.code)
        return 0


@shared_task(name=PREFIX + "refresh_tokens_ahead")
def refresh_tokens_ahead() -> int:
    """Refresh access tokens before they end and notice logins that have ended; return how many were looked at."""
    ids = _connected()
    for connection in BrokerConnection.objects.filter(pk__in=ids):
        try:
            tokens.refresh_ahead(connection)
        except errors.SchwabError as error:
            log.info("refresh ahead for connection %s: %s", connection.pk, error.code)
    return len(ids)


@shared_task(name=PREFIX + "refresh_market_days")
def refresh_market_days() -> int:
    """Learn the market's hours of today and the next days from Schwab; return how many days were learned."""
    connection = (
        BrokerConnection.objects.filter(status=BrokerConnection.Status.CONNECTED).order_by("?").first()
    )
    if connection is None:
        return 0
    try:
        return markethours.learn_days(connection, eastern_date(timezone.now()))
    except errors.SchwabError as error:
        log.info("market hours: %s", error.code)
        return 0


@shared_task(name=PREFIX + "prune_records")
def prune_records() -> int:
    """Delete old sync runs, unfinished sign-ins and minutes of net liq; return how many rows went."""
    now = timezone.now()
    old = now - timedelta(days=settings.THOR_KEEP_SYNC_RUNS_DAYS)
    runs, _ = SyncRun.objects.filter(started_at__lt=old).delete()
    states, _ = OAuthState.objects.filter(created_at__lt=now - STATE_LIFE).delete()
    return runs + states + thin_net_liq(now)
