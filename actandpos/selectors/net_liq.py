"""Reads the net liquidating value over time, with what was paid in and out, and the return without that."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from django.db.models import Max

from actandpos.eastern import day_bounds, eastern_day
from actandpos.models import Account, NetLiqClose, NetLiqPoint, Transaction
from actandpos.shown import Flow, NetLiqHistory, NetLiqView

RANGES = ("1d", "1w", "1m", "ytd", "all")
FLOWS = ("deposit", "withdrawal", "transfer")
MOST_POINTS = 600
ZERO = Decimal(0)
NOTHING_YET = "No figure was kept in this range yet: they are kept while the market is open."
NO_TRANSACTIONS = "The transactions were not read yet, so what was paid in or out is not known."
Series = list[NetLiqView]


def net_liq_history(accounts: Sequence[Account], wanted: str, now: datetime) -> NetLiqHistory:
    """Return the points of a range (`1d`, `1w`, `1m` by the minute as far as kept, `ytd` and `all` by the day).

    Of several accounts the sum, from the first moment at which each of them is known; in between an account
    counts with its last known figure. `return_percent` is the modified Dietz return:
    (end − start − Σ flows) ÷ (start + Σ flow × share of the time it was there) × 100.
    """
    ids = [account.pk for account in accounts]
    today = eastern_day(_latest(ids) or now) if wanted == "1d" else eastern_day(now)
    start, end = _bounds(wanted, today, now)
    by_account = {pk: _series(pk, wanted, start, end) for pk in ids}
    points = _thinned(_summed(by_account))
    flows = _flows(ids, start, end)
    missing: dict[str, str] = {}
    if not points:
        missing["points"] = NOTHING_YET
    base = _close_before(ids, today) if wanted == "1d" else None
    opening = base if base is not None else (points[0].net_liq if points else None)
    change = points[-1].net_liq - opening if points and opening is not None else None
    known = all(account.transactions_checked_at is not None for account in accounts)
    percent = _return(opening, points, flows) if known else None
    if percent is None:
        missing["return_percent"] = NOTHING_YET if known else NO_TRANSACTIONS
    return NetLiqHistory(start, end, base, points, flows, change, percent, missing)


def _latest(ids: Sequence[int]) -> datetime | None:
    """Return when the last point was kept: a day without a session shows the last day that had one."""
    found: datetime | None = NetLiqPoint.objects.filter(account__in=ids).aggregate(at=Max("at"))["at"]
    return found


def _bounds(wanted: str, today: date, now: datetime) -> tuple[datetime, datetime]:
    """Return where a range starts and ends."""
    starts = {
        "1d": today,
        "1w": today - timedelta(days=7),
        "1m": today - timedelta(days=31),
        "ytd": today.replace(month=1, day=1),
        "all": date(1970, 1, 2),
    }
    return day_bounds(starts[wanted])[0], min(now, day_bounds(today)[1])


def _series(account_id: int, wanted: str, start: datetime, end: datetime) -> Series:
    """Return one account's points: minutes for the short ranges, closes for the long ones."""
    if wanted in ("ytd", "all"):
        closes = NetLiqClose.objects.filter(account_id=account_id, day__gte=eastern_day(start))
        closes = closes.filter(observed_at__lt=end)
        return [NetLiqView(at, value) for at, value in closes.values_list("observed_at", "net_liq")]
    points = NetLiqPoint.objects.filter(account_id=account_id, at__gte=start, at__lt=end)
    return [NetLiqView(at, value) for at, value in points.values_list("at", "net_liq")]


def _summed(by_account: dict[int, Series]) -> Series:
    """Return the accounts' sum at every moment at which one of them is told, once each of them is known.

    An account that was never told at all is left out: its figure is not known, so it has no place in the line.
    """
    told = {pk: series for pk, series in by_account.items() if series}
    if len(told) == 1:
        return next(iter(told.values()))
    moments = sorted((view.at, pk, view.net_liq) for pk, series in told.items() for view in series)
    last: dict[int, Decimal] = {}
    summed: dict[datetime, Decimal] = {}
    for at, pk, value in moments:
        last[pk] = value
        if len(last) == len(told):
            summed[at] = sum(last.values(), ZERO)
    return [NetLiqView(at, value) for at, value in summed.items()]


def _thinned(points: Series) -> Series:
    """Return at most so many points, evenly picked, with the last one always among them."""
    step = len(points) // MOST_POINTS + 1
    return points[::-1][::step][::-1]


def _flows(ids: Sequence[int], start: datetime, end: datetime) -> list[Flow]:
    """Return what was paid in and out, oldest first."""
    rows = Transaction.objects.filter(account__in=ids, kind__in=FLOWS, at__gte=start, at__lt=end)
    rows = rows.exclude(status__in=["INVALID", "PENDING"]).order_by("at", "pk")
    values = rows.values_list("at", "net_amount", "kind")
    return [Flow(at, amount, kind) for at, amount, kind in values if amount]


def _close_before(ids: Sequence[int], day: date) -> Decimal | None:
    """Return what the accounts were worth at the close before a day; null unless that is known of each."""
    found: list[Decimal] = []
    for pk in ids:
        closes = NetLiqClose.objects.filter(account_id=pk, day__lt=day).order_by("-day")
        found += closes.values_list("net_liq", flat=True)[:1]
    return sum(found, ZERO) if found and len(found) == len(ids) else None


def _return(opening: Decimal | None, points: Series, flows: Sequence[Flow]) -> Decimal | None:
    """Return the modified Dietz return in percent; null where there is nothing to measure it against."""
    if opening is None or not points:
        return None
    first, last = points[0].at, points[-1].at
    whole = Decimal((last - first).total_seconds())
    counted = [flow for flow in flows if first < flow.at <= last]
    paid = sum((flow.amount for flow in counted), ZERO)
    weighted = sum((flow.amount * Decimal((last - flow.at).total_seconds()) for flow in counted), ZERO)
    base = opening + (weighted / whole if whole else ZERO)
    if base <= 0:
        return None
    percent = (points[-1].net_liq - opening - paid) * 100 / base
    return percent.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
