"""Several writers at once: the newest answer wins, whoever comes first, and versions count every change once."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from actandpos import services
from actandpos.models import Account, Position
from actandpos.tests.book import START, account, row, snapshot, trader
from actandpos.types import SnapshotChange

WRITERS = 6


@pytest.mark.django_db(transaction=True)
def test_the_newest_answer_wins() -> None:
    margin = account(trader())
    changes: list[SnapshotChange] = []
    together = threading.Barrier(WRITERS)

    def write(at: int) -> None:
        together.wait()
        try:
            rows = [row(f"S{number}", str(1000 + at)) for number in range(20)]
            changes.append(services.apply_snapshot(margin, snapshot(at, *rows)))
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(at,)) for at in range(WRITERS)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()

    assert len(changes) == WRITERS
    after = Account.objects.get(pk=margin.pk)
    applied = sorted(change.version for change in changes if change.outcome == "applied")
    assert applied == list(range(1, after.version + 1))
    assert {change.outcome for change in changes} <= {"applied", "older"}
    assert after.observed_at is not None
    assert (after.observed_at - START).seconds == WRITERS - 1
    assert set(Position.objects.values_list("market_value", flat=True)) == {Decimal(1000 + WRITERS - 1)}
    assert Position.objects.count() == 20
