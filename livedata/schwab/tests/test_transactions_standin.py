"""A year of transactions of the stand-in Schwab: what is left of all lots is what it says is held."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from actandpos.models import Account, OpenLot, RealizedLot, Transaction
from livedata.schwab import services
from livedata.schwab.models import HistoryProgress
from livedata.schwab.tests.people import signed_in_at
from livedata.schwab.tests.standin import StandIn
from livedata.schwab.transactionsync import read_window

pytestmark = pytest.mark.django_db
CENT = Decimal("0.02")


def test_a_year_of_transactions_agrees_with_the_positions(standin: StandIn) -> None:
    standin.control("clock", freeze=True)
    connection = signed_in_at(standin)
    services.sync_connection(connection, "connect")
    client = Client()
    client.force_login(connection.owner)
    first = (timezone.now() - timedelta(days=364)).date().isoformat()
    accounts = Account.objects.filter(display_name__regex="^(Trading|Options) ").order_by("id")
    assert len(accounts) == 2
    for account in accounts:
        body = {"account_id": account.pk, "kind": "transactions", "from": first}
        assert client.post("/api/schwab/history/", body, content_type="application/json").status_code == 202
        while read_window(account.pk, "manual") == "more":
            pass
    told = client.get("/api/schwab/history/").json()
    assert {each["state"] for each in told} == {"done"}
    assert HistoryProgress.objects.filter(error_code="").count() == 2
    assert {"trade", "option_event", "dividend", "interest", "deposit", "withdrawal", "transfer"} <= set(
        Transaction.objects.values_list("kind", flat=True)
    )
    for account in accounts:
        agrees(account)
    answer = client.get("/api/actandpos/statement", {"from": first}).json()
    assert answer["totals"]["transactions"] == Transaction.objects.count()
    net = total(Transaction.objects.values_list("net_amount", flat=True))
    assert Decimal(answer["totals"]["net_amount"]) == net
    gains = total(RealizedLot.objects.exclude(pl=None).values_list("pl", flat=True))
    assert Decimal(answer["totals"]["realized_pl"]) == gains != 0


def total(values: Iterable[Decimal | None]) -> Decimal:
    """Add up what is known."""
    return sum((value for value in values if value is not None), Decimal(0))


def agrees(account: Account) -> None:
    """Lots add up to the positions, and where every lot's cost is known, to Schwab's cost too."""
    units: defaultdict[str, Decimal] = defaultdict(Decimal)
    cost: defaultdict[str, Decimal] = defaultdict(Decimal)
    unknown = set()
    for symbol, quantity, paid in OpenLot.objects.filter(account=account).values_list(
        "symbol", "quantity", "cost"
    ):
        units[symbol] += quantity
        cost[symbol] += paid or 0
        if paid is None:
            unknown.add(symbol)
    assert dict(units) == dict(account.positions.values_list("symbol", "quantity"))
    # Thor counts an option's premium into the shares that were delivered for it; the stand-in does not.
    mine = account.transactions.filter(kind="trade")
    unknown |= set(mine.filter(broker_order_id=None).values_list("items__symbol", flat=True))
    compared = [row for row in account.positions.all() if row.symbol not in unknown]
    for row in compared:
        assert row.cost_basis is not None
        assert abs(cost[row.symbol] - row.cost_basis) <= CENT, row.symbol
    assert len(compared) * 2 >= account.positions.count()
