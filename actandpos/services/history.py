"""Keeps the net liquidating value over time: a point a minute for a while, thinned later, a close a day for ever."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from msgspec import Struct

from actandpos.eastern import day_bounds
from actandpos.models import Account, NetLiqClose, NetLiqPoint

KEEP_MINUTES, KEEP_AT_ALL = timedelta(days=8), timedelta(days=95)
"""Every minute for a week (and its weekend), then one point a half hour for a quarter; then the closes alone."""
SLOT = timedelta(minutes=30)


class SessionNow(Struct, frozen=True):
    """What the market does at a moment. `close` is the end of the day's regular session; null when there is none."""

    is_open: bool
    trading_day: date
    close: datetime | None


def record_net_liq(account_ids: Sequence[int], observed_at: datetime, session: SessionNow) -> int:
    """Keep what accounts were worth at `observed_at`, of those whose figures are that fresh; return how many.

    Nothing is kept outside the sessions, nor for an account whose answer of that moment was not applied.
    """
    if not session.is_open:
        return 0
    fresh = Account.objects.filter(pk__in=account_ids, checked_at=observed_at, net_liq__isnull=False)
    rows = [(pk, value) for pk, value in fresh.values_list("pk", "net_liq") if value is not None]
    minute = observed_at.replace(second=0, microsecond=0)
    points = [NetLiqPoint(account_id=pk, at=minute, net_liq=value) for pk, value in rows]
    NetLiqPoint.objects.bulk_create(
        points, update_conflicts=True, unique_fields=["account", "at"], update_fields=["net_liq"]
    )
    _keep_closes(rows, observed_at, session)
    return len(rows)


def _keep_closes(rows: Sequence[tuple[int, Decimal]], observed_at: datetime, session: SessionNow) -> None:
    """Move the day's close along until the regular session ends; the first figure after that is the last one."""
    if session.close is None:
        return
    days = NetLiqClose.objects.filter(account__in=[pk for pk, _ in rows], day=session.trading_day)
    final = set(days.filter(observed_at__gte=session.close).values_list("account_id", flat=True))
    closes = [
        NetLiqClose(account_id=pk, day=session.trading_day, net_liq=value, observed_at=observed_at)
        for pk, value in rows
        if pk not in final
    ]
    NetLiqClose.objects.bulk_create(
        closes,
        update_conflicts=True,
        unique_fields=["account", "day"],
        update_fields=["net_liq", "observed_at"],
    )


def thin_net_liq(now: datetime) -> int:
    """Delete minutes that are too old to be looked at one by one; return how many. The closes stay."""
    gone, _ = NetLiqPoint.objects.filter(at__lt=now - KEEP_AT_ALL).delete()
    last_full = day_bounds((now - KEEP_MINUTES).date())[0]
    for account_id in (
        NetLiqPoint.objects.filter(at__lt=last_full)
        .order_by()
        .values_list("account_id", flat=True)
        .distinct()
    ):
        gone += _thin(account_id, last_full)
    return gone


def _thin(account_id: int, before: datetime) -> int:
    """Leave the last point of every half hour."""
    points = NetLiqPoint.objects.filter(account_id=account_id, at__lt=before)
    last: dict[int, int] = {}
    ids: list[int] = []
    for pk, at in points.order_by("at").values_list("pk", "at"):
        ids.append(pk)
        last[int(at.timestamp() // SLOT.total_seconds())] = pk
    gone = sorted(set(ids) - set(last.values()))
    with transaction.atomic():
        for start in range(0, len(gone), 500):
            NetLiqPoint.objects.filter(pk__in=gone[start : start + 500]).delete()
    return len(gone)
