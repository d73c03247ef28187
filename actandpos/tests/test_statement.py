"""The statement over HTTP: what it lists, what it adds up to, what it does not know, and what it costs."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actandpos import services
from actandpos.models import Account, Order
from actandpos.services.transactions import set_lot_method
from actandpos.statement_documentation import StatementSerializer, TransactionSerializer, YearSoFarSerializer
from actandpos.tests.book import START, account, order, signed_in, trader
from actandpos.tests.transactions import NOW, apply, book, cash, item, row, trade
from actandpos.transaction_types import RejectedTransactionRow

pytestmark = pytest.mark.django_db
PATH, YEAR = "/api/actandpos/statement", "/api/actandpos/pl_ytd"


@pytest.fixture(autouse=True)
def friday() -> Any:
    """Let it be Friday evening in New York."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mine(owner: User) -> Account:
    """An account with a little of everything, read since January; the second of March is day 0."""
    made = account(owner)
    book(
        made,
        cash(1, "deposit", "5000", description="EXAMPLE BANK"),
        trade(2, "AAA", "10", "-1000", "1", day=1),
        trade(3, "AAA", "-4", "480", "0.4", day=2, broker_order_id="77"),
        cash(4, "dividend", "9.5", day=40),
        cash(5, "interest", "-0.25", day=41),
        cash(6, "withdrawal", "-100", day=42),
        trade(7, "BBB", "-5", "50", day=43),
        trade(8, "AAA", "-1", "130", day=43, status="PENDING"),
    )
    return made


