"""Keeps lots and realized P/L in step with the transactions: going on where new rows come last, else made anew.

What is new costs by what is new: only symbols that new or corrected rows touch are looked at.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from msgspec import Struct

from actandpos.models import Account, OpenLot, RealizedLot, TransferItem
from actandpos.services.lots import match
from actandpos.services.lots_events import counted_items, events_of, events_of_transactions
from actandpos.services.lots_links import DELIVERY_DAYS
from actandpos.services.lots_opening import opening_lots, shift_holdings
from actandpos.services.lots_store import lot_of, row_of, write_lots
from actandpos.services.lots_types import METHODS, Event, Lot

LOOK_BACK = timedelta(days=14)
"""Nothing that happened so long before a trade is matched after it."""


class Rematched(Struct, frozen=True):
    """How many symbols were made anew, and how many lots (open and realized) were written."""

    rebuilt: int = 0
    written: int = 0


def method_of(account: Account) -> str:
    """Return how an account's lots are closed: as the broker says where Thor knows that way, else FIFO."""
    return account.lot_method if account.lot_method in METHODS else METHODS[0]


def rematch(account: Account) -> Rematched:
    """Make all lots of an account anew. Joins the caller's transaction."""
    events = events_of(counted_items(account.pk))
    opening = opening_lots(account, events, everything=True)
    OpenLot.objects.filter(account=account).delete()
    RealizedLot.objects.filter(account=account).delete()
    result = match(events, method=method_of(account), opening=opening)
    account.lots_matched_at = timezone.now()
    account.save(update_fields=["lots_matched_at"])
    lots = [lot for each in result.lots.values() for lot in each]
    return Rematched(len(result.lots), write_lots(account, lots, result.realized))


def match_new(account: Account, added: Collection[int], forced: Collection[str]) -> Rematched:
    """Bring lots up to date after transactions were added; `forced` names underlyings to be made anew anyway."""
    events = events_of_transactions(account.pk, added) if added else []
    shift_holdings(account, events)
    keys = {each.underlying for each in events} - set(forced)
    going_on = _going_on(account, [each for each in events if each.underlying in keys], added)
    rebuilt = (keys - going_on) | set(forced)
    result = _rebuild(account, rebuilt) if rebuilt else Rematched()
    appended = [each for each in events if each.underlying in going_on]
    return Rematched(result.rebuilt, result.written + (_append(account, appended) if appended else 0))


def _going_on(account: Account, events: Sequence[Event], added: Collection[int]) -> set[str]:
    """Return the underlyings whose new movements are trades after all that is matched: lots go on from there."""
    keys = {each.underlying for each in events}
    if not keys or account.lots_matched_at is None:
        return set()
    last = _last(account, keys, added, since=min(each.at for each in events) - LOOK_BACK)
    first = {
        key: min((each for each in events if each.underlying == key), key=lambda each: each.key)
        for key in keys
    }
    trades = {key for key in keys if all(each.kind == "trade" for each in events if each.underlying == key)}
    return {key for key in trades if _is_later(first[key], last.get(key), account.holdings_known_at)}


def _last(
    account: Account, keys: Collection[str], added: Collection[int], *, since: datetime
) -> dict[str, tuple[datetime, date | None]]:
    """Return when something was last matched of underlyings, and the last day of what was no trade."""
    items = TransferItem.objects.filter(
        transaction__account=account, transaction__at__gte=since, underlying__in=keys
    ).exclude(transaction_id__in=added)
    names = ("underlying", "transaction__at", "transaction__trade_date", "transaction__kind")
    found: dict[str, tuple[datetime, date | None]] = {}
    for key, at, day, kind in items.order_by().values_list(*names):
        last, moved = found.get(key, (at, None))
        if kind != "trade":
            moved = max(moved or day, day)
        found[key] = (max(last, at), moved)
    return found


def _is_later(event: Event, last: tuple[datetime, date | None] | None, held_at: datetime | None) -> bool:
    """Tell whether nothing that is matched already could be matched otherwise because of a movement."""
    if held_at is not None and event.at <= held_at:
        return False
    if last is None:
        return True
    return event.at > last[0] and (last[1] is None or event.day > last[1] + DELIVERY_DAYS)


def _append(account: Account, events: Sequence[Event]) -> int:
    """Go on from the stored lots."""
    symbols = {each.symbol for each in events}
    stored = list(OpenLot.objects.filter(account=account, symbol__in=symbols).order_by("id"))
    lots: dict[str, list[Lot]] = {}
    for row in stored:
        lots.setdefault(row.symbol, []).append(lot_of(row))
    opening: dict[str, Lot] | None = None if account.holdings_known_at is None else {}
    result = match(events, method=method_of(account), lots=lots, opening=opening)
    after = [lot for each in result.lots.values() for lot in each]
    before = {row.pk: row.quantity for row in stored}
    changed = [lot for lot in after if lot.id is not None and before[lot.id] != lot.quantity]
    OpenLot.objects.filter(pk__in=result.closed_ids).delete()
    OpenLot.objects.bulk_update([row_of(account, lot) for lot in changed], ["quantity", "cost", "fees"])
    return len(changed) + write_lots(account, [lot for lot in after if lot.id is None], result.realized)


def _rebuild(account: Account, keys: Collection[str]) -> Rematched:
    """Make the lots of some underlyings anew, with those that changed their name into or out of them."""
    keys = _with_relatives(account.pk, set(keys))
    events = events_of(counted_items(account.pk).filter(underlying__in=keys))
    opening = opening_lots(account, events)
    result = match(events, method=method_of(account), opening=opening)
    OpenLot.objects.filter(account=account, underlying__in=keys).delete()
    RealizedLot.objects.filter(account=account, underlying__in=keys).delete()
    lots = [lot for each in result.lots.values() for lot in each]
    return Rematched(len(result.lots), write_lots(account, lots, result.realized))


def _with_relatives(account_id: int, keys: set[str]) -> set[str]:
    """Return underlyings with those that a transfer in the same transaction ties them to, and so on."""
    items = TransferItem.objects.filter(transaction__account_id=account_id).exclude(underlying="").order_by()
    while True:
        tied = items.filter(underlying__in=keys).exclude(transaction__kind="trade").values("transaction_id")
        found = set(items.filter(transaction_id__in=tied).values_list("underlying", flat=True)) | keys
        if found == keys:
            return keys
        keys = found
