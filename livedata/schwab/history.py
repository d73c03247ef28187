"""How far back one account's history was read: what to read next, who may read it, and when again.

Two edges move apart: `read_until` (the newest window's end) forwards, `reached_back_to` backwards until `wanted_from`.
Everything between them is in the book.
"""

import random
from datetime import date, datetime, timedelta
from math import ceil

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from msgspec import Struct

from actandpos.eastern import day_bounds, eastern_day
from actandpos.models import Account
from livedata.market import session_at
from livedata.schwab import errors
from livedata.schwab.limiter import THROTTLE_PAUSE
from livedata.schwab.models import HistoryProgress

TRANSACTIONS = "transactions"
WINDOW, REREAD, FURTHEST = timedelta(days=30), timedelta(days=5), timedelta(days=365)
FRESH = timedelta(seconds=30)
"""A newest window that was read so short a time ago is not read again for the sake of the older ones."""
AFTER_CHANGE = timedelta(minutes=2)
"""After a session ends Schwab needs a moment to book what was done in it."""
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 3600.0
IN_SESSION = ("pre", "regular", "post")
State = HistoryProgress.State


class Window(Struct, frozen=True):
    """A stretch of time to read; `backwards` when it lies before all that is known."""

    start: datetime
    end: datetime
    backwards: bool


class Claim(Struct, frozen=True):
    """The right to read one account's history for a while."""

    progress_id: int
    generation: int


def progress_of(account: Account, kind: str = TRANSACTIONS) -> HistoryProgress:
    """Return the progress; of transactions a new one wants the Eastern year so far."""
    first = day_bounds(date(eastern_day(timezone.now()).year, 1, 1))[0]
    values = {"wanted_from": first} if kind == TRANSACTIONS else {}
    return HistoryProgress.objects.get_or_create(account=account, kind=kind, defaults=values)[0]


def take(progress: HistoryProgress) -> Claim | None:
    """Take the right to read, or None while another has it. Who died loses it when its time is over."""
    now = timezone.now()
    free = HistoryProgress.objects.filter(Q(lease_until=None) | Q(lease_until__lte=now), pk=progress.pk)
    until = now + timedelta(seconds=settings.THOR_HISTORY_LEASE)
    if not free.update(lease_until=until, generation=F("generation") + 1):
        return None
    progress.refresh_from_db()
    return Claim(progress.pk, progress.generation)


def hold(claim: Claim) -> bool:
    """Inside a transaction: tell whether nobody took over, and keep others off until the commit."""
    until = timezone.now() + timedelta(seconds=settings.THOR_HISTORY_LEASE)
    mine = HistoryProgress.objects.filter(pk=claim.progress_id, generation=claim.generation)
    return bool(mine.update(lease_until=until))


def give_back(claim: Claim) -> None:
    """End the right; harmless when it was lost."""
    mine = HistoryProgress.objects.filter(pk=claim.progress_id, generation=claim.generation)
    mine.update(lease_until=None)


def next_window(progress: HistoryProgress, now: datetime) -> Window | None:
    """Return what to read next: first what is new, with some days read again for late bookings, then backwards."""
    until, reached, wanted = progress.read_until, progress.reached_back_to, progress.wanted_from
    if until is None or reached is None:
        start = now - WINDOW if wanted is None else min(max(wanted, now - WINDOW), now)
        return Window(start, now, backwards=True)
    if now - until >= FRESH:
        start = max(until - REREAD, reached)
        return Window(start, min(start + WINDOW, now), backwards=False)
    if wanted is not None and wanted < reached:
        return Window(max(wanted, reached - WINDOW), reached, backwards=True)
    return None


def narrowed(window: Window) -> Window:
    """Return the half of a window that lies next to what is known."""
    middle = window.start + (window.end - window.start) / 2
    return Window(middle, window.end, True) if window.backwards else Window(window.start, middle, False)


def advance(progress: HistoryProgress, window: Window, now: datetime) -> None:
    """Note that a window was read whole."""
    if progress.read_until is None or window.end > progress.read_until:
        progress.read_until = window.end
    if progress.reached_back_to is None or window.start < progress.reached_back_to:
        progress.reached_back_to = window.start
    left = pages_left(progress)
    if window.backwards:
        progress.pages_done += 1
        progress.pages_total = progress.pages_done + left
    progress.state = State.RUNNING if left else State.DONE
    progress.failures, progress.error_code, progress.error_message = 0, "", ""
    more = left or progress.read_until < now - FRESH
    progress.next_at = now if more else next_reading(now)
    progress.changed_at = now
    progress.save()


def pages_left(progress: HistoryProgress) -> int:
    """Return how many windows backwards are still to be read."""
    if progress.wanted_from is None or progress.reached_back_to is None:
        return 0
    return pages_between(progress.wanted_from, progress.reached_back_to)


def pages_between(wanted: datetime, reached: datetime) -> int:
    """Return how many windows lie between what is wanted and what is known."""
    return max(0, ceil((reached - wanted) / WINDOW))


def fail(claim: Claim, error: errors.SchwabError) -> None:
    """Note why a window could not be read, and when to try again: later each time, never sooner than asked."""
    now = timezone.now()
    mine = HistoryProgress.objects.filter(pk=claim.progress_id, generation=claim.generation)
    failures = (mine.values_list("failures", flat=True).first() or 0) + 1
    ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures, 8))
    pause = FIRST_PAUSE + random.uniform(0, ceiling)  # noqa: S311 (jitter, no secret)
    if isinstance(error, errors.SchwabThrottled):
        pause = max(pause, error.retry_after or THROTTLE_PAUSE)
    mine.update(
        state=State.FAILED,
        failures=failures,
        next_at=now + timedelta(seconds=pause),
        changed_at=now,
        error_code=error.code,
        error_message=str(error)[:400],
    )


def wait(claim: Claim, seconds: float) -> None:
    """Put the next window off a little: Thor's own limit of calls is no failure."""
    mine = HistoryProgress.objects.filter(pk=claim.progress_id, generation=claim.generation)
    mine.update(next_at=timezone.now() + timedelta(seconds=seconds))


def next_reading(now: datetime) -> datetime:
    """Return when to read again: every so often in a session, once after its end, seldom while all is closed."""
    session = session_at(now)
    after = now + timedelta(seconds=settings.THOR_TRANSACTIONS_SECONDS[session.session])
    return min(after, session.changes_at + AFTER_CHANGE) if session.session in IN_SESSION else after


def soon(connection_id: int) -> None:
    """Read a connection's transactions in a moment: something was done in an account."""
    at = timezone.now() + timedelta(seconds=settings.THOR_TRANSACTIONS_AFTER_FILL)
    rows = HistoryProgress.objects.filter(account__schwab_link__connection=connection_id, kind=TRANSACTIONS)
    rows.filter(next_at__gt=at).update(next_at=at)


def due(now: datetime) -> list[int]:
    """Return the accounts whose transactions are due and not being read; those never read come first."""
    linked = Account.objects.filter(
        schwab_link__linked=True, schwab_link__connection__status="connected", observed_at__isnull=False
    )
    mine = HistoryProgress.objects.filter(kind=TRANSACTIONS)
    later = mine.filter(Q(next_at__gt=now) | Q(lease_until__gt=now)).values("account_id")
    read = set(mine.filter(reached_back_to__isnull=False).values_list("account_id", flat=True))
    waiting = linked.exclude(pk__in=later).order_by("pk").values_list("pk", flat=True)
    return sorted(waiting, key=lambda account_id: account_id in read)
