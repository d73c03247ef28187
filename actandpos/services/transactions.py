"""Writes the broker's transactions into the book and keeps lots in step. Transactions are never deleted."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from msgspec import Struct
from msgspec.structs import replace

from actandpos.models import Account, RejectedTransaction, Transaction, TransferItem
from actandpos.services import realized
from actandpos.services.columns import text
from actandpos.services.limits import MONEY_DIGITS, PRICE_DIGITS, QUANTITY_DIGITS, TOO_LONG, fits
from actandpos.services.lots_opening import take_holdings
from actandpos.services.upsert import Target, insert
from actandpos.transaction_types import (
    UNLISTED,
    RejectedTransactionRow,
    TransactionPage,
    TransactionRow,
    TransactionsChange,
)

ROW = (
    *(
        "at",
        "trade_date",
        "settlement_date",
        "broker_type",
        "kind",
        "status",
        "sub_account",
        "broker_order_id",
    ),
    *("net_amount", "fees", "description", "missing", "digest"),
)
ITEM = (
    *("symbol", "underlying", "asset_type", "description", "quantity", "price", "cost", "fee_type"),
    *("position_effect", "multiplier", "put_call", "strike", "expiration"),
)
ITEMS = Target(model=TransferItem, columns=("transaction_id", "place", *ITEM))
EDGE = timedelta(days=1)
"""At the edges of a window nobody knows by which of its times the broker lists a transaction."""
AGAIN = timedelta(minutes=1)
"""Two readings of the same window, one that came twice being one."""
BATCH = 500


class Stored(Struct, frozen=True):
    """What is known of a transaction in the book."""

    id: int
    digest: str
    status: str
    unlisted_at: datetime | None


class Sorted(Struct, frozen=True):
    """A page compared with the book."""

    added: list[TransactionRow]
    corrected: dict[int, TransactionRow]
    """By Thor's id; also those that are listed again."""
    vanished: list[int]
    """Not listed for the first time."""
    gone: list[int]
    """Not listed again."""


def apply_transactions(
    account: Account, page: TransactionPage, *, matching: bool = True
) -> TransactionsChange:
    """Bring an account's transactions to a page and write only those that differ.

    A transaction that the page should list and does not stays; when a second reading agrees, its status becomes
    `UNLISTED` and it counts no more. `matching` false leaves the lots as they are: while a history is read
    backwards they are made once, at its end (`match_everything`).
    """
    with transaction.atomic():
        locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        page = _keepable(page)
        compared = _compare(locked.pk, page)
        forced = _underlyings([*compared.corrected, *compared.gone])
        added = _write(locked.pk, compared, page)
        forced |= _underlyings(compared.corrected)
        changed = bool(compared.added or compared.corrected or compared.gone)
        news = _note_rejected(locked.pk, page) or changed
        matched = realized.match_new(locked, added, forced) if matching and changed else realized.Rematched()
        base = locked.transactions_version
        _stamp(locked, page.read_at, changed=news)
        return TransactionsChange(
            account_id=locked.pk,
            base_version=base,
            version=locked.transactions_version,
            added=len(added),
            rewritten=len(compared.corrected),
            unlisted=len(compared.gone),
            symbols_rebuilt=matched.rebuilt,
            lots_written=matched.written,
        )


def match_everything(account: Account, known_from: Any) -> realized.Rematched:
    """After a history was read back: take what is held now as the known end of it, and make all lots anew."""
    with transaction.atomic():
        locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        take_holdings(locked)
        locked.transactions_known_from = known_from
        locked.save(update_fields=["transactions_known_from"])
        matched = realized.rematch(locked)
        _stamp(locked, locked.transactions_checked_at, changed=True)
        return matched


def set_lot_method(account: Account, method: str) -> bool:
    """Keep how the broker closes this account's lots; when that is another way than before, match anew."""
    if not method or account.lot_method == method:
        return False  # as nearly always; no lock for that
    with transaction.atomic():
        locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if locked.lot_method == method:
            return False
        before = realized.method_of(locked)
        locked.lot_method = method[:24]
        locked.save(update_fields=["lot_method"])
        if locked.lots_matched_at is not None and realized.method_of(locked) != before:
            realized.rematch(locked)
        _stamp(locked, locked.transactions_checked_at, changed=True)
        return True


def _stamp(account: Account, checked_at: datetime | None, *, changed: bool) -> None:
    """Write the version of the account's transactions and when they were last read."""
    if changed:
        account.transactions_version += 1
        account.transactions_changed_at = checked_at
    if checked_at is not None:
        account.transactions_checked_at = max(account.transactions_checked_at or checked_at, checked_at)
    account.save(update_fields=["transactions_version", "transactions_changed_at", "transactions_checked_at"])


