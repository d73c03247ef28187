"""Syncing by hand, and what the book keeps."""

import pytest

from actandpos.models import Account, Position
from livedata.schwab import errors, services
from livedata.schwab.models import BrokerConnection, SyncRun

SATURDAY = "2026-11-21T18:00:00Z"
"""The market is closed: a sync each minute."""


def sync(connection: BrokerConnection) -> SyncRun:
    """Sync by hand and return the run."""
    run = services.sync_connection(connection, "manual")
    assert run
    connection.refresh_from_db()
    return run


def failed(connection: BrokerConnection, kind: type[errors.SchwabError]) -> SyncRun:
    """Sync, expect this error and nothing less, and return the run that says so."""
    with pytest.raises(kind) as caught:
        services.sync_connection(connection, "manual")
    assert type(caught.value) is kind
    run: SyncRun = SyncRun.objects.latest("id")
    assert run.reason.startswith(kind.message)
    connection.refresh_from_db()
    return run


def book() -> list[object]:
    """Return all that the book keeps, save what is said of the link."""
    accounts = Account.objects.order_by("id").values_list("id", "net_liq", "version", "as_of", "checked_at")
    return [*accounts, *Position.objects.order_by("id").values()]
