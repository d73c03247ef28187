"""Keeping account of syncs: each gets a row that says why, when, how it ended and what it cost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

from livedata.schwab import errors, leases, links
from livedata.schwab.models import BrokerConnection, SyncRun

DIED = "Its process ended before it did."
OVERTAKEN = "Another sync took over; this answer was not used."
GOOD = (SyncRun.Outcome.OK, SyncRun.Outcome.UNCHANGED, SyncRun.Outcome.PARTIAL)
TRIGGERS = ("schedule", "open", "manual", "connect", "api", "stream")


class Tally:
    """What a running sync counts up before its row is closed."""

    def __init__(self, run: SyncRun) -> None:
        self.run = run
        self.outcomes: list[str] = []
        self.notes: list[str] = []
        self.rows_written = 0
        self.calls = 0

    def note(self, text: str) -> None:
        """Add a sentence to the reason, once."""
        if text and text not in self.notes:
            self.notes.append(text)

    def outcome(self) -> str:
        """Return how the whole sync ended: trouble with a part outranks success with the rest."""
        kinds = SyncRun.Outcome
        if kinds.SUPERSEDED in self.outcomes:
            return kinds.SUPERSEDED
        bad = {kinds.FAILED, kinds.PARTIAL} & set(self.outcomes)
        if bad:
            return kinds.FAILED if set(self.outcomes) == {kinds.FAILED} else kinds.PARTIAL
        if kinds.SUSPECT in self.outcomes:
            return kinds.SUSPECT
        return kinds.OK if kinds.OK in self.outcomes else kinds.UNCHANGED


@contextmanager
def recorded(connection: BrokerConnection, lease: leases.Lease, kind: str, trigger: str) -> Iterator[Tally]:
    """Record one sync. A `SchwabError` is recorded, shown on the connection and raised on; `HeldBack` only raised.

    What goes wrong after another sync took over says nothing about the link.
    """

    def failed(tally: Tally, error: errors.SchwabError) -> str:
        if not leases.is_ours(lease):
            tally.note(OVERTAKEN)
            return SyncRun.Outcome.SUPERSEDED
        tally.note(str(error))
        links.record_error(connection, error)
        return SyncRun.Outcome.FAILED

    def ended(tally: Tally) -> str:
        outcome = tally.outcome()
        if outcome in GOOD or leases.is_ours(lease):
            return outcome
        tally.notes = [OVERTAKEN]  # what it read was not used either, so it is no news
        return SyncRun.Outcome.SUPERSEDED

    # Who syncs holds the lease, so an earlier run that never ended died with its process.
    bury(connection, kind)
    with kept(connection, kind, trigger, failed=failed, ended=ended) as tally:
        yield tally


def bury(connection: BrokerConnection, kind: str, *, begun_before: datetime | None = None) -> None:
    """End the records of runs whose process ended before they did."""
    now = timezone.now()
    running = SyncRun.objects.filter(connection=connection, kind=kind, outcome=SyncRun.Outcome.RUNNING)
    dead = running if begun_before is None else running.filter(started_at__lt=begun_before)
    dead.update(outcome=SyncRun.Outcome.FAILED, ended_at=now, reason=DIED)


@contextmanager
def kept(
    connection: BrokerConnection,
    kind: str,
    trigger: str,
    *,
    failed: Callable[[Tally, errors.SchwabError], str],
    ended: Callable[[Tally], str] = Tally.outcome,
) -> Iterator[Tally]:
    """Keep the record of one run; `failed` and `ended` say its outcome. Whatever goes wrong is raised on."""
    run = SyncRun.objects.create(connection=connection, kind=kind, trigger=trigger, started_at=timezone.now())
    tally = Tally(run)
    try:
        yield tally
    except errors.HeldBack:
        run.delete()  # it never was: Schwab was not asked
        raise
    except errors.SchwabError as error:
        _close(tally, failed(tally, error))
        raise
    except BaseException as error:
        # Not ours to handle, but the record must not stay "running" for ever.
        tally.note(f"Stopped by {type(error).__name__}.")
        _close(tally, SyncRun.Outcome.FAILED)
        raise
    _close(tally, ended(tally))


def _close(tally: Tally, outcome: str) -> None:
    """Write how the sync ended."""
    run = tally.run
    run.ended_at, run.outcome = timezone.now(), outcome
    run.reason, run.http_calls, run.rows_written = (
        " ".join(tally.notes)[:4000],
        tally.calls,
        tally.rows_written,
    )
    run.save()
