"""Applies orders under the lease of a sync: one transaction an account, told on the bus after the commit."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from actandpos import services as book
from actandpos.models import Account
from actandpos.types import OrdersChange
from livedata.schwab import leases
from livedata.schwab.applying import OUTCOMES
from livedata.schwab.models import SyncRun
from livedata.schwab.publish import BUS_DOWN, publish_change, publish_orders
from livedata.schwab.runs import OVERTAKEN, Tally

Outcome = SyncRun.Outcome


def apply_under(
    lease: leases.Lease,
    account: Account,
    apply: Callable[[], OrdersChange],
    observed_at: datetime,
    tally: Tally,
) -> OrdersChange | None:
    """Apply what was read at `observed_at` in a transaction that also checks the lease; None when it was lost."""
    told: list[bool] = []
    with transaction.atomic():
        if not leases.hold_sync(lease):
            tally.outcomes.append(Outcome.SUPERSEDED)
            tally.note(OVERTAKEN)
            return None
        change = apply()
        settled = book.settle_after_orders(account, observed_at) if change.outcome != "older" else None
        transaction.on_commit(lambda: told.append(publish_orders(change)))
        if settled is not None:
            transaction.on_commit(lambda: told.append(publish_change(settled)))
    tally.outcomes.append(OUTCOMES[change.outcome])
    tally.rows_written += len(change.changed_ids)
    if change.reason:
        tally.note(f"{account.display_name}: {change.reason}")
    for row in change.rejected:
        tally.outcomes.append(Outcome.PARTIAL)
        tally.note(f"{account.display_name}: an order could not be kept: {row.reason}")
    if not all(told):
        tally.note(BUS_DOWN)
    return change
