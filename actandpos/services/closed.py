"""Keeps the holdings that were closed on a day: as they were last seen, and what the day's fills say they brought."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from actandpos.eastern import eastern_day
from actandpos.models import Account, ClosedPosition, OrderLeg, Position, RejectedRow
from actandpos.services.columns import text
from actandpos.services.dayfigures import Traded, closing
from actandpos.services.upsert import Target, upsert

KEPT = (
    *("symbol", "asset_type", "broker_asset_type", "underlying", "description", "multiplier", "put_call"),
    *("strike", "expiration", "avg_price"),
)
LATEST = ("close_price", "realized", "pl_day", "missing")
CLOSED = Target(
    model=ClosedPosition,
    columns=("account_id", "day", "quantity_before", "previous_close", "closed_at", *KEPT, *LATEST),
    key=("account_id", "day", "symbol", "asset_type"),
)


def as_last_seen(account: Account, observed_at: datetime, gone: Collection[int]) -> list[ClosedPosition]:
    """Return rows that are about to be deleted as positions closed on the day of `observed_at`, not stored yet.

    One without a quantity was closed before, and the broker only went on listing it.
    """
    if not gone:
        return []
    rows = Position.objects.filter(account=account, pk__in=gone).exclude(quantity=0)
    day = eastern_day(observed_at)
    return [_last_seen(row, day, observed_at) for row in rows]


def _last_seen(row: Position, day: date, observed_at: datetime) -> ClosedPosition:
    """Return a row as it was last seen; the close before is known if the row was told on the day itself."""
    mark, change = row.mark_price, row.mark_change
    told_today = eastern_day(row.as_of) == day
    previous = mark - change if told_today and mark is not None and change is not None else None
    kept = {name: getattr(row, name) for name in KEPT}
    return ClosedPosition(
        account_id=row.account_id,
        day=day,
        quantity_before=row.quantity,
        previous_close=previous,
        closed_at=observed_at,
        **kept,
    )


class Closings:
    """The closed positions of one account and day, brought up to date with the day's fills."""

    def __init__(self, account: Account, day: date, kept: Sequence[ClosedPosition]) -> None:
        self.account, self.day = account, day
        stored = ClosedPosition.objects.filter(account=account, day=day)
        self.rows = {row.symbol: row for row in stored} | {row.symbol: row for row in kept}
        self.changed = bool(kept)

    def settle(self, traded: dict[str, Traded], legs: dict[str, OrderLeg]) -> None:
        """Work out what each closing brought and write what is news."""
        self._drop_reopened(traded)
        for symbol in self._unseen(traded):
            self.rows[symbol] = _never_seen(self.account, self.day, traded[symbol], legs.get(symbol))
        news = [row for row in self.rows.values() if _settle(row, traded.get(row.symbol))]
        if news:
            upsert(CLOSED, [[text(getattr(row, name)) for row in news] for name in CLOSED.columns])
            self.changed = True

    def _drop_reopened(self, traded: dict[str, Traded]) -> None:
        """Forget what is held (again): its open row tells the whole day."""
        stored = {symbol for symbol, row in self.rows.items() if row.pk}
        self.held = set()
        if asked := stored | traded.keys():
            rows = Position.objects.filter(account=self.account, symbol__in=asked)
            self.held = set(rows.values_list("symbol", flat=True))
        reopened = [self.rows.pop(symbol).pk for symbol in self.held & self.rows.keys()]
        if reopened:
            ClosedPosition.objects.filter(pk__in=reopened).delete()
            self.changed = True

    def _unseen(self, traded: dict[str, Traded]) -> set[str]:
        """Return what was closed before it was ever seen open; a row that could not be read is no closed one."""
        found = {symbol for symbol, each in traded.items() if symbol not in self.rows and self._is_told(each)}
        if not found:
            return found
        unread = RejectedRow.objects.filter(account=self.account)
        return found - set(unread.values_list("symbol", flat=True))

    def _is_told(self, traded: Traded) -> bool:
        """Return whether the positions were told after these fills, and do not list the symbol."""
        observed = self.account.observed_at
        return traded.symbol not in self.held and observed is not None and traded.last_at <= observed


def _never_seen(account: Account, day: date, traded: Traded, leg: OrderLeg | None) -> ClosedPosition:
    """Return what was closed before it was ever seen open, as its order's leg describes it."""
    known: dict[str, Any] = {}
    if leg is not None:
        known = {name: getattr(leg, name) for name in ("asset_type", "put_call", "strike", "expiration")}
    return ClosedPosition(
        account=account,
        day=day,
        symbol=traded.symbol,
        broker_asset_type="",
        underlying=leg.underlying if leg and leg.underlying else traded.symbol,
        multiplier=traded.multiplier,
        quantity_before=-traded.net,
        closed_at=traded.last_at,
        **{"asset_type": "OTHER", **known},
    )


def _settle(row: ClosedPosition, traded: Traded | None) -> bool:
    """Put what the closing brought on the row; tell whether that is news."""
    found = closing(row.quantity_before or None, row.avg_price, row.previous_close, traded)
    now = (found.close_price, found.realized, found.pl_day, found.missing)
    if row.pk and now == tuple(getattr(row, name) for name in LATEST):
        return False
    row.close_price, row.realized, row.pl_day, row.missing = now
    if traded is not None:
        row.closed_at = traded.last_at
    return True
