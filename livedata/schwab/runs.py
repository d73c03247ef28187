"""Keeping account of syncs: each gets a row that says why, when, how it ended and what it cost."""

from collections.abc import Iterator
from contextlib import contextmanager

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
    # Who syncs holds the lease, so an earlier run that never ended died with its process.
    SyncRun.objects.filter(connection=connection, kind=kind, outcome=SyncRun.Outcome.RUNNING).update(
        outcome=SyncRun.Outcome.FAILED, ended_at=timezone.now(), reason=DIED
    )
    run = SyncRun.objects.create(connection=connection, kind=kind, trigger=trigger, started_at=timezone.now())
    tally = Tally(run)
    try:
        yield tally
    except errors.HeldBack:
        run.delete()  # it never was: Schwab was not asked
        raise
    except errors.SchwabError as error:
        ours = leases.is_ours(lease)
        tally.note(str(error) if ours else OVERTAKEN)
        if ours:
            links.record_error(connection, error)
        _close(tally, SyncRun.Outcome.FAILED if ours else SyncRun.Outcome.SUPERSEDED)
        raise
    except BaseException as error:
        # Not ours to handle, but the record must not stay "running" for ever.
        tally.note(f"Stopped by {type(error).__name__}.")
        _close(tally, SyncRun.Outcome.FAILED)
        raise
    outcome = tally.outcome()
    if outcome not in GOOD and not leases.is_ours(lease):
        tally.notes = [OVERTAKEN]  # what it read was not used either, so it is no news
        outcome = SyncRun.Outcome.SUPERSEDED
    _close(tally, outcome)


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
