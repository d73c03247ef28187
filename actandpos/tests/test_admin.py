"""The book in the admin: found quickly, changed by nobody."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actandpos import services
from actandpos.models import Account, Order
from actandpos.tests.book import START, account, apply, order, row, signed_in, trader
from actandpos.types import FillRow, RejectedRow

pytestmark = pytest.mark.django_db
PAGES = ["account", "position", "order", "rejectedrow"]


@pytest.fixture
def boss() -> Client:
    """A superuser's browser."""
    return signed_in(trader("boss", is_superuser=True, is_staff=True))


def fill(owner: User, number: int) -> Account:
    """Make an account with something of everything."""
    made = account(owner, f"Margin …{number:04}", str(number))
    apply(made, 1, row(f"S{number}"), row("AAA"), rejected=[RejectedRow(symbol="BAD", reason="odd")])
    services.apply_orders(made, [order(str(number))], START, window_start=START)
    return made


@pytest.mark.parametrize("page", PAGES)
def test_lists_take_as_many_queries_for_many_rows(page: str, boss: Client) -> None:
    address = f"/admin/actandpos/{page}/"
    counts = []
    for number in range(1, 13):
        fill(trader(f"trader{number}"), number)
        if number in (2, 12):
            with CaptureQueriesContext(connection) as captured:
                assert boss.get(address).status_code == 200
            counts.append(len(captured))
    assert counts[0] == counts[1]


def test_accounts_are_found_and_not_changed(boss: Client) -> None:
    made = fill(trader("ann"), 4321)
    fill(trader("bob"), 8765)
    listed = boss.get("/admin/actandpos/account/", {"q": "ann"}).content.decode()
    assert "…4321" in listed
    assert "…8765" not in listed
    page = boss.get(f"/admin/actandpos/account/{made.pk}/change/").content.decode()
    assert f"?account__id__exact={made.pk}" in page
    assert "2 positions" in page
    assert made.identity not in _values(page)
    assert 'name="net_liq"' not in page
    assert boss.post(f"/admin/actandpos/account/{made.pk}/change/", {"net_liq": "1"}).status_code == 403
    assert boss.post(f"/admin/actandpos/account/{made.pk}/delete/", {"post": "yes"}).status_code == 403
    assert boss.get("/admin/actandpos/position/add/").status_code == 403


def _values(page: str) -> list[str]:
    """Return the texts that the admin shows as values."""
    return [part.split("</div>")[0].strip() for part in page.split('<div class="readonly">')[1:]]


def test_positions_of_one_account(boss: Client) -> None:
    one = fill(trader("ann"), 1)
    fill(trader("bob"), 2)
    page = boss.get(
        "/admin/actandpos/position/", {"account__id__exact": str(one.pk), "q": "S"}
    ).content.decode()
    assert "S1" in page
    assert ">S2<" not in page


def test_an_order_is_seen_with_its_parts_and_not_changed(boss: Client) -> None:
    made = account(trader("ann"), "Margin …4321", "an identity")
    at = START + timedelta(seconds=3)
    fills = [
        FillRow(
            key=str(key),
            leg_id=1,
            symbol="XYZ",
            side="BUY",
            quantity=Decimal(1),
            price=Decimal(9),
            filled_at=at,
        )
        for key in range(7)
    ]
    services.apply_orders(made, [order("1", fills=fills[:2])], START, window_start=START)
    address = f"/admin/actandpos/order/{Order.objects.get().pk}/change/"
    with CaptureQueriesContext(connection) as few:
        boss.get(address)
    later = START + timedelta(seconds=9)
    services.apply_orders(made, [order("1", status="PENDING_CANCEL", fills=fills)], later, window_start=START)
    with CaptureQueriesContext(connection) as many:
        page = boss.get(address).content.decode()
    assert "Status WORKING → PENDING_CANCEL" in page
    assert page.count("BUY 1.000000 XYZ at 9.00000000") == 7
    assert len(many) <= len(few)  # the first page also learns the content types
    assert Order.objects.get().digest not in page
    assert made.identity not in page
    assert boss.post(address, {"status": "FILLED"}).status_code == 403
