"""The story behind the wire: orders and transactions tell the same, and days can be worked out in any order."""

import math
from collections import Counter
from datetime import date, timedelta

import msgspec

from simulator.world.ledger import Ledger
from simulator.world.orders import flat
from simulator.world.transactions import transactions_between
from simulator.world.world import World


def test_orders_and_transactions_tell_the_same() -> None:
    world, now = World("thor"), 1_795_539_600.0
    for account in world.accounts[:3]:
        executed: Counter[tuple[int, str]] = Counter()
        for order in world.orders_between(account, 0, now, now):
            for single in flat(order):
                for leg in single.legs:
                    share = leg.quantity / single.quantity
                    executed[single.order_id, leg.symbol] += round(share * single.filled(now) * 1e6)
        told: Counter[tuple[int, str]] = Counter()
        for item in transactions_between(world, account, 0, now, now):
            row = msgspec.json.decode(item.json)
            if "orderId" in row:
                told[row["orderId"], item.symbol or ""] += round(
                    abs(row["transferItems"][-1]["amount"]) * 1e6
                )
        assert len(told) > 50
        assert told == +executed


def test_a_cash_account_never_owes() -> None:
    world = World("thor")
    for account in (world.accounts[2], world.accounts[6]):
        book = world.start_of_day(account, date(2025, 12, 15))
        day = date(2025, 12, 15)
        while day < date(2027, 1, 1):
            for entry in world.entries(account, day, math.inf):
                book = book.copy()
                book.take(entry)
                assert book.cash > 0
            day += timedelta(days=1)
        assert book.cash == world.start_of_day(account, day).cash


def test_every_day_can_be_reached_at_once_and_step_by_step() -> None:
    straight, wandering = (World("thor").story for _ in range(2))
    assert straight is wandering
    agenda = straight.agendas[2]
    days = [date(2027, 3, 2), date(2026, 2, 28), date(2024, 1, 1), date(2026, 8, 21)]
    for day in days:
        assert Ledger(agenda).start(day) == straight.ledgers[2].start(day)
    assert not straight.ledgers[2].voids
