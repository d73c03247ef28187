"""A person asks for fresh figures: by opening the page or by hand."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from msgspec import Struct

from livedata.schwab import errors, services, tasks
from livedata.schwab.models import BrokerConnection
from livedata.schwab.queue import enqueue


class Asked(Struct, frozen=True):
    """Whether a sync is on its way, and the sentence that says so."""

    queued: bool
    detail: str


def ask_for_sync(connection: BrokerConnection | None, trigger: str) -> Asked:
    """Queue a sync unless it cannot or need not be done; with the queue down, do it here and now."""
    now = timezone.now()
    if connection is None or connection.status == BrokerConnection.Status.NONE:
        return Asked(False, "Schwab is not connected.")
    if connection.state(now) == BrokerConnection.Status.REAUTH_REQUIRED:
        return Asked(False, "Schwab's sign-in has ended. Connect Schwab again.")
    if connection.sync_lease_until and connection.sync_lease_until > now:
        return Asked(False, "A sync is already running.")
    age = timedelta(seconds=settings.THOR_OPEN_SYNC_AGE)
    if trigger == "open" and connection.last_success_at and now - connection.last_success_at <= age:
        return Asked(False, f"The figures are younger than {settings.THOR_OPEN_SYNC_AGE} seconds.")
    if enqueue(tasks.sync_connection, connection.pk, trigger, now.isoformat(), expires=30):
        return Asked(True, "A sync is on its way.")
    return _sync_here(connection, trigger)


def _sync_here(connection: BrokerConnection, trigger: str) -> Asked:
    """Sync without the queue."""
    try:
        run = services.sync_connection(connection, trigger, with_orders=True)
    except errors.SchwabError as error:
        return Asked(False, f"{error} {error.action}")
    return (
        Asked(True, "Synced without the task queue, which is down.")
        if run
        else Asked(False, "Already running.")
    )
