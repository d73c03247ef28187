"""Lots in the database: in any batches as all at once, and at the cost of what is new."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actandpos.models import Account, KnownHolding, OpenLot, RealizedLot, Transaction, TransferItem
from actandpos.services import realized
from actandpos.services.transactions import match_everything, set_lot_method
from actandpos.tests.book import account, trader
from actandpos.tests.book import apply as hold
from actandpos.tests.book import row as held
from actandpos.tests.transactions import CALL, NOW, apply, at_random, book, cash, lots, trade
from actandpos.transaction_types import IGNORED

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def mine(owner: User) -> Account:
    """An account of which nothing is held."""
    return account(owner)


def from_scratch(*accounts: Account) -> list[object]:
    """Make the lots of some accounts anew and return all."""
    for each in accounts:
        realized.rematch(Account.objects.get(pk=each.pk))
    return lots()


@pytest.mark.parametrize("knows", [True, False])
def test_in_any_batches_and_order_the_lots_are_as_made_at_once(mine: Account, *, knows: bool) -> None:
    rng = random.Random(27182818 + knows)
    for case in range(12):
        Transaction.objects.all().delete()
        if knows:
            hold(mine, case + 1, held("XYZ"), held("ABC", quantity=D("-3.000000")))
            Account.objects.filter(pk=mine.pk).update(
                observed_at=NOW - timedelta(days=270) + timedelta(days=case)
            )
            mine.refresh_from_db()
        rows = at_random(rng, 40)
        first = sorted(rng.sample(rows, 15), key=lambda each: each.at)
        book(mine, *first)
        rest = [each for each in rows if each not in first]
        if rng.random() < 0.5:
            rest.sort(key=lambda each: each.at)
        while rest:
            size = rng.randint(1, 9)
            apply(mine, rest[:size])
            rest = rest[size:]
        before = lots()
        assert before == from_scratch(mine), case
        counted = Transaction.objects.exclude(status__in=IGNORED)
        assert sum(each.net_amount or 0 for each in counted) == sum(
            each.net_amount for each in rows if each.net_amount is not None and each.status == "VALID"
        )


def test_a_correction_and_one_that_is_gone_make_only_their_symbol_anew(mine: Account) -> None:
    book(
        mine, trade(1, "AAA", "10", "-100"), trade(2, "BBB", "10", "-100"), trade(3, "AAA", "-4", "80", day=1)
    )
    ids = set(OpenLot.objects.filter(symbol="BBB").values_list("id", flat=True))
    change = apply(mine, [trade(1, "AAA", "10", "-200")])
    assert (change.rewritten, change.symbols_rebuilt) == (1, 1)
    assert RealizedLot.objects.get().pl == 0
    assert set(OpenLot.objects.filter(symbol="BBB").values_list("id", flat=True)) == ids
    moved = apply(mine, [trade(1, "CCC", "10", "-200")])
    assert (moved.rewritten, moved.symbols_rebuilt) == (1, 2)
    assert list(OpenLot.objects.order_by("symbol").values_list("symbol", "quantity")) == [
        ("BBB", 10),
        ("CCC", 10),
    ]
    before = lots()
    assert before == from_scratch(mine)


def test_a_pending_one_counts_when_it_is_valid(mine: Account) -> None:
    book(mine, trade(1, "AAA", "10", "-100", status="PENDING"))
    assert not OpenLot.objects.exists()
    apply(mine, [trade(1, "AAA", "10", "-100")])
    assert OpenLot.objects.get().cost == 100


def test_nothing_is_written_and_no_version_moves_when_nothing_is_new(mine: Account) -> None:
    rows = [trade(1, "AAA", "10", "-100"), cash(2, "dividend", "3.5", day=1)]
    book(mine, *rows)
    version = mine.transactions_version
    with CaptureQueriesContext(connection) as queries:
        change = apply(mine, rows, read_at=NOW + timedelta(minutes=15))
    assert (change.rows_written, mine.transactions_version) == (0, version)
    assert mine.transactions_checked_at == NOW + timedelta(minutes=15)
    table = Transaction._meta.db_table
    writing = [
        each["sql"] for each in queries if table in each["sql"] and not each["sql"].startswith("SELECT")
    ]
    assert all("WHERE" in each and "IN (NULL)" not in each for each in writing)
    assert len(queries) < 20


def many(mine: Account, count: int) -> None:
    """Put a large history into the book, quickly: pairs of a buy and a sale over fifty symbols."""
    rows = [
        trade(
            id,
            f"S{id % 50:02}",
            "10" if id % 100 < 50 else "-5",
            "-100" if id % 100 < 50 else "60",
            day=id / 300,
        )
        for id in range(1, count + 1)
    ]
    book(mine, *rows)


def test_ten_new_among_ten_thousand_cost_by_what_is_new(mine: Account, owner: User) -> None:
    few = account(owner, identity="few")
    new = [trade(20_000 + id, f"S{id:02}", "-3", "36", day=60) for id in range(10)]
    counts = []
    for each, size in ((few, 300), (mine, 10_000)):
        many(each, size)
        before = RealizedLot.objects.filter(account=each).count()
        with CaptureQueriesContext(connection) as queries:
            change = apply(each, new)
        assert (change.added, change.symbols_rebuilt) == (10, 0)
        assert RealizedLot.objects.filter(account=each).count() == before + 10
        # Ten closings, and the ten lots that they took from.
        assert change.lots_written <= 25
        counts.append(len(queries))
    assert Transaction.objects.filter(account=mine).count() == 10_010
    assert counts[0] == counts[1] <= 30


def test_another_method_matches_anew_and_an_unknown_one_is_fifo(mine: Account) -> None:
    book(
        mine,
        trade(1, "AAA", "10", "-100"),
        trade(2, "AAA", "10", "-200"),
        trade(3, "AAA", "-10", "150", day=1),
    )
    assert RealizedLot.objects.get().pl == 50
    assert set_lot_method(mine, "HIGH_COST")
    assert RealizedLot.objects.get().pl == -50
    mine.refresh_from_db()
    assert set_lot_method(mine, "BY_THE_MOON")
    assert RealizedLot.objects.get().pl == 50
    assert not set_lot_method(mine, "BY_THE_MOON")
    assert not set_lot_method(mine, "")


def test_what_is_held_when_a_history_ends_says_what_was_held_before_it(mine: Account) -> None:
    hold(mine, 1, held("AAA"), held("OLD"))
    book(mine, trade(1, "AAA", "4", "-40"), trade(2, "GONE", "-7", "70"))
    assert dict(KnownHolding.objects.values_list("symbol", "quantity")) == {"AAA": 10, "OLD": 10}
    opened = OpenLot.objects.order_by("symbol", "id").values_list("symbol", "quantity", "cost")
    assert list(opened) == [("AAA", 6, None), ("AAA", 4, 40), ("OLD", 10, None)]
    assert RealizedLot.objects.values_list("symbol", "quantity", "pl").get() == ("GONE", 7, None)
    # More of the past turns up: what is held stays the end of it.
    apply(mine, [trade(9, "GONE", "7", "-63", day=-5)], matching=False)
    match_everything(mine, mine.transactions_known_from)
    assert RealizedLot.objects.values_list("quantity", "pl").get() == (7, 7)


def test_a_digit_too_many_is_refused_with_its_reason(mine: Account) -> None:
    change = apply(mine, [trade(1, "AAA", "1", "-123456789012")])
    assert (change.added, Transaction.objects.count()) == (0, 0)
    (refused,) = mine.rejected_transactions.all()
    assert "15 in all" in refused.reason
    assert TransferItem.objects.count() == 0


def test_an_options_lots_are_its_own(mine: Account) -> None:
    book(mine, trade(1, CALL, "-1", "250", "0.66", sub_account="SHORT"), trade(2, "XYZ", "100", "-9000"))
    assert dict(OpenLot.objects.values_list("symbol", "cost")) == {CALL: D("-249.34"), "XYZ": 9000}


def lots_of(of: Account) -> list[object]:
    """Return the lots of one account."""
    OpenLot.objects.exclude(account=of).delete()
    RealizedLot.objects.exclude(account=of).delete()
    return lots()


def test_nobody_elses_lots_are_touched(mine: Account) -> None:
    hers = account(trader("other"), identity="hers")
    book(hers, trade(1, "AAA", "10", "-100"))
    before = lots()
    book(mine, trade(1, "AAA", "-10", "100"))
    apply(mine, [trade(2, "AAA", "3", "-30", day=1)])
    assert len(lots()) > len(before)
    assert lots_of(hers) == before
