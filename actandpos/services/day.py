"""Keeps the day's own figures: rows restated from their fills, and the holdings that were closed today."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from msgspec import Struct, field

from actandpos.eastern import day_bounds, eastern_day
from actandpos.models import Account, ClosedPosition, OrderFill, OrderLeg, Position
from actandpos.services.closed import Closings
from actandpos.services.dayfigures import OPTION_UNITS, Fill, Held, Restated, Traded, by_symbol, restated
from actandpos.services.limits import money, sum_known
from actandpos.services.reconcile import day_percent

ONE, ZERO = Decimal(1), Decimal(0)
HELD = ("quantity", "multiplier", "mark_price", "mark_change", "market_value", "pl_day", "day_start_quantity")


class Day(Struct, frozen=True):
    """What the day adds to an account's rows."""

    traded_on: date | None = None
    changed_ids: list[int] = field(default_factory=list)
    """Rows whose shown P/L of the day is another one now."""
    closed_changed: bool = False
    adjustment: Decimal = ZERO
    """US dollars that the account's P/L of the day has beside the broker's figures of its open rows."""
    note: str = ""


NOTHING = Day()


def settle_day(
    account: Account,
    observed_at: datetime,
    gone: Sequence[ClosedPosition] = (),
    *,
    fills_are_newer: bool = False,
) -> Day:
    """Bring the day's own figures up to date in the caller's transaction, which holds the account's lock.

    To be called after the rows were written, with the account's `observed_at` as it is now and what was just
    closed in `gone`. `fills_are_newer` says that the orders were read after the positions: only then do fills and
    quantities tell what the day began with. The caller stores `traded_on`. Costs nothing on a day without fills.
    """
    if account.traded_on is None and not gone and not fills_are_newer:
        return NOTHING
    day = eastern_day(observed_at)
    is_over = account.traded_on not in (None, day)
    changed = _forget(account) if is_over else set()
    traded, legs = _traded(account, day)
    if traded and fills_are_newer:
        _learn_starts(account, traded)
    adjustment = ZERO
    if traded or account.traded_on is not None:
        restated_ids, adjustment = _restate(account, traded)
        changed |= restated_ids
    closings = Closings(account, day, gone)
    closings.settle(traded, legs)
    total, _, unknown = sum_known(row.pl_day for row in closings.rows.values())
    note = f"Without {unknown} closed today, whose P/L of the day is not known." if unknown else ""
    traded_on = day if traded or closings.rows else None
    return Day(traded_on, sorted(changed), closings.changed or is_over, adjustment + total, note)


def _forget(account: Account) -> set[int]:
    """Drop what was known of an earlier day; return the rows that were shown with it."""
    rows = Position.objects.filter(account=account)
    shown = set(rows.filter(pl_day_computed__isnull=False).values_list("pk", flat=True))
    rows.filter(Q(day_start_quantity__isnull=False) | Q(pl_day_computed__isnull=False)).update(
        day_start_quantity=None, pl_day_computed=None, pl_day_percent_computed=None
    )
    return shown


def _traded(account: Account, day: date) -> tuple[dict[str, Traded], dict[str, OrderLeg]]:
    """Return the day's fills by symbol, and a leg of each that tells what the symbol is."""
    start, end = day_bounds(day)
    fills = OrderFill.objects.filter(order__account=account, filled_at__gte=start, filled_at__lt=end)
    rows = list(fills)
    orders = {row.order_id for row in rows}
    legs = {leg.symbol: leg for leg in OrderLeg.objects.filter(order__in=orders)} if orders else {}
    return by_symbol(_fill(row, legs.get(row.symbol)) for row in rows), legs


def _fill(row: OrderFill, leg: OrderLeg | None) -> Fill:
    multiplier = OPTION_UNITS if leg is not None and leg.asset_type == "OPT" else ONE
    at = row.filled_at or datetime.max.replace(tzinfo=UTC)  # the query asks for those that have one
    return Fill(row.symbol, row.side, row.quantity, row.price, at, multiplier)


def _learn_starts(account: Account, traded: dict[str, Traded]) -> None:
    """Note what the day began with, where no fill came after the positions were told."""
    for row in Position.objects.filter(account=account, symbol__in=traded):
        day = traded[row.symbol]
        start = row.quantity - day.net
        if account.observed_at and day.last_at <= account.observed_at and row.day_start_quantity != start:
            Position.objects.filter(pk=row.pk).update(day_start_quantity=start)


def _restate(account: Account, traded: dict[str, Traded]) -> tuple[set[int], Decimal]:
    """Write the rows' own P/L of the day where the broker's contradicts the fills.

    Returns the rows that changed, and what all such rows add to the sum of the broker's figures.
    """
    changed, adjustment = set(), ZERO
    rows = Position.objects.filter(account=account)
    for row in rows.filter(Q(symbol__in=traded) | Q(pl_day_computed__isnull=False)):
        held = Held(*(getattr(row, name) for name in HELD))
        found = restated(held, traded[row.symbol]) if row.symbol in traded else Restated()
        if (found.pl_day, found.percent) != (row.pl_day_computed, row.pl_day_percent_computed):
            Position.objects.filter(pk=row.pk).update(
                pl_day_computed=found.pl_day, pl_day_percent_computed=found.percent
            )
            changed.add(row.pk)
        if found.pl_day is not None:
            adjustment += found.pl_day - (row.pl_day or ZERO)
    return changed, adjustment


def with_day(values: dict[str, Any], day: Day) -> dict[str, Any]:
    """Return an account's shown columns with what the day adds to its P/L of the day.

    `values` has `net_liq`, `pl_day`, `pl_day_percent` and `missing`; a sum that is not known stays so.
    """
    if (not day.adjustment and not day.note) or values["pl_day"] is None:
        return values
    missing = {name: why for name, why in values["missing"].items() if name != "pl_day_percent"}
    pl_day = money(values["pl_day"] + day.adjustment)
    percent, reason = day_percent(pl_day, values["net_liq"])
    if reason:
        missing["pl_day_percent"] = reason
    if day.note:
        missing["pl_day"] = " ".join(filter(None, [missing.get("pl_day"), day.note]))
    return {**values, "pl_day": pl_day, "pl_day_percent": percent, "missing": missing}
