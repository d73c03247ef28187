"""Transactions for the tests as the broker's room hands them over, all invented."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from actandpos.eastern import eastern_day
from actandpos.models import Account, OpenLot, RealizedLot
from actandpos.services.transactions import apply_transactions, match_everything
from actandpos.transaction_types import TransactionPage, TransactionRow, TransactionsChange, TransferItemRow

NOW = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CALL = "XYZ   260320C00100000"
D = Decimal


def item(symbol: str, quantity: str, cost: str | None, **more: Any) -> TransferItemRow:
    """Return the row of a security."""
    usual: dict[str, Any] = {
        "symbol": symbol,
        "underlying": symbol[:6].strip(),
        "asset_type": "OPT" if len(symbol) == 21 else "EQ",
        "description": None,
        "quantity": D(quantity),
        "price": None,
        "cost": None if cost is None else D(cost),
        "fee_type": None,
        "position_effect": None,
        "multiplier": D(100 if len(symbol) == 21 else 1),
    }
    return TransferItemRow(**usual | more)


def row(id: int, net: str | None, *items: TransferItemRow, day: float = 0, **more: Any) -> TransactionRow:
    """Return a transaction so many days after the second of March, its id also its minute."""
    at = MORNING + timedelta(days=day, minutes=id % 300)
    usual: dict[str, Any] = {
        "broker_activity_id": str(id),
        "at": at,
        "trade_date": eastern_day(at),
        "settlement_date": None,
        "broker_type": "TRADE",
        "kind": "trade",
        "status": "VALID",
        "sub_account": "MARGIN",
        "broker_order_id": None,
        "net_amount": None if net is None else D(net),
        "fees": D(0),
        "description": "",
        "items": list(items),
    }
    values = usual | more
    return TransactionRow(**values, digest=blake2b(repr(values).encode(), digest_size=16).hexdigest())


def trade(id: int, symbol: str, quantity: str, cost: str, fees: str = "0", **more: Any) -> TransactionRow:
    """Return a trade."""
    return row(id, str(D(cost) - D(fees)), item(symbol, quantity, cost), fees=D(fees), **more)


def cash(id: int, kind: str, net: str, **more: Any) -> TransactionRow:
    """Return a dividend, a deposit …"""
    return row(id, net, kind=kind, broker_type=kind.upper(), **{"fees": None, **more})


def apply(
    account: Account, rows: Sequence[TransactionRow], *, read_at: datetime = NOW, **more: Any
) -> TransactionsChange:
    """Apply a page; its window is so narrow that nothing seems to have vanished unless one is given."""
    window = {"start": read_at, "end": read_at} | {
        name: more.pop(name) for name in ("start", "end") if name in more
    }
    page = TransactionPage(rows=list(rows), read_at=read_at, **window, rejected=more.pop("rejected", []))
    change = apply_transactions(account, page, **more)
    account.refresh_from_db()
    return change


def book(account: Account, *rows: TransactionRow, known_from: str = "2026-01-01") -> None:
    """Read a history whole and match it."""
    apply(account, rows, matching=False)
    match_everything(account, datetime.fromisoformat(known_from).date())
    account.refresh_from_db()


def lots() -> list[object]:
    """Return all lots, open and realized, comparable however they came about."""
    opened = OpenLot.objects.order_by("account_id", "symbol", "id")
    names = (
        "symbol",
        "underlying",
        "asset_type",
        "opened_by",
        "opened_at",
        "quantity",
        "price",
        "cost",
        "fees",
    )
    closed = RealizedLot.objects.order_by("closed_by_id", "opened_by_id", "symbol", "quantity", "id")
    more = ("closed_by", "closed_at", "day", "proceeds", "pl", "unmatched")
    shared = [name for name in names if name != "price"]
    return [*opened.values_list(*names), *closed.values_list(*shared, *more)]


def at_random(rng: random.Random, count: int) -> list[TransactionRow]:
    """Return trades of three shares and a call, with some transfers, ends of options and pending ones among them."""
    rows = []
    for id in range(1, count + 1):
        symbol = rng.choice(["XYZ", "XYZ", CALL, "ABC", "EFG"])
        units = rng.choice([1, 2, 3, 5, 10]) * rng.choice([1, -1])
        price, fees, day = rng.randint(50, 150), rng.randint(0, 99), rng.randint(0, 25)
        kind = rng.choice(["trade"] * 12 + ["moved", "pending"])
        if kind == "moved":
            sort = "option_event" if symbol == CALL else "transfer"
            rows.append(
                row(id, "0", item(symbol, str(units), "0", expiration=None), kind=sort, day=day, fees=None)
            )
            continue
        status = "PENDING" if kind == "pending" else "VALID"
        effect = rng.choice(["OPENING", "CLOSING", None])
        part = item(symbol, str(units), str(-units * price), position_effect=effect)
        net = D(-units * price) - D(fees) / 100
        rows.append(row(id, str(net), part, fees=D(fees) / 100, day=day, status=status))
    return rows
