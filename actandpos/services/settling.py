"""Brings the day's own figures up to date when fills were read that the positions' answer could not tell of."""

from datetime import datetime
from typing import Any

from django.db import transaction

from actandpos.models import Account, Position
from actandpos.services.day import Day, settle_day, with_day
from actandpos.services.reconcile import day_percent, summed
from actandpos.types import SnapshotChange

SHOWN = ("pl_day", "pl_day_percent", "missing")


def settle_after_orders(account: Account, observed_at: datetime) -> SnapshotChange | None:
    """Settle the day of an account whose orders were asked for at `observed_at` and applied.

    Joins the caller's transaction. Returns what changed in the book, or null when nothing did.
    """
    with transaction.atomic():
        locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if locked.observed_at is None:
            return None
        before = locked.traded_on
        day = settle_day(locked, observed_at, fills_are_newer=observed_at > locked.observed_at)
        values: dict[str, Any] = {} if before == day.traded_on else {"traded_on": day.traded_on}
        sums = {} if day.traded_on is None and before is None else _sums(locked, day)
        shown = {name: value for name, value in sums.items() if getattr(locked, name) != value}
        if shown or day.changed_ids or day.closed_changed:
            values |= {**shown, "version": locked.version + 1, "as_of": observed_at}
        if values:
            Account.objects.filter(pk=locked.pk).update(**values)
        return _change(locked, day, balances_changed=bool(shown)) if "version" in values else None


def _sums(account: Account, day: Day) -> dict[str, Any]:
    """Return the account's P/L of the day: the broker's figures of the open rows, and what the day adds."""
    rows = Position.objects.filter(account=account).values_list("pl_day", flat=True)
    pl_day, note = summed(list(rows))
    percent, reason = day_percent(pl_day, account.net_liq)
    missing = {name: why for name, why in account.missing.items() if name not in SHOWN}
    missing |= {name: why for name, why in (("pl_day", note), ("pl_day_percent", reason)) if why}
    sums = {"net_liq": account.net_liq, "pl_day": pl_day, "pl_day_percent": percent, "missing": missing}
    return {name: with_day(sums, day)[name] for name in SHOWN}


def _change(account: Account, day: Day, *, balances_changed: bool) -> SnapshotChange:
    return SnapshotChange(
        outcome="applied",
        account_id=account.pk,
        base_version=account.version,
        version=account.version + 1,
        balances_changed=balances_changed,
        changed_ids=day.changed_ids,
        closed_changed=day.closed_changed,
        rows_written=len(day.changed_ids),
    )