def _keepable(page: TransactionPage) -> TransactionPage:
    """Return the page with rows that cannot be kept exactly among the rejected."""
    good = [row for row in page.rows if _fits(row)]
    if len(good) == len(page.rows):
        return page
    bad = [row for row in page.rows if not _fits(row)]
    refused = [RejectedTransactionRow(key=row.broker_activity_id, reason=TOO_LONG) for row in bad]
    return replace(page, rows=good, rejected=[*page.rejected, *refused])


def _fits(row: TransactionRow) -> bool:
    """Return whether every figure can be stored as it is."""
    items = row.items
    return (
        fits([row.net_amount, row.fees, *(item.cost for item in items)], MONEY_DIGITS)
        and fits([each for item in items for each in (item.price, item.strike)], PRICE_DIGITS)
        and fits([each for item in items for each in (item.quantity, item.multiplier)], QUANTITY_DIGITS)
    )


def _compare(account_id: int, page: TransactionPage) -> Sorted:
    """Compare a page with what is stored of it."""
    rows = {row.broker_activity_id: row for row in page.rows}
    listed = rows.keys() | {each.key for each in page.rejected}
    stored = _stored(account_id, rows, page)
    corrected = {
        stored[key].id: row
        for key, row in rows.items()
        if key in stored and (stored[key].digest != row.digest or stored[key].unlisted_at is not None)
    }
    # An answer with nothing in it, where there was something, is taken for trouble and not for news.
    known = stored.items() if listed else ()
    absent = [each for key, each in known if key not in listed and each.status != UNLISTED]
    return Sorted(
        added=[row for key, row in rows.items() if key not in stored],
        corrected=corrected,
        vanished=[each.id for each in absent if each.unlisted_at is None],
        gone=[each.id for each in absent if each.unlisted_at and each.unlisted_at + AGAIN <= page.read_at],
    )


def _stored(account_id: int, keys: Iterable[str], page: TransactionPage) -> dict[str, Stored]:
    """Return what is stored of some transactions, and of all that lie well inside the window."""
    names = ("broker_activity_id", "id", "digest", "status", "unlisted_at")
    mine = Transaction.objects.filter(account_id=account_id).order_by()
    inside = mine.filter(at__gte=page.start + EDGE, at__lte=page.end - EDGE)
    found = [*mine.filter(broker_activity_id__in=list(keys)).values_list(*names), *inside.values_list(*names)]
    return {key: Stored(*values) for key, *values in found}


def _underlyings(ids: Iterable[int]) -> set[str]:
    """Return what the stored rows of some transactions moved."""
    ids = list(ids)
    if not ids:
        return set()
    items = TransferItem.objects.filter(transaction_id__in=ids).exclude(underlying="").order_by()
    return set(items.values_list("underlying", flat=True))


def _write(account_id: int, compared: Sorted, page: TransactionPage) -> list[int]:
    """Write what differs; return the ids of new transactions."""
    new = [Transaction(account_id=account_id, **_values(row)) for row in compared.added]
    made = Transaction.objects.bulk_create(new, batch_size=BATCH)
    for id, row in compared.corrected.items():
        Transaction.objects.filter(pk=id).update(unlisted_at=None, **_values(row))
    TransferItem.objects.filter(transaction_id__in=compared.corrected).delete()
    ids = [each.pk for each in made]
    _write_items([*zip(ids, compared.added, strict=True), *compared.corrected.items()])
    Transaction.objects.filter(pk__in=compared.vanished).update(unlisted_at=page.read_at)
    Transaction.objects.filter(pk__in=compared.gone).update(status=UNLISTED)
    return ids


def _values(row: TransactionRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in ROW}
    return values | {"broker_activity_id": row.broker_activity_id}


def _write_items(rows: Sequence[tuple[int, TransactionRow]]) -> None:
    """Insert the rows inside transactions."""
    insert(
        ITEMS,
        [
            [str(id), str(place), *(text(getattr(item, name)) for name in ITEM)]
            for id, row in rows
            for place, item in enumerate(row.items)
        ],
    )


def _note_rejected(account_id: int, page: TransactionPage) -> bool:
    """Keep what could not be read, forget what now can; return whether that changed anything."""
    mine = RejectedTransaction.objects.filter(account_id=account_id)
    healed = mine.filter(key__in=[row.broker_activity_id for row in page.rows]).delete()[0]
    known = dict(mine.filter(key__in=[each.key for each in page.rejected]).values_list("key", "reason"))
    new = [each for each in page.rejected if known.get(each.key) != each.reason]
    mine.filter(key__in=[each.key for each in new]).delete()
    RejectedTransaction.objects.bulk_create(
        RejectedTransaction(account_id=account_id, key=each.key, reason=each.reason, seen_at=page.read_at)
        for each in new
    )
    return bool(healed or new)
