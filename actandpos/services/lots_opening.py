"""What was held before the known history: the holdings of a moment, less what the transactions until then moved.

Without it the oldest lots, which FIFO closes first, would be missing and later ones be closed in their place.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import Q

from actandpos.eastern import eastern_day
from actandpos.models import Account, KnownHolding, Position
from actandpos.services.lots_types import ZERO, Event, Lot

OTHER_UNITS = ("FI",)
"""Bonds: positions count them in face value, transactions in units of it, so nothing follows from comparing."""


def take_holdings(account: Account) -> None:
    """Remember what is held now: what was held before the history began follows from it and the transactions."""
    if account.observed_at is None:
        return
    today = eastern_day(account.observed_at)
    gone = Q(asset_type="OPT", expiration__lt=today)
    held = Position.objects.filter(account=account).exclude(gone | Q(asset_type__in=OTHER_UNITS))
    by_symbol: dict[str, Decimal] = {}
    for symbol, quantity in held.values_list("symbol", "quantity"):
        by_symbol[symbol] = by_symbol.get(symbol, ZERO) + quantity
    KnownHolding.objects.filter(account=account).delete()
    KnownHolding.objects.bulk_create(
        KnownHolding(account=account, symbol=symbol, quantity=quantity)
        for symbol, quantity in by_symbol.items()
    )
    account.holdings_known_at = account.observed_at
    account.save(update_fields=["holdings_known_at"])


def shift_holdings(account: Account, events: Sequence[Event]) -> None:
    """Count transfers and options' ends that were booked late, dated before the known holdings, into these.

    A trade shows in the holdings before it is listed; what is booked by itself shows there when it is booked. An
    option that had expired is not counted among the holdings in any case.
    """
    at = account.holdings_known_at
    late = [each for each in events if at is not None and each.at <= at and each.kind != "trade"]
    for each in late:
        if each.expiration is not None and at is not None and each.expiration < eastern_day(at):
            continue
        row, _ = KnownHolding.objects.get_or_create(
            account=account, symbol=each.symbol, defaults={"quantity": ZERO}
        )
        row.quantity += each.quantity
        row.save(update_fields=["quantity"])


def opening_lots(
    account: Account, events: Sequence[Event], *, everything: bool = False
) -> dict[str, Lot] | None:
    """Return what was held before the first movement: what is known to be held, less what was moved until then."""
    at = account.holdings_known_at
    if at is None:
        return None
    known = KnownHolding.objects.filter(account=account)
    names = {each.symbol: each for each in events}
    rows = known if everything else known.filter(symbol__in=names)
    held: dict[str, Decimal] = dict(rows.values_list("symbol", "quantity"))
    for each in events:
        if each.at <= at:
            held[each.symbol] = held.get(each.symbol, ZERO) - each.quantity
    kinds = _kinds(account, [symbol for symbol in held if symbol not in names])
    return {
        symbol: _unknown(symbol, quantity, names.get(symbol), kinds.get(symbol, (symbol, "OTHER")))
        for symbol, quantity in held.items()
        if quantity and not (symbol in names and names[symbol].asset_type in OTHER_UNITS)
    }


def _kinds(account: Account, symbols: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return underlying and type of symbols that no transaction names."""
    rows = Position.objects.filter(account=account, symbol__in=list(symbols))
    return {
        symbol: (under, kind)
        for symbol, under, kind in rows.values_list("symbol", "underlying", "asset_type")
    }


def _unknown(symbol: str, quantity: Decimal, event: Event | None, kind: tuple[str, str]) -> Lot:
    """Return a lot that was there before the history; nobody knows what it cost."""
    return Lot(
        symbol=symbol,
        underlying=event.underlying if event else kind[0],
        asset_type=event.asset_type if event else kind[1],
        quantity=quantity,
        gross=None,
        fees=ZERO,
        price=None,
        opened_by=None,
        opened_at=None,
    )
