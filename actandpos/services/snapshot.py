"""Writes one account's answer into the book: compares first, then writes what differs, in one transaction."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from django.db import transaction

from actandpos.models import Account, Position
from actandpos.services import reconcile
from actandpos.services.closed import as_last_seen
from actandpos.services.columns import (
    POSITIONS,
    REASON_LENGTH,
    REJECTED,
    SYMBOL_LENGTH,
    moment,
    position_columns,
)
from actandpos.services.day import settle_day, with_day
from actandpos.services.limits import MONEY_DIGITS, TOO_LONG, fits
from actandpos.services.reconcile import Difference, Figures, Key
from actandpos.services.upsert import clear, insert, read, upsert
from actandpos.types import AccountSnapshot, Balances, RemovedKey, SnapshotChange
from actandpos.types import RejectedRow as RejectedValue

AMOUNTS = tuple(name for name in Balances.__struct_fields__ if name != "missing")


def apply_snapshot(account: Account, snapshot: AccountSnapshot) -> SnapshotChange:
    """Bring an account to one whole, readable answer and return what changed.

    Joins the caller's transaction. The object passed in is not touched: read the account again for its new
    figures. An answer asked for no later than the applied one is refused (`older`). One that misses rows
    which its balances still count changes nothing (`suspect`) until a second answer misses the same rows.
    """
    with transaction.atomic():
        locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if locked.observed_at is not None and snapshot.observed_at <= locked.observed_at:
            return _refused(locked, "older", "A newer answer is already in the book.")
        stored = _stored(locked.pk)
        diff = reconcile.difference(stored, snapshot)
        figures = _figures({**diff.kept, **diff.vanished})
        reason = reconcile.suspicion(snapshot, diff, figures)
        if reason and any(row.symbol is None for row in diff.rejected):
            # A row without a readable symbol may well be the missing one: nothing counts as gone yet.
            diff = msgspec.structs.replace(diff, kept={**diff.kept, **diff.vanished}, vanished={})
        elif reason and not _agreed(locked, diff, snapshot.observed_at):
            return _refused(locked, "suspect", reason)
        _replace_rejected(locked.pk, diff.rejected, snapshot.observed_at)
        return _apply(locked, snapshot, stored, diff, figures)


def _refused(account: Account, outcome: str, reason: str) -> SnapshotChange:
    """Return the outcome of an answer that changes nothing."""
    return SnapshotChange(
        outcome=outcome,
        account_id=account.pk,
        base_version=account.version,
        version=account.version,
        reason=reason,
    )


def _stored(account_id: int) -> dict[Key, tuple[int, str]]:
    """Return id and digest of every stored row."""
    rows = read(POSITIONS, account_id, "symbol", "asset_type", "id", "digest")
    return {(symbol, asset_type): (id, digest) for symbol, asset_type, id, digest in rows}


def _figures(ids: dict[Key, int]) -> dict[Key, Figures]:
    """Return the figures of stored rows that the answer does not list."""
    if not ids:
        return {}
    rows = Position.objects.filter(pk__in=ids.values()).order_by()
    return {
        (symbol, asset_type): Figures(*figures)
        for symbol, asset_type, *figures in rows.values_list(
            "symbol", "asset_type", "market_value", "pl_open", "pl_day"
        )
    }


def _agreed(account: Account, diff: Difference, observed_at: datetime) -> bool:
    """Return whether an earlier, separate answer missed the same rows; remember this one otherwise.

    The time is part of what is remembered: one answer applied twice does not agree with itself.
    """
    digest = reconcile.keys_digest(diff.vanished)
    known, _, when = account.suspect_digest.partition("@")
    stamp = str(round(observed_at.timestamp() * 1_000_000))
    if known == digest and when != stamp:
        return True
    Account.objects.filter(pk=account.pk).update(suspect_digest=f"{digest}@{stamp}")
    return False


def _apply(
    account: Account,
    snapshot: AccountSnapshot,
    stored: dict[Key, tuple[int, str]],
    diff: Difference,
    figures: dict[Key, Figures],
) -> SnapshotChange:
    """Write the rows, then the account."""
    gone = as_last_seen(account, snapshot.observed_at, diff.vanished.values())
    changed_ids = _write_rows(account.pk, stored, diff, snapshot.observed_at)
    first, account.observed_at = account.observed_at is None, snapshot.observed_at
    day = settle_day(account, snapshot.observed_at, gone)
    changed_ids += sorted(set(day.changed_ids) - set(changed_ids))
    shown = with_day(_account_values(snapshot, diff, figures), day)
    values = {name: value for name, value in shown.items() if getattr(account, name) != value}
    balances_changed = bool(values)
    rows_changed = bool(changed_ids or diff.vanished or day.closed_changed)
    base = account.version
    version = base + 1 if first or balances_changed or rows_changed else base
    if version != base:
        values |= {"version": version, "as_of": snapshot.observed_at}
    Account.objects.filter(pk=account.pk).update(
        **values,
        observed_at=snapshot.observed_at,
        checked_at=snapshot.observed_at,
        fresh_until=snapshot.fresh_until,
        suspect_digest="",
        traded_on=day.traded_on,
    )
    return SnapshotChange(
        outcome="applied" if version != base else "unchanged",
        account_id=account.pk,
        base_version=base,
        version=version,
        balances_changed=balances_changed,
        changed_ids=changed_ids,
        removed=[RemovedKey(id=id, symbol=key[0], asset_type=key[1]) for key, id in diff.vanished.items()],
        closed_changed=day.closed_changed,
        rows_written=len(diff.changed) + len(diff.vanished),
    )


def _write_rows(
    account_id: int, stored: dict[Key, tuple[int, str]], diff: Difference, as_of: datetime
) -> list[int]:
    """Write changed rows, delete vanished ones; return the ids of the changed, in the answer's order."""
    if diff.changed:
        upsert(POSITIONS, position_columns(account_id, diff.changed, as_of))
    if diff.vanished:
        Position.objects.filter(pk__in=diff.vanished.values()).delete()
    if diff.new:
        stored = _stored(account_id)
    return [id for id, _ in map(stored.__getitem__, map(reconcile.KEY, diff.changed))]


def _replace_rejected(account_id: int, rejected: list[RejectedValue], seen_at: datetime) -> None:
    """Keep the unreadable rows of the latest answer only."""
    clear(REJECTED, account_id)
    seen = moment(seen_at)
    rows = [((row.symbol or "")[:SYMBOL_LENGTH], row.reason[:REASON_LENGTH]) for row in rejected]
    insert(REJECTED, [(str(account_id), symbol, reason, seen) for symbol, reason in rows])


def _account_values(
    snapshot: AccountSnapshot, diff: Difference, figures: dict[Key, Figures]
) -> dict[str, Any]:
    """Return the account's shown columns as this answer has them."""
    sums, reasons = reconcile.profit_and_loss(snapshot.balances, diff, figures)
    missing = {**snapshot.balances.missing, **reasons}
    amounts: dict[str, Decimal | None] = {}
    for name in AMOUNTS:
        amounts[name] = value = getattr(snapshot.balances, name)
        if not fits([value], MONEY_DIGITS):
            amounts[name] = None
            missing[name] = TOO_LONG
    return {
        "account_type": snapshot.account_type,
        **amounts,
        **sums,
        "missing": missing,
        "restrictions": snapshot.restrictions,
        "pl_day_since": snapshot.pl_day_since,
    }
