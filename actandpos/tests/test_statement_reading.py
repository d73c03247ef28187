"""The year's P/L, the statement as a file, what asking again costs, and who may read."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actandpos.models import Account
from actandpos.statement_documentation import YearSoFarSerializer
from actandpos.tests.book import signed_in, trader
from actandpos.tests.statements import PATH, YEAR, get
from actandpos.tests.transactions import NOW, apply, cash, trade

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


def test_the_year_so_far(booked: Account, browser: Client) -> None:
    Account.objects.filter(pk=booked.pk).update(pl_open=Decimal("20.8"))
    answer = browser.get(YEAR, {"account_id": booked.pk}).json()
    assert set(answer) == set(YearSoFarSerializer().fields)
    assert (answer["year"], answer["realized"], answer["open"], answer["total"]) == (
        2026,
        "79.2",
        "20.8",
        "100",
    )
    assert (answer["dividends"], answer["interest"], answer["fees"]) == ("9.5", "-0.25", "1.4")
    assert answer["missing"] == dict.fromkeys(
        ("realized", "total"), "Without one closing of lots that cannot be matched."
    )
    Account.objects.filter(pk=booked.pk).update(pl_open=None)
    unknown = browser.get(YEAR).json()
    assert (unknown["realized"], unknown["open"], unknown["total"]) == ("79.2", None, None)


def test_the_year_begins_in_new_york(booked: Account, owner: User) -> None:
    with time_machine.travel(datetime(2027, 1, 1, 3, 0, tzinfo=UTC), tick=False):
        browser = signed_in(owner)
        assert browser.get(YEAR).json()["year"] == 2026
    with time_machine.travel(datetime(2027, 1, 1, 6, 0, tzinfo=UTC), tick=False):
        answer = browser.get(YEAR).json()
    assert (answer["year"], answer["realized"], answer["dividends"]) == (2027, "0", "0")


def test_the_file(booked: Account, browser: Client) -> None:
    apply(booked, [cash(50, "other", "1", description='=HYPERLINK("x"), "quoted"', day=50)])
    answer = browser.get(f"{PATH}.csv/", {"account_id": booked.pk})
    assert answer["Content-Disposition"] == 'attachment; filename="thor-statement-2026-01-01-2026-11-20.csv"'
    lines = list(csv.reader(io.StringIO(answer.content.decode())))
    assert lines[0] == [
        "# Thor statement, 2026-01-01 to 2026-11-20 (US Eastern days), as of 2026-11-20T22:00:00.000Z"
    ]
    shown = get(browser, account_id=booked.pk)["transactions"]
    assert len(lines) == 2 + len(shown) == 11
    for line, each in zip(lines[2:], shown, strict=True):
        cells = dict(zip(lines[1], line, strict=True))
        for name, value in each.items():
            if name not in ("missing", "description"):
                assert cells[name] == ("" if value is None else str(value)), name
    assert lines[2][lines[1].index("description")] == '\'=HYPERLINK("x"), "quoted"'


def test_once_rendered_it_costs_the_session_the_account_and_one_look(
    booked: Account, browser: Client
) -> None:
    whole = browser.get(PATH, {"account_id": booked.pk})
    with CaptureQueriesContext(connection) as queries:
        again = browser.get(PATH, {"account_id": booked.pk})
    assert again.content == whole.content
    assert len(queries) == 4
    unchanged = browser.get(PATH, {"account_id": booked.pk}, headers={"if-none-match": whole["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    apply(booked, [trade(60, "AAA", "-1", "130", day=60)])
    changed = browser.get(PATH, {"account_id": booked.pk}, headers={"if-none-match": whole["ETag"]})
    assert (changed.status_code, changed["ETag"] == whole["ETag"]) == (200, False)
    assert len(changed.json()["transactions"]) == 9
    checked = changed["ETag"]
    apply(booked, [], read_at=NOW + timedelta(minutes=15))
    later = browser.get(PATH, {"account_id": booked.pk}, headers={"if-none-match": checked})
    assert later.json()["transactions_checked_at"] == "2026-11-20T22:15:00.000Z"


def test_a_writer_in_between_is_never_kept_under_the_older_version(
    booked: Account, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from actandpos.selectors import statement as selectors

    read = selectors.totals_of

    def meanwhile(rows: Any) -> Any:
        monkeypatch.setattr(selectors, "totals_of", read)
        apply(Account.objects.get(pk=booked.pk), [trade(60, "AAA", "-1", "130", day=60)])
        return read(rows)

    monkeypatch.setattr(selectors, "totals_of", meanwhile)
    first = browser.get(PATH)
    assert len(first.json()["transactions"]) == 9
    assert browser.get(PATH).content == first.content


@pytest.mark.parametrize("path", [PATH, f"{PATH}.csv", YEAR])
def test_nobody_elses(path: str, booked: Account) -> None:
    boss = signed_in(trader("boss", is_superuser=True, is_staff=True))
    assert boss.get(path, {"account_id": booked.pk}).status_code == 404
    assert b"AAA" not in boss.get(path).content
    assert (boss.get(path, {"account_id": "x"}).status_code, boss.post(path).status_code) == (400, 405)
    assert Client().get(path).status_code == 401
