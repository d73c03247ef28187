"""Renders the statement once per version of the transactions and range; what tells its age is put around it anew."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from actandpos import cache
from actandpos.models import Account, Order, RejectedTransaction
from actandpos.plain import instant, plain
from actandpos.selectors import realized as sums
from actandpos.selectors import statement as selectors
from actandpos.selectors.accounts import oldest

FORMAT = 1
"""Goes up when the bytes change without a change of the book."""
MOVING = (
    "transactions_version",
    "transactions_changed_at",
    "transactions_checked_at",
    "transactions_known_from",
)
AMOUNTS = ("quantity", "price", "amount", "fees", "net_amount")
ORDER = (
    *("id", "account_id", "at", "trade_date", "settlement_date", "kind", "broker_type", "status", "symbol"),
    *("underlying", "asset_type", "description", "quantity", "price", "amount", "fees", "net_amount"),
    *("position_effect", "order_id", "missing"),
)
_encoder = msgspec.json.Encoder()


class Range(msgspec.Struct, frozen=True):
    """Eastern days, both inclusive."""

    first: date
    last: date


def stamp(accounts: Sequence[Account], days: Range, kind: str) -> str:
    """Return what the bytes depend on. An order that comes later gives its transactions their order."""
    ids = [each.pk for each in accounts]
    newest = Order.objects.filter(account__in=ids).order_by("-pk").values_list("pk", flat=True).first()
    versions = [f"{each.pk}:{each.transactions_version}:{_micros(each)}" for each in accounts]
    text = "|".join([*versions, str(newest), days.first.isoformat(), days.last.isoformat()])
    return f"thor:{kind}:{FORMAT}:{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"


def _micros(account: Account) -> int:
    changed = account.transactions_changed_at
    return 0 if changed is None else round(changed.timestamp() * 1_000_000)


def etag(key: str, accounts: Sequence[Account], scope: str) -> str:
    """Return the strong entity tag: the rendered part, when it was last checked, and for whom."""
    checked = [instant(each.transactions_checked_at) or "" for each in accounts]
    text = "|".join([key, scope, *checked])
    return f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


def body(account_id: int | None, accounts: Sequence[Account], days: Range, key: str) -> bytes:
    """Return the answer; accounts that a writer moves on meanwhile are brought up to date with what it shows."""
    rendered = once(accounts, days, "statement", lambda: _render(accounts, days), key)
    head = {
        "account_id": account_id,
        "from": days.first,
        "to": days.last,
        "transactions_checked_at": instant(oldest([each.transactions_checked_at for each in accounts])),
    }
    return b"".join([_encoder.encode(head)[:-1], b",", rendered])


def once(
    accounts: Sequence[Account], days: Range, kind: str, render: Callable[[], bytes], key: str = ""
) -> bytes:
    """Return what was rendered for this version (`key`), else render it; keep it if no writer came between."""

    def refresh() -> None:
        for each in accounts:
            each.refresh_from_db(fields=MOVING)

    return cache.once(lambda: stamp(accounts, days, kind), refresh, render, known_key=key)


def _render(accounts: Sequence[Account], days: Range) -> bytes:
    """Return all that follows the head: the rest of an object, so that a large text is put together only once."""
    rows = selectors.transactions(accounts, days.first, days.last)
    closings = sums.closings(accounts, days.first, days.last)
    loose = [each for each in closings if each.pl is None]
    known = selectors.known_from(accounts)
    rest = _encoder.encode(
        {
            "known_from": known,
            "transactions": [row_dict(row) for row in rows],
            "realized": realized_dict(closings),
            "totals": _totals(accounts, rows, closings),
            "unmatched": [
                {
                    "symbol": each.symbol,
                    "quantity": plain(abs(each.quantity)),
                    "closed_at": instant(each.closed_at),
                    "reason": each.unmatched,
                }
                for each in loose
            ],
            "rejected": _rejected(accounts),
            "method": selectors.method_of(accounts),
            "missing": _missing(accounts, days, len(loose)),
        }
    )
    return rest[1:]


def row_dict(row: selectors.StatementRow) -> dict[str, object]:
    """Return one transaction as it travels."""
    values: dict[str, object] = {name: getattr(row, name) for name in ORDER}
    values["at"] = instant(row.at)
    for name in AMOUNTS:
        values[name] = plain(getattr(row, name))
    return values


def realized_dict(closings: Sequence[sums.Closing]) -> dict[str, object]:
    """Return what was realized, by symbol and by period."""
    return {
        "by_symbol": [_plain(msgspec.structs.asdict(each)) for each in sums.by_symbol(closings)],
        "by_day": _period(closings, "day", "%Y-%m-%d"),
        "by_month": _period(closings, "month", "%Y-%m"),
        "by_year": [each | {"year": int(str(each["year"]))} for each in _period(closings, "year", "%Y")],
    }


def _period(closings: Sequence[sums.Closing], name: str, spelled: str) -> list[dict[str, object]]:
    found = sums.by_period(closings, lambda day: day.strftime(spelled))
    return [{name: each.name, "pl": plain(each.pl), "fees": plain(each.fees)} for each in found]


def _plain(values: dict[str, Any]) -> dict[str, object]:
    """Spell the numbers among some values."""
    names = ("quantity", "proceeds", "cost", "fees", "pl", "unmatched_quantity")
    return {name: plain(value) if name in names else value for name, value in values.items()}


def _totals(
    accounts: Sequence[Account], rows: Sequence[selectors.StatementRow], closings: Sequence[sums.Closing]
) -> dict[str, object]:
    """Return what the range adds up to; null while nothing was read, and gains until a history was read whole."""
    totals = selectors.totals_of(rows)
    read = any(each.transactions_checked_at is not None for each in accounts)
    matched = any(each.lots_matched_at is not None for each in accounts)
    names = ("fees", "dividends", "interest", "deposits", "withdrawals", "net_amount")
    return {
        "realized_pl": plain(sums.total(each.pl for each in closings)) if matched else None,
        **{name: plain(getattr(totals, name)) if read else None for name in names},
        "transactions": totals.transactions,
    }


def _rejected(accounts: Sequence[Account]) -> list[dict[str, object]]:
    """Return what could not be read."""
    rows = RejectedTransaction.objects.filter(account__in=[each.pk for each in accounts])
    return [
        {"reason": reason, "seen_at": instant(at)} for reason, at in rows.values_list("reason", "seen_at")
    ]


def _missing(accounts: Sequence[Account], days: Range, loose: int) -> dict[str, str]:
    """Say what the sums leave out."""
    reason = selectors.incomplete(accounts, days.first)
    why = [each for each in (reason, selectors.left_out(loose) if loose else "") if each]
    missing = {"realized_pl": " ".join(why)} if why else {}
    method = selectors.unknown_methods(accounts)
    more = {"transactions": reason, "method": method}
    return missing | {name: why for name, why in more.items() if why}


def year_body(account_id: int | None, accounts: Sequence[Account], today: date) -> bytes:
    """Return the P/L of the year so far: the realized part rendered once, the open part as it is now."""
    days = Range(date(today.year, 1, 1), today)
    kept = msgspec.json.decode(once(accounts, days, "year", lambda: _year(accounts, today)))
    opened = [each.pl_open for each in accounts]
    missing: dict[str, str] = kept.pop("missing")
    open_ = None if not accounts or None in opened else sums.total(opened)
    if open_ is None:
        missing["open"] = "The open P/L of an account is not known."
    realized = kept["realized"]
    both = open_ is not None and realized is not None
    if not both:
        missing["total"] = missing.get("realized") or missing["open"]
    elif "realized" in missing:
        missing["total"] = missing["realized"]
    return _encoder.encode(
        {
            "account_id": account_id,
            "year": today.year,
            "realized": realized,
            "open": plain(open_),
            "total": plain(sums.total([open_, Decimal(realized)])) if both else None,
            **{name: kept[name] for name in ("dividends", "interest", "fees", "known_from")},
            "missing": missing,
        }
    )


def _year(accounts: Sequence[Account], today: date) -> bytes:
    found = selectors.year_so_far(accounts, today)
    figures = {name: plain(getattr(found, name)) for name in ("realized", "dividends", "interest", "fees")}
    return _encoder.encode(
        {**figures, "known_from": selectors.known_from(accounts), "missing": found.missing}
    )
