"""The statement over HTTP: what it lists, what it adds up to, what it does not know."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client

from actandpos import services
from actandpos.models import Account, Order
from actandpos.services.transactions import set_lot_method
from actandpos.statement_documentation import StatementSerializer, TransactionSerializer
from actandpos.tests.book import START, account, order
from actandpos.tests.statements import PATH, YEAR, get
from actandpos.tests.transactions import apply, book, item, row, trade
from actandpos.transaction_types import RejectedTransactionRow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


def test_rows_and_their_spelling(booked: Account, browser: Client) -> None:
    answer = get(browser, account_id=booked.pk)
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


def test_what_it_adds_up_to(booked: Account, browser: Client) -> None:
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


def test_what_could_not_be_read_is_listed(booked: Account, browser: Client) -> None:
    apply(booked, [], rejected=[RejectedTransactionRow(key="9", reason="It was odd.")])
    assert get(browser)["rejected"] == [{"reason": "It was odd.", "seen_at": "2026-11-20T22:00:00.000Z"}]


def test_a_method_that_thor_does_not_know_is_said(booked: Account, browser: Client) -> None:
    set_lot_method(booked, "TAX_OPTIMIZER")
    answer = get(browser)
    assert answer["method"] == "FIFO"
    assert "TAX_OPTIMIZER, which Thor does not know" in answer["missing"]["method"]
    set_lot_method(booked, "LIFO")
    assert get(browser)["method"] == "LIFO"


def test_an_order_that_comes_later_is_found(booked: Account, browser: Client) -> None:
    get(browser)
    services.apply_orders(booked, [order("77")], START, window_start=START - timedelta(days=1))
    sold = next(each for each in get(browser)["transactions"] if each["amount"] == "480")
    assert sold["order_id"] == Order.objects.get().pk


def test_several_securities_in_one_are_added_up(owner: User, browser: Client) -> None:
    book(account(owner), row(1, "-30", item("AAA", "1", "-10"), item("BBB", "2", "-20")))
    (both,) = get(browser)["transactions"]
    assert (both["symbol"], both["quantity"], both["amount"]) == ("AAA", "1", "-30")
