"""A person asks for more history: how far back, and how the reading goes."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from actandpos.eastern import day_bounds, eastern_day
from actandpos.models import Account
from livedata.schwab import history, linking, tasks
from livedata.schwab.history import State
from livedata.schwab.models import HistoryProgress
from livedata.schwab.queue import enqueue

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

KINDS = ("transactions", "orders")


class BadDay(ValueError):
    """The day lies in the future or more than a year back."""


def ask(account: Account, kind: str, first: date) -> HistoryProgress:
    """Have an account's history read back to an Eastern day; what is known already is not read again.

    With the queue down the schedule begins a moment later.

    Raises:
        BadDay: Schwab does not go back that far, or the day is still to come.
        NotConnected: the account is not linked.
    """
    linking.link_of(account)
    now = timezone.now()
    today = eastern_day(now)
    if not today - history.FURTHEST <= first <= today:
        raise BadDay("from must be a day of the past year.")
    progress = _want(account, kind, first)
    if progress.state == State.RUNNING:
        task = tasks.read_transactions if kind == history.TRANSACTIONS else tasks.read_orders_back
        enqueue(task, account.pk)
    return progress


def _want(account: Account, kind: str, first: date) -> HistoryProgress:
    """Note how far back is wanted; a day later than what was wanted before changes nothing."""
    now, wanted = timezone.now(), day_bounds(first)[0]
    history.progress_of(account, kind)
    with transaction.atomic():
        progress = HistoryProgress.objects.select_for_update().get(account=account, kind=kind)
        progress.wanted_from = min(progress.wanted_from or wanted, wanted)
        reached = progress.reached_back_to if kind == history.TRANSACTIONS else account.orders_from
        if reached is None or progress.wanted_from < reached:
            if progress.state != State.RUNNING:
                progress.pages_done = 0
            progress.state, progress.next_at, progress.failures = State.RUNNING, None, 0
            progress.pages_total = progress.pages_done + history.pages_between(
                progress.wanted_from, reached or now
            )
        progress.asked_at = progress.changed_at = now
        progress.save()
    return progress


def progress_of_user(user: "User | AnonymousUser") -> list[dict[str, Any]]:
    """Return how all readings of a user's accounts stand."""
    rows = HistoryProgress.objects.filter(account__owner_id=user.pk).order_by("account_id", "kind")
    return [shown(row) for row in rows]


def shown(progress: HistoryProgress) -> dict[str, Any]:
    """Return one reading as the screen shows it."""
    error = {"code": progress.error_code, "message": progress.error_message}
    names = ("account_id", "kind", "state", "wanted_from", "reached_back_to", "pages_done", "pages_total")
    return {name: getattr(progress, name) for name in names} | {
        "error": error if progress.error_code else None
    }
