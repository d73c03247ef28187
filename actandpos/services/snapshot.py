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
    HELD,
    POSITIONS,
    REASON_LENGTH,
    REJECTED,
    SYMBOL_LENGTH,
    moment,
    position_columns,
    text,
)
from actandpos.services.day import Day, settle_day, with_day
from actandpos.services.limits import MONEY_DIGITS, TOO_LONG, fits
from actandpos.services.reconcile import Difference, Figures, Key
from actandpos.services.remembered import AMOUNTS, Book, lock, recall, remember, stamp_of, stored_rows
from actandpos.services.upsert import clear, insert, update, update_one, upsert
from actandpos.types import AccountSnapshot, RemovedKey, SnapshotChange
from actandpos.types import RejectedRow as RejectedValue


def apply_snapshot(account: Account, snapshot: AccountSnapshot) -> SnapshotChange:
    """Bring an account to one whole, readable answer and return what changed.

    Joins the caller's transaction. The object passed in is not touched: read the account again for its new
    figures. An answer asked for no later than the applied one is refused (`older`). One that misses rows
    which its balances still count changes nothing (`suspect`) until a second answer misses the same rows.
    """
    with transaction.atomic(savepoint=False):
        locked = lock(account.pk)
        if locked.observed_at is not None and snapshot.observed_at <= locked.observed_at:
            return _refused(locked, "older", "A newer answer is already in the book.")
        book = recall(locked)
        diff = reconcile.difference(book.rows, snapshot)
        figures = _figures({**diff.kept, **diff.vanished})
        reason = reconcile.suspicion(snapshot, diff, figures)
        if reason and any(row.symbol is None for row in diff.rejected):
            # A row without a readable symbol may well be the missing one: nothing counts as gone yet.
            diff = msgspec.structs.replace(diff, kept={**diff.kept, **diff.vanished}, vanished={})
        elif reason and not _agreed(locked, diff, snapshot.observed_at):
            return _refused(locked, "suspect", reason)
        if book.has_rejected or diff.rejected:
            _replace_rejected(locked.pk, diff.rejected, snapshot.observed_at)
        return _apply(locked, snapshot, book, diff, figures)


def _refused(account: Account, outcome: str, reason: str) -> SnapshotChange:
    """Return the outcome of an answer that changes nothing."""
    return SnapshotChange(
        outcome=outcome,
        account_id=account.pk,
        base_version=account.version,
        version=account.version,
        reason=reason,
    )


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
    book: Book,
    diff: Difference,
    figures: dict[Key, Figures],
) -> SnapshotChange:
    """Write the rows, then the account."""
    gone = as_last_seen(account, snapshot.observed_at, diff.vanished.values())
    rows = _write_rows(account.pk, book.rows, diff, snapshot.observed_at)
    changed_ids = [rows[key][0] for key in map(reconcile.KEY, diff.changed)]
    first, account.observed_at = account.observed_at is None, snapshot.observed_at
    day = settle_day(account, snapshot.observed_at, gone)
    changed_ids += sorted(set(day.changed_ids) - set(changed_ids))
    shown = with_day(_account_values(snapshot, diff, figures), day)
    values = {name: value for name, value in shown.items() if book.shown[name] != value}
    balances_changed = bool(values)
    rows_changed = bool(changed_ids or diff.vanished or day.closed_changed)
    base = account.version
    if first or balances_changed or rows_changed:
        account.version, account.as_of = base + 1, snapshot.observed_at
    _write_account(account, values, day, snapshot)
    remember(account.pk, stamp_of(account), Book(rows, shown, has_rejected=bool(diff.rejected)))
    return SnapshotChange(
        outcome="applied" if account.version != base else "unchanged",
        account_id=account.pk,
        base_version=base,
        version=account.version,
        balances_changed=balances_changed,
        changed_ids=changed_ids,
        removed=[RemovedKey(id=id, symbol=key[0], asset_type=key[1]) for key, id in diff.vanished.items()],
        closed_changed=day.closed_changed,
        rows_written=len(diff.changed) + len(diff.vanished),
    )


def _write_account(account: Account, values: dict[str, Any], day: Day, snapshot: AccountSnapshot) -> None:
    """Write the shown columns that differ, the version, and when the account was looked at."""
    columns = {
        **values,
        "version": account.version,
        "as_of": account.as_of,
        "observed_at": snapshot.observed_at,
        "checked_at": snapshot.observed_at,
        "fresh_until": snapshot.fresh_until,
        "suspect_digest": "",
        "traded_on": day.traded_on,
    }
    update_one(Account, account.pk, {name: text(value) for name, value in columns.items()})


def _write_rows(
    account_id: int, stored: dict[Key, tuple[int, str]], diff: Difference, as_of: datetime
) -> dict[Key, tuple[int, str]]:
    """Write changed rows, delete vanished ones; return what is stored then."""
    ids = [] if diff.new else [stored[key][0] for key in map(reconcile.KEY, diff.changed)]
    by_id = update(HELD, position_columns(HELD, account_id, diff.changed, as_of), ids) == len(diff.changed)
    if not by_id:
        # New rows, or rows that are not where they were found to be.
        upsert(POSITIONS, position_columns(POSITIONS, account_id, diff.changed, as_of))
    if diff.vanished:
        Position.objects.filter(pk__in=diff.vanished.values()).delete()
    if not by_id:
        return stored_rows(account_id)
    written = stored | {row.key: (id, row.digest) for row, id in zip(diff.changed, ids, strict=True)}
    return (
        {key: row for key, row in written.items() if key not in diff.vanished} if diff.vanished else written
    )


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
