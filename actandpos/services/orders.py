"""Writes the broker's orders into the book. Orders are never deleted: a list only reaches so far back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec
from django.db import transaction
from django.db.models import Q
from msgspec import Struct

from actandpos.models import Account, Order, OrderEvent
from actandpos.services.limits import PRICE_DIGITS, QUANTITY_DIGITS, TOO_LONG, fits
from actandpos.services.orderevents import StoredOrder, changes
from actandpos.services.orderrows import Noticed, write_orders, write_parts
from actandpos.types import OrderRow, OrdersChange, RejectedRow

FORMAT = b"orders-1"
"""Goes into every digest: raise it when orders are spelled in a new way, so that stored ones are written anew."""
RECENT = timedelta(days=1)
LOST = (
    "The broker neither lists this order nor knows it by its number any more; this is how it was last seen."
)
STORED = tuple(name for name in StoredOrder.__struct_fields__ if name != "id")
_encoder = msgspec.json.Encoder()


class Written(Struct, frozen=True):
    """What differed: ids in the order given, whether today's lists show it, and what could not be kept."""

    ids: list[int]
    is_shown: bool
    rejected: list[RejectedRow]


def apply_orders(
    account: Account, rows: Sequence[OrderRow], observed_at: datetime, *, window_start: datetime
) -> OrdersChange:
    """Bring an account's orders to a list, asked for at `observed_at`, of those entered since `window_start`.

    Joins the caller's transaction and writes only orders that differ. A list asked for no later than the
    applied one is refused (`older`). Working orders that the window should show but the list lacks are
    named, and stay.
    """
    with transaction.atomic():
        locked = _locked(account)
        if locked.orders_observed_at is not None and observed_at <= locked.orders_observed_at:
            reason = "A newer order list is already in the book."
            return _change(locked, locked.orders_version, outcome="older", reason=reason)
        written = _write(locked.pk, rows, observed_at)
        version = locked.orders_version + bool(written.ids)
        Account.objects.filter(pk=locked.pk).update(
            orders_version=version,
            orders_changed_at=observed_at if written.ids else locked.orders_changed_at,
            orders_observed_at=observed_at,
            orders_checked_at=observed_at,
            orders_from=_known_from(locked, window_start),
        )
        listed = [row.broker_order_id for row in rows]
        return _change(locked, version, written, unlisted=_unlisted(locked.pk, listed, window_start))


def apply_more_orders(
    account: Account,
    rows: Sequence[OrderRow],
    observed_at: datetime,
    *,
    window: tuple[datetime, datetime] | None = None,
) -> OrdersChange:
    """Bring some orders up to date: those asked for singly, or all of those entered in an earlier `window`.

    Joins the caller's transaction. An order that a later answer has changed already stays. The version goes up
    only when the day's lists show one of them; when the orders were last checked is not touched.
    """
    with transaction.atomic():
        locked = _locked(account)
        written = _write(locked.pk, rows, observed_at)
        version = locked.orders_version + written.is_shown
        values: dict[str, object] = {"orders_version": version}
        if written.is_shown:
            values["orders_changed_at"] = observed_at
        known = locked.orders_from
        if window is not None and (known is None or window[1] >= known):
            values["orders_from"] = window[0] if known is None else min(known, window[0])
        Account.objects.filter(pk=locked.pk).update(**values)
        return _change(locked, version, written)


def lose_order(account: Account, broker_order_id: str, observed_at: datetime) -> OrdersChange:
    """Note that the broker neither lists an open order nor knows it by its number; it stays as it was last seen.

    Joins the caller's transaction. The next answer that tells of the order takes the note away.
    """
    with transaction.atomic():
        locked = _locked(account)
        order = Order.objects.filter(account_id=locked.pk, broker_order_id=broker_order_id).first()
        if order is None or "status" in order.missing:
            return _change(locked, locked.orders_version)
        order.missing = {**order.missing, "status": LOST}
        order.digest, order.observed_at = "", observed_at
        order.save(update_fields=["missing", "digest", "observed_at"])
        text = {"kind": "status", "status": order.status, "text": LOST}
        key = f"{round(observed_at.timestamp() * 1_000_000)}:lost"
        OrderEvent.objects.create(order=order, key=key, at=observed_at, noticed=True, **text)
        version = locked.orders_version + 1
        Account.objects.filter(pk=locked.pk).update(orders_version=version, orders_changed_at=observed_at)
        return _change(locked, version, Written([order.pk], True, []))


def _locked(account: Account) -> Account:
    return Account.objects.select_for_update(no_key=True).get(pk=account.pk)


def _change(
    account: Account,
    version: int,
    written: Written | None = None,
    *,
    outcome: str = "",
    reason: str = "",
    unlisted: list[str] | None = None,
) -> OrdersChange:
    """Return what was done; without an outcome in words it follows from what was written."""
    ids = written.ids if written else []
    return OrdersChange(
        outcome=outcome or ("applied" if ids else "unchanged"),
        account_id=account.pk,
        base_version=account.orders_version,
        version=version,
        changed_ids=ids,
        unlisted=unlisted or [],
        rejected=written.rejected if written else [],
        reason=reason,
    )


