"""Compares an answer with what is stored, without a database: what changed, vanished, and can be believed."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter

from msgspec import Struct

from actandpos.services.limits import TOO_LONG, money, rows_fit, sum_known
from actandpos.types import AccountSnapshot, Balances, PositionRow, RejectedRow

Key = tuple[str, str]
TOLERANCE = Decimal("1.00")
"""US dollars by which rows and balances may differ without a row being missed: rounding inside the broker."""
CASH = "CASH"
KEY = attrgetter("symbol", "asset_type")


class Figures(Struct, frozen=True):
    """The figures of a stored row that the answer does not list."""

    market_value: Decimal | None
    pl_open: Decimal | None
    pl_day: Decimal | None


class Difference(Struct, frozen=True):
    """An answer against the stored rows."""

    readable: list[PositionRow]
    changed: list[PositionRow]
    new: bool
    """Whether one of the changed is not stored yet."""
    kept: dict[Key, int]
    """Stored rows that stay although unlisted: their row in the answer could not be read."""
    vanished: dict[Key, int]
    rejected: list[RejectedRow]


def difference(stored: Mapping[Key, tuple[int, str]], snapshot: AccountSnapshot) -> Difference:
    """Return what the answer changes, given id and digest of the stored rows. Equal digests are equal rows."""
    readable, rejected = snapshot.positions, list(snapshot.rejected)
    changed, known = _changed(stored, readable)
    if not rows_fit(changed):
        # A row like its stored one fits as that one does, so only changed rows are looked at.
        unfit = {row.key for row in changed if not rows_fit([row])}
        readable = [row for row in readable if row.key not in unfit]
        rejected += [RejectedRow(symbol=symbol, reason=TOO_LONG) for symbol, _ in sorted(unfit)]
        changed, known = _changed(stored, readable)
    kept: dict[Key, int] = {}
    vanished: dict[Key, int] = {}
    if known < len(stored):
        unreadable = {row.symbol for row in rejected if row.symbol}
        for key in stored.keys() - set(map(KEY, readable)):
            (kept if key[0] in unreadable else vanished)[key] = stored[key][0]
    return Difference(readable, changed, known < len(readable), kept, vanished, rejected)


def _changed(
    stored: Mapping[Key, tuple[int, str]], rows: Sequence[PositionRow]
) -> tuple[list[PositionRow], int]:
    """Return the rows that are new or whose digest differs, and how many are stored at all."""
    known = list(map(stored.get, map(KEY, rows)))
    changed = [row for row, old in zip(rows, known, strict=True) if old is None or old[1] != row.digest]
    return changed, len(known) - known.count(None)


def suspicion(snapshot: AccountSnapshot, diff: Difference, figures: Mapping[Key, Figures]) -> str:
    """Return why the vanished rows are not believed gone, or an empty string when they may go.

    Σ market value without CASH rows should be `net_liq − cash − margin_balance − short_balance`. Rows are
    missed when the sum is off by more than a dollar and the vanished rows' stored values bring it nearer.
    """
    implied = implied_market_value(snapshot.balances)
    if not diff.vanished or implied is None:
        return ""
    listed = sum_known(row.market_value for row in diff.readable if row.asset_type != CASH)[0]
    present = listed + _stored_value(diff.kept, figures)
    lost = _stored_value(diff.vanished, figures)
    gap = abs(implied - present)
    if gap <= TOLERANCE or abs(implied - present - lost) >= gap:
        return ""
    rows = "1 position" if len(diff.vanished) == 1 else f"{len(diff.vanished)} positions"
    return (
        f"{rows} worth {lost:,.2f} USD missing from the answer, while its balances differ by {gap:,.2f} USD."
    )


def implied_market_value(balances: Balances) -> Decimal | None:
    """Return what the positions should add up to, nulls counting 0; `None` without a net liq."""
    if balances.net_liq is None:
        return None
    beside = (balances.cash, balances.margin_balance, balances.short_balance)
    return balances.net_liq - sum_known(beside)[0]


def _stored_value(keys: Collection[Key], figures: Mapping[Key, Figures]) -> Decimal:
    """Return the stored market value of rows, CASH rows and unknown values counting 0."""
    return sum_known(figures[key].market_value for key in keys if key[1] != CASH and key in figures)[0]


def keys_digest(keys: Iterable[Key]) -> str:
    """Return 32 characters that tell one set of positions from another."""
    text = "\n".join(sorted("\t".join(key) for key in keys))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def profit_and_loss(
    balances: Balances, diff: Difference, figures: Mapping[Key, Figures]
) -> tuple[dict[str, Decimal | None], dict[str, str]]:
    """Return the account's `pl_open`, `pl_day`, `pl_day_percent`, and why some are null or partial.

    The sums are of the rows' known figures; the percentage is `pl_day ÷ (net_liq − pl_day) × 100`.
    """
    values: dict[str, Decimal | None] = {}
    reasons: dict[str, str] = {}
    staying = [figures[key] for key in diff.kept if key in figures]
    opened = [row.pl_open for row in diff.readable] + [row.pl_open for row in staying]
    today = [row.pl_day for row in diff.readable] + [row.pl_day for row in staying]
    for name, parts in (("pl_open", opened), ("pl_day", today)):
        values[name], reason = summed(parts)
        if reason:
            reasons[name] = reason
    values["pl_day_percent"], reason = day_percent(values["pl_day"], balances.net_liq)
    if reason:
        reasons["pl_day_percent"] = reason
    return values, reasons


def summed(parts: list[Decimal | None]) -> tuple[Decimal | None, str]:
    """Return a column's sum, null when there are rows and none has a figure, and what to say about it."""
    total, known, unknown = sum_known(parts)
    if unknown and not known:
        return None, "No position has this figure."
    amount = money(total)
    if amount is None:
        return None, "The sum has more digits than can be kept exactly."
    note = f"Without {unknown} of {known + unknown} positions, which have no such figure." if unknown else ""
    return amount, note


def day_percent(pl_day: Decimal | None, net_liq: Decimal | None) -> tuple[Decimal | None, str]:
    """Return today's P/L in percent of the net liquidating value before it, or null and why."""
    if pl_day is None:
        return None, "Today's P/L is not known."
    if net_liq is None:
        return None, "The net liquidating value is not known."
    base = net_liq - pl_day
    if base <= 0:
        return None, "The net liquidating value before today's P/L is not above zero."
    percent = money(pl_day / base * 100)
    return percent, "" if percent is not None else "The percentage has more digits than can be kept exactly."
