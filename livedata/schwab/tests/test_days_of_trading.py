"""Ten thousand generated days of trading: what Thor reads of them obeys the identities of book-keeping."""

import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from actandpos.services import reconcile
from actandpos.services.dayfigures import Fill, Held, Traded, by_symbol, closing, restated
from actandpos.services.lots import match
from actandpos.services.lots_types import Event, Key, Lot
from actandpos.transaction_types import TransactionRow
from actandpos.types import AccountSnapshot, OrderRow
from livedata.schwab.normalizers import read_accounts
from livedata.schwab.orders import read_orders
from livedata.schwab.tests.trading import Broker, multiplier
from livedata.schwab.transactions import read_transactions

HISTORIES, DAYS = 1000, 10
CENT = Decimal("0.01")
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def snapshot(broker: Broker) -> AccountSnapshot:
    """Read the account as the sync does."""
    (reading,) = read_accounts(json.dumps(broker.answer()).encode(), NOW, NOW)
    found: Any = reading
    assert not found.snapshot.rejected
    snapshot: AccountSnapshot = found.snapshot
    return snapshot


def orders(bodies: list[Any]) -> list[OrderRow]:
    """Read an order list."""
    reading = read_orders(json.dumps(bodies).encode())
    assert not reading.rejected
    return [row for rows in reading.by_number.values() for row in rows]


def transactions(bodies: list[Any]) -> list[TransactionRow]:
    """Read a page of transactions."""
    reading = read_transactions(json.dumps(bodies).encode())
    assert not reading.rejected
    return reading.rows


def fills_of(rows: list[OrderRow]) -> list[Fill]:
    """Return the fills as the day's figures take them."""
    return [
        Fill(
            fill.symbol, fill.side, fill.quantity, fill.price, fill.filled_at or NOW, multiplier(fill.symbol)
        )
        for row in rows
        for fill in row.fills
    ]


def events_of(rows: list[TransactionRow]) -> list[Event]:
    """Return the movements as the lots take them."""
    return [
        Event(
            transaction_id=int(row.broker_activity_id),
            key=Key(row.at, row.broker_activity_id.zfill(32)),
            at=row.at,
            day=row.trade_date,
            kind="trade",
            symbol=item.symbol,
            underlying=item.underlying,
            asset_type=item.asset_type,
            quantity=item.quantity or Decimal(0),
            cost=item.cost,
            fees=row.fees or Decimal(0),
            price=item.price,
            multiplier=item.multiplier,
        )
        for row in rows
        if row.kind == "trade"
        for item in row.items
        if item.underlying
    ]


class Book:
    """What Thor knows of one history, added to day by day."""

    def __init__(self) -> None:
        self.filled: Counter[str] = Counter()
        self.paid = self.realized = Decimal(0)
        self.lots: dict[str, list[Lot]] = {}

    def add(self, rows: list[OrderRow], booked: list[TransactionRow]) -> None:
        """Take a day's orders and transactions."""
        for symbol, day in by_symbol(fills_of(rows)).items():
            self.filled[symbol] += int(day.net)
        self.paid += sum((row.net_amount or Decimal(0) for row in booked), Decimal(0))
        found = match(events_of(booked), lots=self.lots)
        self.lots = found.lots
        assert all(each.pl is not None for each in found.realized)
        self.realized += sum((each.pl or Decimal(0) for each in found.realized), Decimal(0))


def check(broker: Broker, book: Book, seen: AccountSnapshot, today: dict[str, Traded]) -> None:
    """Check every identity at the end of a day."""
    rows, balances = seen.positions, seen.balances
    held = {row.symbol: int(row.quantity) for row in rows}
    assert {symbol: units for symbol, units in book.filled.items() if units} == held  # Σ fills = position
    cash = sum((balances.cash or 0, balances.margin_balance or 0, balances.short_balance or 0), Decimal(0))
    assert cash == book.paid  # cash moves = Σ net amounts
    units = {symbol: int(sum(lot.quantity for lot in lots)) for symbol, lots in book.lots.items() if lots}
    assert units == held
    value = sum((row.market_value or Decimal(0) for row in rows), Decimal(0))
    cost = sum((lot.cost or Decimal(0) for lots in book.lots.values() for lot in lots), Decimal(0))
    assert balances.net_liq is not None
    assert book.realized + (value - cost) == balances.net_liq - broker.deposited  # realized + open = total
    assert value == reconcile.implied_market_value(
        balances
    )  # Σ market value = net liq − cash − margin − short
    opened = sum((row.pl_open or Decimal(0) for row in rows), Decimal(0))
    assert abs(opened - (value - cost)) < CENT  # Schwab's open P/L and ours over the same lots
    shown = sum((row.pl_day or Decimal(0) for row in rows), Decimal(0))
    assert abs(shown + closed_profit(broker, held, today) - (broker.worth() - broker.start_worth)) < CENT
    for row in rows:
        assert not _is_restated(broker, row, today)  # Schwab's formula holds here, so it keeps the word


def closed_profit(broker: Broker, held: dict[str, int], today: dict[str, Traded]) -> Decimal:
    """Return the day's P/L of what was closed today, its fees counted in."""
    total = Decimal(0)
    for symbol, day in today.items():
        if symbol not in held:
            before, close = broker.start[symbol]
            found = closing(before or None, None, close, day)
            assert found.pl_day is not None
            total += found.pl_day - broker.fees_today[symbol]
    return total


def _is_restated(broker: Broker, row: Any, today: dict[str, Traded]) -> bool:
    day = today.get(row.symbol)
    start = broker.start[row.symbol][0]
    figures = (row.quantity, row.multiplier, row.mark_price, row.mark_change, row.market_value, row.pl_day)
    return day is not None and restated(Held(*figures, start), day).pl_day is not None


@pytest.mark.parametrize("part", range(10))
def test_the_identities_hold_on_every_day(part: int) -> None:
    for seed in range(part * HISTORIES // 10, (part + 1) * HISTORIES // 10):
        broker, book = Broker(seed), Book()
        told_orders = told_transactions = 0
        for _ in range(DAYS):
            broker.trade_a_while()
            rows = orders(broker.orders[told_orders:])
            book.add(rows, transactions(broker.transactions[told_transactions:]))
            told_orders, told_transactions = len(broker.orders), len(broker.transactions)
            check(broker, book, snapshot(broker), by_symbol(fills_of(rows)))
            broker.begin_day()
            broker.drift()


def test_matching_day_by_day_equals_matching_at_once() -> None:
    for seed in range(200):
        broker, book = Broker(seed), Book()
        told = 0
        for _ in range(DAYS):
            broker.trade_a_while()
            book.add([], transactions(broker.transactions[told:]))
            told = len(broker.transactions)
            broker.begin_day()
        whole = match(events_of(transactions(broker.transactions)))
        assert sum((each.pl or Decimal(0) for each in whole.realized), Decimal(0)) == book.realized
        assert {symbol: lots for symbol, lots in whole.lots.items() if lots} == {
            symbol: lots for symbol, lots in book.lots.items() if lots
        }
