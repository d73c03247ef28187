"""Leases on a connection's row, taken by compare-and-swap: who may refresh the token, who may sync.

Nothing is locked while HTTP runs. A lease that a dead process left behind ends by itself, and whoever lost one in
between stores nothing, because storing asks for the lease again inside the transaction.
"""

import random
import time
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from msgspec import Struct

from livedata.schwab.errors import SchwabUnreachable
from livedata.schwab.models import BrokerConnection, SyncRun


class Lease(Struct, frozen=True):
    """A right to do one thing to one connection until a moment."""

    connection_id: int
    owner: str
    generation: int


def _free(prefix: str, now: datetime) -> Q:
    """Match rows whose lease is free or has run out."""
    return Q(**{f"{prefix}_lease_owner": ""}) | Q(**{f"{prefix}_lease_until__lte": now})


def take_sync(
    connection_id: int,
    *,
    due_by: datetime | None = None,
    asked_at: datetime | None = None,
    plans: bool = False,
) -> Lease | None:
    """Take the right to sync, or None when another has it.

    None also when, with `due_by`, the sync is not due any more, or when a sync of all accounts began after it was
    asked for, however that one ended. Who `plans` will say when the next sync is due; should the process die before
    it does, that is when its lease ends, and not later because somebody asked ahead of a plan.
    """
    now, owner = timezone.now(), uuid.uuid4().hex
    until = now + timedelta(seconds=settings.THOR_SYNC_LEASE)
    rows = BrokerConnection.objects.filter(_free("sync", now), pk=connection_id)
    if due_by is not None:
        rows = rows.filter(Q(next_sync_at__lte=due_by) | Q(next_sync_at=None))
    if asked_at is not None:
        rows = rows.filter(~Exists(_whole_syncs(since=asked_at)))
    connected = When(status=BrokerConnection.Status.CONNECTED, then=Value(until))
    plan = {"next_sync_at": Case(connected, default=None, output_field=DateTimeField())} if plans else {}
    taken = rows.update(
        sync_lease_owner=owner, sync_lease_until=until, sync_generation=F("sync_generation") + 1, **plan
    )
    if not taken:
        return None
    generation = BrokerConnection.objects.values_list("sync_generation", flat=True).get(pk=connection_id)
    return Lease(connection_id, owner, generation)


def _whole_syncs(since: datetime) -> QuerySet[SyncRun]:
    """Match the runs of a connection that asked for all its accounts."""
    runs = SyncRun.objects.filter(connection=OuterRef("pk"), kind="accounts", started_at__gte=since)
    return runs.exclude(trigger="api")


def hold_sync(lease: Lease) -> bool:
    """Inside a transaction: tell whether the lease is still ours, and keep others off the row until the commit.

    A lease that ran out but that nobody took over still holds: taking over changes the owner.
    """
    until = timezone.now() + timedelta(seconds=settings.THOR_SYNC_LEASE)
    rows = BrokerConnection.objects.filter(pk=lease.connection_id, sync_lease_owner=lease.owner)
    return bool(rows.update(sync_lease_until=until))


def is_ours(lease: Lease) -> bool:
    """Tell whether nobody took the right to sync over, and no disconnection ended it."""
    return BrokerConnection.objects.filter(pk=lease.connection_id, sync_lease_owner=lease.owner).exists()


def release_sync(lease: Lease) -> None:
    """Give the right back; harmless when it was lost."""
    BrokerConnection.objects.filter(pk=lease.connection_id, sync_lease_owner=lease.owner).update(
        sync_lease_owner="", sync_lease_until=None
    )


def take_refresh(connection: BrokerConnection) -> Lease | None:
    """Take the right to refresh the very token that was read, or None.

    A login, a refusal or a failed refresh since the row was read decides anew, so none of them may have happened.
    """
    now, owner = timezone.now(), uuid.uuid4().hex
    generation = connection.token_generation
    taken = BrokerConnection.objects.filter(
        _free("refresh", now),
        pk=connection.pk,
        status=BrokerConnection.Status.CONNECTED,
        token_generation=generation,
        refresh_failed_at=connection.refresh_failed_at,
    ).update(
        refresh_lease_owner=owner,
        refresh_lease_until=now + timedelta(seconds=settings.THOR_REFRESH_LEASE),
    )
    return Lease(connection.pk, owner, generation) if taken else None


def wait_for_sync(connection_id: int, *, seconds: float) -> Lease:
    """Take the right to sync, waiting for whoever has it.

    Raises:
        SchwabUnreachable: it did not come free in time.
    """
    ends = time.monotonic() + seconds
    while (lease := take_sync(connection_id)) is None:
        if time.monotonic() > ends:
            raise SchwabUnreachable("Another sync is still waiting for its answer.")
        time.sleep(random.uniform(0.03, 0.1))  # noqa: S311 (jitter, no secret)
    return lease