def _known_from(account: Account, window_start: datetime) -> datetime:
    """Return since when every order is in the book; a list that does not reach the last one leaves a gap."""
    gap = account.orders_checked_at is not None and window_start > account.orders_checked_at
    if gap or account.orders_from is None:
        return window_start
    return min(account.orders_from, window_start)


def _write(account_id: int, rows: Sequence[OrderRow], observed_at: datetime) -> Written:
    """Write the orders that differ, with their parts: a handful of statements whatever their number."""
    listed = {row.broker_order_id: row for row in rows if _fits(row)}
    rejected = [_unfit(row) for row in rows if not _fits(row)]
    stored = _stored(account_id, list(listed))
    differing: list[OrderRow] = []
    digests: list[str] = []
    for row in listed.values():
        before = stored.get(row.broker_order_id)
        whole = _with_links(row, before)
        digest = _digest(whole)
        if before is None or (digest != before.digest and _is_later(observed_at, before)):
            differing.append(whole)
            digests.append(digest)
    if not differing:
        return Written([], False, rejected)
    write_orders(account_id, differing, digests, observed_at)
    ids = _ids(account_id, [row.broker_order_id for row in differing])
    write_parts(ids, differing, _noticed(stored, differing, observed_at))
    shown = any(_is_shown(row, stored.get(row.broker_order_id), observed_at) for row in differing)
    return Written([ids[row.broker_order_id] for row in differing], shown, rejected)


def _with_links(row: OrderRow, before: StoredOrder | None) -> OrderRow:
    """An order read singly does not name what it hangs under or replaces: what is known of that stays."""
    if before is None:
        return row
    parent = row.parent_broker_order_id or before.parent_broker_order_id
    replaces = row.replaces_broker_order_id or before.replaces_broker_order_id
    return msgspec.structs.replace(row, parent_broker_order_id=parent, replaces_broker_order_id=replaces)


def _digest(row: OrderRow) -> str:
    return blake2b(_encoder.encode(row), digest_size=16, person=FORMAT).hexdigest()


def _is_later(observed_at: datetime, before: StoredOrder) -> bool:
    return before.observed_at is None or observed_at > before.observed_at


def _is_shown(row: OrderRow, before: StoredOrder | None, observed_at: datetime) -> bool:
    """Tell whether an order may be in the lists of the day, or just left them."""
    groups = (row.status_group, before.status_group if before else "")
    ended = row.closed_at or row.entered_at
    return "working" in groups or ended is None or ended > observed_at - RECENT


def _noticed(
    stored: dict[str, StoredOrder], rows: Sequence[OrderRow], observed_at: datetime
) -> list[Noticed]:
    """Return what changed about orders that were known before."""
    known = [(row, stored[row.broker_order_id]) for row in rows if row.broker_order_id in stored]
    return [
        Noticed(row.broker_order_id, event)
        for row, before in known
        for event in changes(before, row, observed_at)
    ]


def _fits(row: OrderRow) -> bool:
    """Return whether every figure of the order can be stored as it is."""
    quantities = [row.quantity, row.filled_quantity, *(leg.quantity for leg in row.legs)]
    quantities += [fill.quantity for fill in row.fills] + [event.quantity for event in row.told]
    prices = [row.limit_price, row.stop_price, row.avg_fill_price, *(leg.strike for leg in row.legs)]
    prices += [fill.price for fill in row.fills] + [event.price for event in row.told]
    return fits(quantities, QUANTITY_DIGITS) and fits(prices, PRICE_DIGITS)


def _unfit(row: OrderRow) -> RejectedRow:
    return RejectedRow(symbol=row.symbol, reason=f"Order {row.broker_order_id}: {TOO_LONG}")


def _stored(account_id: int, broker_ids: list[str]) -> dict[str, StoredOrder]:
    """Return what is stored of the listed orders."""
    found = Order.objects.filter(account_id=account_id, broker_order_id__in=broker_ids).order_by()
    rows = found.values_list("broker_order_id", "id", *STORED)
    return {broker_id: StoredOrder(*values) for broker_id, *values in rows}


def _ids(account_id: int, broker_ids: list[str]) -> dict[str, int]:
    """Return Thor's ids of orders by the broker's."""
    found = Order.objects.filter(account_id=account_id, broker_order_id__in=broker_ids).order_by()
    return dict(found.values_list("broker_order_id", "id"))


def _unlisted(account_id: int, broker_ids: list[str], window_start: datetime) -> list[str]:
    """Return broker ids of stored working orders of the window that the list lacks."""
    orders = Order.objects.filter(account_id=account_id, entered_at__gte=window_start)
    working = orders.filter(status_group="working").exclude(Q(broker_order_id__in=broker_ids))
    return list(working.values_list("broker_order_id", flat=True))
