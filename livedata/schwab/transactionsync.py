"""Reads one window of one account's transactions: fetch, parse, apply, note how far. One window a task.

Whoever reads holds a lease on the progress; nothing is locked while HTTP runs, and who lost the lease stores nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from actandpos.eastern import day_bounds, eastern_day
from actandpos.models import Account
from actandpos.services.transactions import apply_transactions, match_everything
from actandpos.transaction_types import TransactionPage
from livedata.schwab import errors, history, runs
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.history import Claim, State, Window
from livedata.schwab.historyturn import DONE, MORE, take_turn
from livedata.schwab.models import HistoryProgress, LinkedAccount, SyncRun
from livedata.schwab.runs import OVERTAKEN, Tally
from livedata.schwab.transactions import TransactionsReading, read_transactions

MOST_ROWS = 3000
"""So many rows fill an answer (§2.5): there may be more that it does not say."""
NARROWEST = timedelta(minutes=1)
TOO_MANY = "Schwab lists at most 3,000 transactions; some of one minute may be missing."
LONGEST_RUN = timedelta(minutes=10)
Outcome = SyncRun.Outcome


def read_window(account_id: int, trigger: str) -> str:
    """Read what is due of an account's transactions, at most one window; return whether there is more.

    Returns `more`, `done`, `busy` (another reads), `gone` (not linked, not connected) or an error's code; the
    error is kept with the progress and the run, and the next try planned.
    """
    return take_turn(account_id, history.TRANSACTIONS, partial(_read, trigger=trigger))


def _read(link: LinkedAccount, progress: HistoryProgress, claim: Claim, trigger: str) -> str:
    """Fetch, apply and note one window."""
    window = history.next_window(progress, timezone.now())
    if window is None:
        return DONE
    api = SchwabTraderAPI(link.connection)
    with _recorded(link, trigger) as tally:
        try:
            window, reading = _fetch(api, link, window, tally)
            more = _store(link, claim, window, reading, tally)
        finally:
            tally.calls = api.calls
    return MORE if more else DONE


def _fetch(
    api: SchwabTraderAPI, link: LinkedAccount, window: Window, tally: Tally
) -> tuple[Window, TransactionsReading]:
    """Return the widest part of a window that an answer holds whole."""
    while True:
        fetched = api.fetch_transactions(link.hash_value, window.start, window.end)
        reading = read_transactions(fetched.body)
        if reading.count < MOST_ROWS:
            return window, reading
        if window.end - window.start <= NARROWEST:
            tally.outcomes.append(Outcome.PARTIAL)
            tally.note(TOO_MANY)
            return window, reading
        window = history.narrowed(window)


def _store(
    link: LinkedAccount, claim: Claim, window: Window, reading: TransactionsReading, tally: Tally
) -> bool:
    """Apply a window in one transaction that also checks the lease and the link; return whether more is to be read."""
    now, account = timezone.now(), link.account
    page = TransactionPage(
        start=window.start, end=window.end, rows=reading.rows, rejected=reading.rejected, read_at=now
    )
    with transaction.atomic():
        if not history.hold(claim) or not _still_linked(link):
            tally.outcomes.append(Outcome.SUPERSEDED)
            tally.note(OVERTAKEN)
            return False
        matched = Account.objects.filter(pk=account.pk, lots_matched_at__isnull=False).exists()
        change = apply_transactions(account, page, matching=matched and not window.backwards)
        progress = HistoryProgress.objects.get(pk=claim.progress_id)
        history.advance(progress, window, now)
        done = progress.state == State.DONE
        if done and (window.backwards or not matched):
            match_everything(account, _first_whole_day(progress))
    tally.outcomes.append(Outcome.OK if change.rows_written else Outcome.UNCHANGED)
    tally.rows_written += change.rows_written
    for refused in reading.rejected:
        tally.outcomes.append(Outcome.PARTIAL)
        tally.note(f"{account.display_name}: a transaction could not be read: {refused.reason}")
    return progress.next_at is not None and progress.next_at <= now


def _first_whole_day(progress: HistoryProgress) -> object:
    """Return the first Eastern day that lies wholly in what was read."""
    if progress.reached_back_to is None:
        return None
    day = eastern_day(progress.reached_back_to)
    return day if day_bounds(day)[0] == progress.reached_back_to else day + timedelta(days=1)


def _still_linked(link: LinkedAccount) -> bool:
    """Tell whether no disconnection or new login came between."""
    rows = LinkedAccount.objects.filter(pk=link.pk, linked=True, connection=link.connection)
    login = link.connection.refresh_issued_at
    return rows.filter(connection__status="connected", connection__refresh_issued_at=login).exists()


@contextmanager
def _recorded(link: LinkedAccount, trigger: str) -> Iterator[Tally]:
    """Record one reading. Accounts are read side by side, so only an old one that never ended is taken for dead."""
    runs.bury(link.connection, history.TRANSACTIONS, begun_before=timezone.now() - LONGEST_RUN)
    with runs.kept(link.connection, history.TRANSACTIONS, trigger, failed=_failed) as tally:
        yield tally


def _failed(tally: Tally, error: errors.SchwabError) -> str:
    tally.note(str(error))
    return Outcome.FAILED
