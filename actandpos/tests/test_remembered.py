"""What a process keeps of its own writing spares reading, and changes nothing."""

import random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from actandpos import services
from actandpos.models import Account, Position, RejectedRow
from actandpos.services import remembered
from actandpos.tests.book import account, apply, row, snapshot, trader
from actandpos.types import RejectedRow as RejectedValue
from actandpos.types import SnapshotChange

pytestmark = pytest.mark.django_db(transaction=True)
HELD = Position._meta.db_table
NAMES = [
    field.attname for field in Position._meta.concrete_fields if field.attname not in ("id", "account_id")
]


def selects(margin: Account, at: int, *rows: Any) -> tuple[SnapshotChange, int]:
    """Apply an answer and return how often positions were read meanwhile."""
    with CaptureQueriesContext(connection) as queries:
        change = services.apply_snapshot(margin, snapshot(at, *rows))
    reads = [each["sql"] for each in queries if each["sql"].startswith("SELECT") and HELD in each["sql"]]
    return change, len(reads)


def held(margin: Account) -> list[tuple[Any, ...]]:
    """Return every column of the account's rows."""
    return list(Position.objects.filter(account=margin).order_by("symbol").values_list(*NAMES))


def test_what_this_process_wrote_is_not_read_back() -> None:
    margin = account(trader())
    assert selects(margin, 1, row("AAA"), row("BBB"))[1] > 0
    ids = set(Position.objects.values_list("id", flat=True))
    change, reads = selects(margin, 2, row("AAA", "1100"), row("BBB"))
    assert (change.outcome, change.rows_written, reads) == ("applied", 1, 0)
    assert set(change.changed_ids) < ids
    change, reads = selects(margin, 3, row("AAA", "1100"), row("BBB"))
    assert (change.outcome, change.rows_written, reads) == ("unchanged", 0, 0)


def test_what_another_wrote_is_read() -> None:
    margin = account(trader())
    apply(margin, 1, row("AAA"))
    services.set_descriptions(margin.pk, {"AAA": "FICTIONAL INC"})
    change, reads = selects(margin, 2, row("AAA"))
    assert (change.outcome, change.base_version) == ("unchanged", 2)
    assert reads > 0


def test_what_was_rolled_back_is_not_kept() -> None:
    margin = account(trader())
    apply(margin, 1, row("AAA"))
    with transaction.atomic():
        services.apply_snapshot(margin, snapshot(2, row("AAA", "1200")))
        transaction.set_rollback(True)
    change, _ = selects(margin, 2, row("AAA", "1200"))
    assert change.rows_written == 1
    assert [each.market_value for each in Position.objects.all()] == [1200]


def test_a_row_that_is_gone_from_under_its_id_is_written_anew() -> None:
    margin = account(trader())
    apply(margin, 1, row("AAA"), row("BBB"))
    Position.objects.filter(symbol="AAA").delete()
    change, _ = selects(margin, 2, row("AAA", "1300"), row("BBB", "1400"))
    assert [value[NAMES.index("market_value")] for value in held(margin)] == [1300, 1400]
    stored = dict(Position.objects.values_list("symbol", "id"))
    assert change.changed_ids == [stored["AAA"], stored["BBB"]]


def test_any_text_and_null_can_take_the_place_of_what_is_stored() -> None:
    margin = account(trader())
    apply(margin, 1, row("AAA"), row("BBB", description="KEPT"), row("CCC"))
    odd = "A\tB\nC\\N \"q\" 'q' é✓ {},NULL"
    missing = {"pl_day": 'so\t"it"\\n is'}
    changed = [
        row("AAA", description=odd, missing=missing, underlying=""),
        row("BBB", "1100", pl_day=None, underlying="NULL"),
        row("CCC"),
    ]
    assert selects(margin, 2, *changed)[0].rows_written == 2
    stored = {each.symbol: each for each in Position.objects.all()}
    assert (stored["AAA"].description, stored["AAA"].missing) == (odd, missing)
    assert (stored["AAA"].underlying, stored["BBB"].underlying) == ("", "NULL")
    assert (stored["BBB"].description, stored["BBB"].pl_day) == ("KEPT", None)


def test_unreadable_rows_of_an_earlier_answer_go_with_the_next_good_one() -> None:
    margin = account(trader())
    apply(margin, 1, row("AAA"))
    apply(margin, 2, row("AAA"), rejected=[RejectedValue(symbol="BBB", reason="odd")])
    assert RejectedRow.objects.count() == 1
    apply(margin, 3, row("AAA"))
    assert RejectedRow.objects.count() == 0


def test_the_accounts_without_an_answer_for_longest_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "ROWS_KEPT", 3)
    one, other = account(trader()), account(trader("other"), identity="two")
    apply(one, 1, row("AAA"), row("BBB"))
    apply(other, 1, row("AAA"), row("BBB"))
    assert selects(other, 2, row("AAA"), row("BBB"))[1] == 0
    assert selects(one, 2, row("AAA"), row("BBB"))[1] > 0


def test_answers_end_the_same_with_and_without_memory() -> None:
    rng = random.Random(5)
    kept, fresh = account(trader()), account(trader("fresh"), identity="two")
    for at in range(1, 25):
        rows = [row(name, str(rng.choice([1000, 1100]))) for name in "ABCDE" if rng.random() < 0.8]
        rejected = [RejectedValue(symbol="A", reason="odd")] if rng.random() < 0.2 else []
        rows = [each for each in rows if not rejected or each.symbol != "A"]
        with_memory = apply(kept, at, *rows, rejected=rejected)
        remembered.forget(fresh.pk)
        without = apply(fresh, at, *rows, rejected=rejected)
        assert held(kept) == held(fresh)
        for name in ("outcome", "version", "balances_changed", "rows_written"):
            assert getattr(with_memory, name) == getattr(without, name)
        assert len(with_memory.changed_ids) == len(without.changed_ids)
    assert (kept.pl_day, kept.net_liq, kept.missing) == (fresh.pl_day, fresh.net_liq, fresh.missing)
