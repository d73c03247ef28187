"""When a connection is synced next: by market session, later after failures, as Schwab asks after throttling."""

import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from livedata.market import session_at
from livedata.schwab import errors, leases, links
from livedata.schwab.limiter import THROTTLE_PAUSE
from livedata.schwab.models import BrokerConnection
from livedata.schwab.runs import Tally

LONGEST_PAUSE = 300.0


def interval(now: datetime) -> int:
    """Return the seconds between syncs in the session of `now`."""
    return settings.THOR_SYNC_SECONDS[session_at(now).session]


def fresh_for(moment: datetime) -> timedelta:
    """Return how long figures seen at a moment count as fresh: three missed syncs, at least a minute."""
    return timedelta(seconds=max(60, 3 * interval(moment)))


def plan_next(lease: leases.Lease) -> None:
    """Plan the next sync at the end of one, unless another took over: then it is the other's to plan."""
    now = timezone.now()
    BrokerConnection.objects.filter(
        pk=lease.connection_id, sync_lease_owner=lease.owner, status=BrokerConnection.Status.CONNECTED
    ).update(next_sync_at=now + timedelta(seconds=interval(now)))


def note_success(connection: BrokerConnection, tally: Tally) -> None:
    """Forget earlier failures; a run that read nothing good keeps its error in sight.

    Of a run that was overtaken nothing was stored, so it says nothing about the link either.
    """
    kinds = tally.run.Outcome
    if tally.run.outcome == kinds.SUPERSEDED:
        return
    connected = BrokerConnection.objects.filter(pk=connection.pk, status=BrokerConnection.Status.CONNECTED)
    connected.update(failures=0)
    if tally.run.outcome in (kinds.FAILED, kinds.SUSPECT):
        links.record_error(connection, errors.SchwabOddAnswer(" ".join(tally.notes)))
        return
    connected.update(last_success_at=tally.run.started_at)
    links.clear_error(connection)
    links.show_link_state(connection)


def plan_anew(connection: BrokerConnection, held: errors.HeldBack) -> None:
    """Plan a sync that Thor's own limit did not let begin: nothing failed, it only waits a little longer.

    When the figures grow old over it, the person is told why.
    """
    now = timezone.now()
    pause = (held.retry_after or 1.0) + random.uniform(0, settings.THOR_SYNC_TICK)  # noqa: S311 (jitter, no secret)
    connected = BrokerConnection.objects.filter(pk=connection.pk, status=BrokerConnection.Status.CONNECTED)
    connected.update(next_sync_at=now + timedelta(seconds=pause))
    if connection.last_success_at is None or now > connection.last_success_at + fresh_for(now):
        links.record_error(connection, held)


def plan_after_failure(connection: BrokerConnection, error: errors.SchwabError) -> None:
    """Plan the next try: full jitter over a doubling pause, never sooner than the session's interval or than asked."""
    now = timezone.now()
    BrokerConnection.objects.filter(pk=connection.pk).update(failures=F("failures") + 1)
    failures = BrokerConnection.objects.values_list("failures", flat=True).get(pk=connection.pk)
    base = float(interval(now))
    pause = base + random.uniform(0, min(LONGEST_PAUSE, base * 2 ** min(failures, 8)))  # noqa: S311 (jitter, no secret)
    if isinstance(error, errors.SchwabThrottled):
        pause = max(pause, error.retry_after or THROTTLE_PAUSE)
    connected = BrokerConnection.objects.filter(pk=connection.pk, status=BrokerConnection.Status.CONNECTED)
    connected.update(next_sync_at=now + timedelta(seconds=pause))
