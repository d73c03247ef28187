"""Reads the statement: transactions of some Eastern days with what they add up to, and the year's P/L so far."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from actandpos.models import Account, Order, Transaction, TransferItem
from actandpos.selectors.realized import closings, total
from actandpos.services.lots_types import METHODS
from actandpos.transaction_types import IGNORED

NO_SECURITY = "No security moved."
NOTHING_MOVED = dict.fromkeys(("symbol", "quantity", "price"), NO_SECURITY)
HEAD = (
    *(
        "id",
        "account_id",
        "at",
        "trade_date",
        "settlement_date",
        "kind",
        "broker_type",
        "status",
        "description",
    ),
    *("fees", "net_amount", "broker_order_id", "missing"),
)
MOVED = (
    "transaction_id",
    "symbol",
    "underlying",
    "asset_type",
    "description",
    "quantity",
    "price",
    "cost",
    "position_effect",
)


class StatementRow(Struct, frozen=True, gc=False):
    """One transaction as shown; `amount` is before fees."""

    id: int
    account_id: int
    at: datetime
    trade_date: date
    settlement_date: date | None
    kind: str
    broker_type: str
    status: str
    symbol: str | None
    underlying: str | None
    asset_type: str | None
    description: str
    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal | None
    fees: Decimal | None
    net_amount: Decimal | None
    position_effect: str | None
    order_id: int | None
    missing: dict[str, str]


class Totals(Struct, frozen=True):
    """What transactions add up to; those that are pending, invalid or listed no more are left out."""

    fees: Decimal
    dividends: Decimal
    interest: Decimal
    deposits: Decimal
    withdrawals: Decimal
    net_amount: Decimal
    transactions: int


class YearSoFar(Struct, frozen=True):
    """The P/L of the Eastern year so far; `missing` says why a figure is null or what it leaves out."""

    realized: Decimal | None
    dividends: Decimal | None
    interest: Decimal | None
    fees: Decimal | None
    missing: dict[str, str] = field(default_factory=dict)


def transactions(accounts: Sequence[Account], first: date, last: date) -> list[StatementRow]:
    """Return the transactions of some Eastern days, newest first."""
    ids = [each.pk for each in accounts]
    rows = Transaction.objects.filter(account__in=ids, trade_date__range=(first, last))
    items = TransferItem.objects.filter(transaction__in=rows.order_by()).exclude(underlying="")
    moved: dict[int, list[Sequence[Any]]] = {}
    for id, *item in items.order_by("transaction_id", "place").values_list(*MOVED):
        moved.setdefault(id, []).append(item)
    orders = _orders(ids)
    found = rows.order_by("-at", "-id").values_list(*HEAD)
    return [_row(each, moved.get(each[0]), orders) for each in found]


def _orders(account_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """Return Thor's ids of the accounts' orders by the broker's."""
    rows = Order.objects.filter(account__in=account_ids).order_by()
    return {
        (account, broker): id
        for account, broker, id in rows.values_list("account_id", "broker_order_id", "id")
    }


def _row(
    head: Sequence[Any], items: list[Sequence[Any]] | None, orders: dict[tuple[int, str], int]
) -> StatementRow:
    """Return one transaction; of several securities the first one names it and their costs are added up."""
    *front, text, fees, net, broker_order, missing = head
    order = orders.get((front[1], broker_order))
    values: list[Any]
    if not items:
        why = NOTHING_MOVED | missing
        amount = None if net is None else net + (fees or 0)
        values = [*front, None, None, None, text, None, None, amount, fees, net, None, order, why]
    else:
        symbol, underlying, asset_type, name, quantity, price, _, effect = items[0]
        costs = [item[6] for item in items]
        amount = None if None in costs else total(costs)
        values = [*front, symbol, underlying, asset_type, text or name or "", quantity, price]
        values += [amount, fees, net, effect, order, missing]
    return StatementRow(*values)


def totals_of(rows: Sequence[StatementRow]) -> Totals:
    """Return what the rows that count add up to."""
    counted = [row for row in rows if row.status not in IGNORED]

    def net(kind: str) -> Decimal:
        return total(row.net_amount for row in counted if row.kind == kind)

    return Totals(
        fees=total(row.fees for row in counted),
        dividends=net("dividend"),
        interest=net("interest"),
        deposits=net("deposit"),
        withdrawals=net("withdrawal"),
        net_amount=total(row.net_amount for row in counted),
        transactions=len(counted),
    )


def year_so_far(accounts: Sequence[Account], today: date) -> YearSoFar:
    """Return the sums since the first of January."""
    first = date(today.year, 1, 1)
    sums = totals_of(transactions(accounts, first, today))
    rows = closings(accounts, first, today)
    reason = incomplete(accounts, first)
    if reason:
        names = ("realized", "dividends", "interest", "fees")
        return YearSoFar(None, None, None, None, dict.fromkeys(names, reason))
    loose = sum(row.pl is None for row in rows)
    missing = {"realized": left_out(loose)} if loose else {}
    return YearSoFar(total(row.pl for row in rows), sums.dividends, sums.interest, sums.fees, missing)


def left_out(count: int) -> str:
    """Say how many closings a sum lacks."""
    closed = "one closing" if count == 1 else f"{count} closings"
    return f"Without {closed} of lots that cannot be matched."


def incomplete(accounts: Sequence[Account], first: date) -> str:
    """Say why sums since a day cannot be known: never read, being read, or not so far back; empty when they can."""
    if not accounts:
        return "There is no account yet."
    for account in accounts:
        if account.transactions_checked_at is None:
            return f"{account.display_name}: transactions were not read yet."
        if account.lots_matched_at is None or account.transactions_known_from is None:
            return f"{account.display_name}: the history is still being read."
        if account.transactions_known_from > first:
            day = account.transactions_known_from.isoformat()
            return f"{account.display_name}: nothing before {day} is in the book."
    return ""


def known_from(accounts: Sequence[Account]) -> date | None:
    """Return the first day of which everything is in the book, of every account; null when that is not known."""
    days = [each.transactions_known_from for each in accounts]
    known = [day for day in days if day is not None]
    return max(known, default=None) if len(known) == len(days) else None


def method_of(accounts: Sequence[Account]) -> str:
    """Return how lots are closed; several ways of several accounts are all named."""
    used = {each.lot_method if each.lot_method in METHODS else METHODS[0] for each in accounts}
    return ", ".join(sorted(used)) or METHODS[0]


def unknown_methods(accounts: Sequence[Account]) -> str:
    """Say where the broker closes lots in a way that Thor does not know; empty where it does."""
    words = [
        f"{each.display_name}: the broker closes lots by {each.lot_method}, which Thor does not know; shown is FIFO."
        for each in accounts
        if each.lot_method and each.lot_method not in METHODS
    ]
    return " ".join(words)
