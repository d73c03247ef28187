"""Transactions and lots in the admin: found quickly, changed by nobody."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actandpos.models import Account, Transaction
from actandpos.tests.book import account, signed_in, trader
from actandpos.tests.transactions import apply, book, trade
from actandpos.transaction_types import RejectedTransactionRow

pytestmark = pytest.mark.django_db
PAGES = ["transaction", "openlot", "realizedlot", "rejectedtransaction", "knownholding"]


@pytest.fixture
def boss() -> Client:
    """A superuser's browser."""
    return signed_in(trader("boss", is_superuser=True, is_staff=True))


def fill(number: int) -> Account:
    """Make an account with lots of everything."""
    made = account(trader(f"trader{number}"), f"Margin …{number:04}", str(number))
    book(made, trade(1, f"S{number}", "10", "-100"), trade(2, f"S{number}", "-4", "80", day=1))
    apply(made, [], rejected=[RejectedTransactionRow(key="secret-key", reason="It was odd.")])
    made.known_holdings.create(symbol="AAA", quantity=1)
    return made


@pytest.mark.parametrize("page", PAGES)
def test_lists_take_as_many_queries_for_many_rows(page: str, boss: Client) -> None:
    counts = []
    for number in range(1, 9):
        fill(number)
        if number in (2, 8):
            with CaptureQueriesContext(connection) as captured:
                assert boss.get(f"/admin/actandpos/{page}/").status_code == 200
            counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_transaction_is_found_by_its_symbol_with_its_rows_and_not_changed(boss: Client) -> None:
    fill(1)
    fill(2)
    listed = boss.get("/admin/actandpos/transaction/", {"q": "S1"}).content.decode()
    assert "…0001" in listed
    assert listed.count('class="action-select"') == 2 or "2 transactions" in listed
    first = Transaction.objects.filter(account__display_name="Margin …0001").earliest("at")
    address = f"/admin/actandpos/transaction/{first.pk}/change/"
    page = boss.get(address).content.decode()
    assert "S1" in page
    assert "-100.0000" in page
    assert first.digest not in page
    assert 'name="net_amount"' not in page
    assert boss.post(address, {"net_amount": "1"}).status_code == 403
    assert boss.get("/admin/actandpos/realizedlot/add/").status_code == 403
    assert b"secret-key" not in boss.get("/admin/actandpos/rejectedtransaction/").content