def get(browser: Client, **query: Any) -> dict[str, Any]:
    """Return the statement."""
    answer = browser.get(PATH, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_rows_and_their_spelling(mine: Account, browser: Client) -> None:
    answer = get(browser, account_id=mine.pk)
    assert list(answer) == ["account_id", "from", "to", "transactions_checked_at", *list(answer)[4:]]
    assert set(answer) == set(StatementSerializer().fields)
    assert (answer["from"], answer["to"], answer["known_from"]) == ("2026-01-01", "2026-11-20", "2026-01-01")
    assert answer["transactions_checked_at"] == "2026-11-20T22:00:00.000Z"
    assert len(answer["transactions"]) == 8
    assert list(answer["transactions"][0]) == list(TransactionSerializer().fields)
    assert [each["at"] for each in answer["transactions"]] == sorted(
        (each["at"] for each in answer["transactions"]), reverse=True
    )
    sold = next(each for each in answer["transactions"] if each["amount"] == "480")
    assert (sold["symbol"], sold["quantity"], sold["fees"], sold["net_amount"]) == (
        "AAA",
        "-4",
        "0.4",
        "479.6",
    )
    assert (sold["kind"], sold["trade_date"], sold["order_id"], sold["missing"]) == (
        "trade",
        "2026-03-04",
        None,
        {},
    )
    paid = next(each for each in answer["transactions"] if each["kind"] == "deposit")
    assert (paid["symbol"], paid["amount"], paid["fees"], paid["description"]) == (
        None,
        "5000",
        None,
        "EXAMPLE BANK",
    )
    assert paid["missing"]["symbol"] == "No security moved."


def test_what_it_adds_up_to(mine: Account, browser: Client) -> None:
    answer = get(browser)
    # 4 of 10 bought for 1000 with 1 of fees: 480 − 400 − 0.4 − 0.4. Nobody knows what BBB cost.
    assert answer["totals"] == {
        "realized_pl": "79.2",
        "fees": "1.4",
        "dividends": "9.5",
        "interest": "-0.25",
        "deposits": "5000",
        "withdrawals": "-100",
        "net_amount": str(
            Decimal("5000") - 1001 + Decimal("479.6") + Decimal("9.5") - Decimal("0.25") - 100 + 50
        ),
        "transactions": 7,
    }
    realized = answer["realized"]
    assert realized["by_day"] == [{"day": "2026-03-04", "pl": "79.2", "fees": "0.8"}]
    assert realized["by_month"] == [{"month": "2026-03", "pl": "79.2", "fees": "0.8"}]
    assert realized["by_year"] == [{"year": 2026, "pl": "79.2", "fees": "0.8"}]
    first, second = realized["by_symbol"]
    assert (first["symbol"], first["proceeds"], first["cost"], first["pl"], first["unmatched_quantity"]) == (
        *("AAA", "480", "-400"),
        *("79.2", "0"),
    )
    assert (second["symbol"], second["quantity"], second["pl"], second["unmatched_quantity"]) == (
        "BBB",
        "5",
        None,
        "5",
    )
    (loose,) = answer["unmatched"]
    assert (loose["symbol"], loose["quantity"]) == ("BBB", "5")
    assert "known history" in loose["reason"]
    assert answer["missing"] == {"realized_pl": "Without one closing of lots that cannot be matched."}
    assert answer["method"] == "FIFO"


def test_days_are_eastern_and_both_included(owner: User, browser: Client) -> None:
    made = account(owner)
    late = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)  # 10 in the evening of the first in New York
    book(made, row(1, "5", kind="dividend", at=late, trade_date=date(2026, 4, 1)))
    for first, last, count in [
        ("2026-04-01", "2026-04-01", 1),
        ("2026-04-02", "2026-04-02", 0),
        ("2026-03-01", "2026-03-31", 0),
    ]:
        assert get(browser, **{"from": first, "to": last})["totals"]["transactions"] == count


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-02-01", "to": "2026-01-01"},
        {"from": "yesterday"},
        {"to": "2026-13-01"},
        {"from": "2026-02-30"},
    ],
)
@pytest.mark.parametrize("path", [PATH, f"{PATH}.csv"])
def test_a_range_that_is_none_is_refused(path: str, query: dict[str, str], browser: Client) -> None:
    answer = browser.get(path, query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_range")


def test_what_was_never_read_or_not_so_far_back_is_said(owner: User, browser: Client) -> None:
    made = account(owner)
    answer = get(browser)
    assert (answer["transactions_checked_at"], answer["known_from"]) == (None, None)
    assert answer["totals"]["realized_pl"] is answer["totals"]["fees"] is None
    assert answer["missing"]["transactions"] == f"{made.display_name}: transactions were not read yet."
    assert browser.get(YEAR).json()["missing"]["realized"] == answer["missing"]["transactions"]
    apply(made, [trade(1, "AAA", "1", "-1")], matching=False)
    assert "still being read" in get(browser)["missing"]["realized_pl"]
    book(made, known_from="2026-02-03")
    assert get(browser)["missing"]["realized_pl"].endswith("nothing before 2026-02-03 is in the book.")
    assert get(browser, **{"from": "2026-02-03"})["missing"] == {}
    year = browser.get(YEAR).json()
    assert (year["realized"], year["total"]) == (None, None)
    assert year["missing"]["total"] == year["missing"]["realized"]


def test_what_could_not_be_read_is_listed(mine: Account, browser: Client) -> None:
    apply(mine, [], rejected=[RejectedTransactionRow(key="9", reason="It was odd.")])
    assert get(browser)["rejected"] == [{"reason": "It was odd.", "seen_at": "2026-11-20T22:00:00.000Z"}]


def test_a_method_that_thor_does_not_know_is_said(mine: Account, browser: Client) -> None:
    set_lot_method(mine, "TAX_OPTIMIZER")
    answer = get(browser)
    assert answer["method"] == "FIFO"
    assert "TAX_OPTIMIZER, which Thor does not know" in answer["missing"]["method"]
    set_lot_method(mine, "LIFO")
    assert get(browser)["method"] == "LIFO"


def test_an_order_that_comes_later_is_found(mine: Account, browser: Client) -> None:
    get(browser)
    services.apply_orders(mine, [order("77")], START, window_start=START - timedelta(days=1))
    sold = next(each for each in get(browser)["transactions"] if each["amount"] == "480")
    assert sold["order_id"] == Order.objects.get().pk


def test_several_securities_in_one_are_added_up(owner: User, browser: Client) -> None:
    book(account(owner), row(1, "-30", item("AAA", "1", "-10"), item("BBB", "2", "-20")))
    (both,) = get(browser)["transactions"]
    assert (both["symbol"], both["quantity"], both["amount"]) == ("AAA", "1", "-30")


def test_the_year_so_far(mine: Account, browser: Client) -> None:
    Account.objects.filter(pk=mine.pk).update(pl_open=Decimal("20.8"))
    answer = browser.get(YEAR, {"account_id": mine.pk}).json()
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
    Account.objects.filter(pk=mine.pk).update(pl_open=None)
    unknown = browser.get(YEAR).json()
    assert (unknown["realized"], unknown["open"], unknown["total"]) == ("79.2", None, None)


def test_the_year_begins_in_new_york(mine: Account, owner: User) -> None:
    with time_machine.travel(datetime(2027, 1, 1, 3, 0, tzinfo=UTC), tick=False):
        browser = signed_in(owner)
        assert browser.get(YEAR).json()["year"] == 2026
    with time_machine.travel(datetime(2027, 1, 1, 6, 0, tzinfo=UTC), tick=False):
        answer = browser.get(YEAR).json()
    assert (answer["year"], answer["realized"], answer["dividends"]) == (2027, "0", "0")


def test_the_file(mine: Account, browser: Client) -> None:
    apply(mine, [cash(50, "other", "1", description='=HYPERLINK("x"), "quoted"', day=50)])
    answer = browser.get(f"{PATH}.csv/", {"account_id": mine.pk})
    assert answer["Content-Disposition"] == 'attachment; filename="thor-statement-2026-01-01-2026-11-20.csv"'
    lines = list(csv.reader(io.StringIO(answer.content.decode())))
    assert lines[0] == [
        "# Thor statement, 2026-01-01 to 2026-11-20 (US Eastern days), as of 2026-11-20T22:00:00.000Z"
    ]
    shown = get(browser, account_id=mine.pk)["transactions"]
    assert len(lines) == 2 + len(shown) == 11
    for line, each in zip(lines[2:], shown, strict=True):
        cells = dict(zip(lines[1], line, strict=True))
        for name, value in each.items():
            if name not in ("missing", "description"):
                assert cells[name] == ("" if value is None else str(value)), name
    assert lines[2][lines[1].index("description")] == '\'=HYPERLINK("x"), "quoted"'


def test_once_rendered_it_costs_the_session_the_account_and_one_look(mine: Account, browser: Client) -> None:
    whole = browser.get(PATH, {"account_id": mine.pk})
    with CaptureQueriesContext(connection) as queries:
        again = browser.get(PATH, {"account_id": mine.pk})
    assert again.content == whole.content
    assert len(queries) == 4
    unchanged = browser.get(PATH, {"account_id": mine.pk}, headers={"if-none-match": whole["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    apply(mine, [trade(60, "AAA", "-1", "130", day=60)])
    changed = browser.get(PATH, {"account_id": mine.pk}, headers={"if-none-match": whole["ETag"]})
    assert (changed.status_code, changed["ETag"] == whole["ETag"]) == (200, False)
    assert len(changed.json()["transactions"]) == 9
    checked = changed["ETag"]
    apply(mine, [], read_at=NOW + timedelta(minutes=15))
    later = browser.get(PATH, {"account_id": mine.pk}, headers={"if-none-match": checked})
    assert later.json()["transactions_checked_at"] == "2026-11-20T22:15:00.000Z"


def test_a_writer_in_between_is_never_kept_under_the_older_version(
    mine: Account, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from actandpos.selectors import statement as selectors

    read = selectors.totals_of

    def meanwhile(rows: Any) -> Any:
        monkeypatch.setattr(selectors, "totals_of", read)
        apply(Account.objects.get(pk=mine.pk), [trade(60, "AAA", "-1", "130", day=60)])
        return read(rows)

    monkeypatch.setattr(selectors, "totals_of", meanwhile)
    first = browser.get(PATH)
    assert len(first.json()["transactions"]) == 9
    assert browser.get(PATH).content == first.content


@pytest.mark.parametrize("path", [PATH, f"{PATH}.csv", YEAR])
def test_nobody_elses(path: str, mine: Account) -> None:
    boss = signed_in(trader("boss", is_superuser=True, is_staff=True))
    assert boss.get(path, {"account_id": mine.pk}).status_code == 404
    assert b"AAA" not in boss.get(path).content
    assert (boss.get(path, {"account_id": "x"}).status_code, boss.post(path).status_code) == (400, 405)
    assert Client().get(path).status_code == 401
