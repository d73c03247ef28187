"""Applies what was read, one transaction an account, and tells the bus after the commit."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django.db import transaction
from msgspec.structs import replace

from actandpos import services as book
from actandpos.models import Account
from actandpos.types import SnapshotChange
from livedata.market import eastern_date, session_day_before
from livedata.schwab import leases, links
from livedata.schwab.descriptions import fill_known_names
from livedata.schwab.identity import forget_salt, identity_of
from livedata.schwab.linking import Known
from livedata.schwab.models import BrokerConnection, LinkedAccount, SyncRun
from livedata.schwab.normalizers import AccountReading, UnreadableAccount
from livedata.schwab.publish import BUS_DOWN, publish_change
from livedata.schwab.runs import OVERTAKEN, Tally

Outcome = SyncRun.Outcome
OUTCOMES = {
    "applied": Outcome.OK,
    "unchanged": Outcome.UNCHANGED,
    "older": Outcome.SUPERSEDED,
    "suspect": Outcome.SUSPECT,
}


def has_strangers(readings: Sequence[AccountReading | UnreadableAccount], known: dict[str, Known]) -> bool:
    """Tell whether the answer names an account that is not linked yet.

    Before anybody counts as new the salt is read again: a database that was restored under a running process has
    another one, and known accounts must not be linked a second time.
    """
    numbers = [each.number for each in readings if isinstance(each, AccountReading)]
    if all(identity_of(number) in known for number in numbers):
        return False
    forget_salt()
    return any(identity_of(number) not in known for number in numbers)


def apply_readings(
    connection: BrokerConnection,
    lease: leases.Lease,
    readings: Sequence[AccountReading | UnreadableAccount],
    known: dict[str, Known],
    tally: Tally,
) -> None:
    """Apply every account of an answer; what is unreadable or unknown is noted and the rest goes on."""
    if _list_is_suspect(connection, lease, readings, known, tally):
        return
    seen: set[str] = set()
    for reading in readings:
        identity = identity_of(reading.number) if reading.number else None
        account = known[identity].account if identity in known else None
        if identity:
            seen.add(identity)
        if isinstance(reading, UnreadableAccount) or account is None:
            name = account.display_name if account else "An account"
            why = reading.reason if isinstance(reading, UnreadableAccount) else "Schwab gave no hash for it."
            tally.outcomes.append(Outcome.FAILED)
            tally.note(f"{name} could not be read: {why}")
            continue
        apply_one(connection, lease, account, reading, tally)
    if all(reading.number for reading in readings):
        _follow_the_list(connection, lease, known, seen)


@lru_cache(maxsize=8)
def base_line(day: date) -> date:
    """Return the session from whose close a day's P/L is measured; which days had one is settled by then."""
    return session_day_before(day)


def apply_one(
    connection: BrokerConnection, lease: leases.Lease, account: Account, reading: AccountReading, tally: Tally
) -> None:
    """Apply one account in one transaction that also checks the lease; publish once it is committed."""
    told: list[bool] = []
    with transaction.atomic():
        if not leases.hold_sync(lease):
            tally.outcomes.append(Outcome.SUPERSEDED)
            tally.note(OVERTAKEN)
            return
        since = base_line(eastern_date(reading.snapshot.observed_at))
        change = book.apply_snapshot(account, replace(reading.snapshot, pl_day_since=since))
        change = _with_names(account, change)
        transaction.on_commit(lambda: told.append(publish_change(change)))
    tally.outcomes.append(OUTCOMES[change.outcome])
    tally.rows_written += change.rows_written
    _note_trouble(account, reading, change, told, tally)


def _with_names(account: Account, change: SnapshotChange) -> SnapshotChange:
    """Put the names already known beside rows that Schwab sends without one, inside the same transaction."""
    return fill_known_names(account, change) if change.outcome == "applied" else change


def _note_trouble(
    account: Account, reading: AccountReading, change: SnapshotChange, told: list[bool], tally: Tally
) -> None:
    """Write what a reader of the run should know into its reason."""
    if change.reason:
        tally.note(f"{account.display_name}: {change.reason}")
    for note in reading.notes:
        tally.note(f"{account.display_name}: {note}")
    for row in reading.snapshot.rejected:
        tally.outcomes.append(Outcome.PARTIAL)
        tally.note(f"{account.display_name}: {row.symbol or 'a row'} could not be read: {row.reason}")
    if not all(told):
        tally.note(BUS_DOWN)


def _list_is_suspect(
    connection: BrokerConnection,
    lease: leases.Lease,
    readings: Sequence[AccountReading | UnreadableAccount],
    known: dict[str, Known],
    tally: Tally,
) -> bool:
    """An empty list where accounts are known is believed only when it comes twice in a row."""
    empty = not readings and any(each.linked for each in known.values())
    suspect = empty and not connection.list_suspect
    if connection.list_suspect != suspect:
        ours = BrokerConnection.objects.filter(pk=connection.pk, sync_lease_owner=lease.owner)
        ours.update(list_suspect=suspect)
    if suspect:
        tally.outcomes.append(Outcome.SUSPECT)
        tally.note("Schwab listed no account at all; nothing was changed until a second answer agrees.")
    return suspect


def _follow_the_list(
    connection: BrokerConnection, lease: leases.Lease, known: dict[str, Known], seen: set[str]
) -> None:
    """Mark accounts that left the list as unlinked, and those that are back as linked, if the lease is still ours."""
    gone = [each.account.pk for identity, each in known.items() if identity not in seen and each.linked]
    back = [each.account.pk for identity, each in known.items() if identity in seen and not each.linked]
    if not gone and not back:
        return
    with transaction.atomic():
        if not leases.hold_sync(lease):
            return
        LinkedAccount.objects.filter(account_id__in=gone).update(linked=False)
        LinkedAccount.objects.filter(account_id__in=back).update(linked=True)
        book.mark_unlinked(gone)
        links.show_link_state(connection)
