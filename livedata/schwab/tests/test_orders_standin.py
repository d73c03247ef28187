"""Orders against the stand-in Schwab: a year read back, a bracket placed, replaced and canceled, its life shown."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from actandpos.models import Account, Order, OrderEvent, OrderFill
from livedata.schwab import orderhistory, services, tasks, tokens
from livedata.schwab.models import BrokerConnection, LinkedAccount
from livedata.schwab.tests.people import signed_in_at
from livedata.schwab.tests.standin import StandIn

pytestmark = pytest.mark.django_db


def sync(connection: BrokerConnection) -> None:
    """Sync accounts and orders."""
    run = services.sync_connection(connection, "manual", with_orders=True)
    assert run
    kinds = connection.runs.filter(kind="orders").values_list("outcome", flat=True)
    assert kinds[0] in ("ok", "unchanged"), connection.runs.filter(kind="orders").first()


class Trader:
    """Somebody who trades elsewhere with the same login: Thor itself places nothing."""

    def __init__(self, standin: StandIn, connection: BrokerConnection, account: Account) -> None:
        link = LinkedAccount.objects.get(account=account)
        self._url = f"{standin.url}/trader/v1/accounts/{link.hash_value}/orders"
        self._headers = {"Authorization": f"Bearer {tokens.fresh_access_token(connection)}"}

    def does(self, method: str, order_id: str = "", **body: Any) -> str:
        """Place, replace or cancel; return the order's id."""
        url = f"{self._url}/{order_id}".rstrip("/")
        answer = requests.request(method, url, json=body or None, headers=self._headers, timeout=10)
        assert answer.status_code in (200, 201), answer.text
        return answer.headers.get("Location", "").rpartition("/")[2]


def limit(side: str, price: str, **more: Any) -> dict[str, Any]:
    """Return what is asked for 20 shares."""
    leg = {"instruction": side, "quantity": 20, "instrument": {"symbol": "AMD", "assetType": "EQUITY"}}
    usual = {"orderStrategyType": "SINGLE", "session": "NORMAL", "duration": "GOOD_TILL_CANCEL"}
    return usual | {"orderType": "LIMIT", "price": price, "orderLegCollection": [leg]} | more


def test_a_year_is_read_back_and_its_fills_agree(standin: StandIn) -> None:
    standin.control("clock", freeze=True)
    connection = signed_in_at(standin)
    sync(connection)
    account = Account.objects.get(display_name__startswith="Options")
    recent = account.orders.count()
    while tasks.read_orders_back(account.pk) == orderhistory.MORE:
        pass
    account.refresh_from_db()
    assert account.orders_from is not None
    assert account.orders_from <= timezone.now() - timedelta(days=364)
    assert account.orders.count() > recent
    assert {"FILLED", "CANCELED", "REJECTED", "EXPIRED"} <= set(
        account.orders.values_list("status", flat=True)
    )
    assert {"SINGLE", "TRIGGER", "OCO"} <= set(account.orders.values_list("structure", flat=True))
    assert account.orders.filter(spread="VERTICAL").exists()
    filled = account.orders.filter(status="FILLED").exclude(structure="OCO")
    assert not [row for row in filled if "filled_quantity" in row.missing]
    single = [row for row in filled if len(row.legs) == 1]
    summed = dict(
        OrderFill.objects.filter(order__in=single).values_list("order").annotate(units=Sum("quantity"))
    )
    assert {row.pk: row.filled_quantity for row in single} == summed
    assert all(row.avg_fill_price is not None for row in filled)
    before = Order.objects.count(), OrderFill.objects.count()
    Account.objects.update(orders_from=timezone.now())
    tasks.read_orders_back(account.pk)
    assert (Order.objects.count(), OrderFill.objects.count()) == before  # read twice, kept once


def test_a_bracket_lives_and_ends(standin: StandIn) -> None:
    standin.control("clock", freeze=True)
    connection = signed_in_at(standin)
    sync(connection)
    account = Account.objects.order_by("id").first()
    assert account
    trader, client = Trader(standin, connection, account), Client()
    client.force_login(connection.owner)
    out = [limit("SELL", "99999.00"), limit("SELL", "1.00", orderType="STOP", stopPrice="1.00")]
    del out[1]["price"]
    oco = {"orderStrategyType": "OCO", "childOrderStrategies": out}
    top = trader.does("POST", **limit("BUY", "1.00", orderStrategyType="TRIGGER", childOrderStrategies=[oco]))
    standin.control("clock", advance_seconds=5)
    sync(connection)
    path = f"/api/actandpos/orders/{Order.objects.get(broker_order_id=top).pk}/"
    detail = client.get(path).json()
    assert (detail["order"]["structure"], detail["order"]["duration"]) == ("TRIGGER", "GOOD_TILL_CANCEL")
    assert [each["structure"] for each in detail["children"]] == ["OCO", "SINGLE", "SINGLE"]
    assert {each["status_group"] for each in detail["children"]} == {"working"}
    today = client.get("/api/actandpos/activity/today").json()
    shown = {each["id"]: each for each in today["working_orders"]}
    assert {each["id"] for each in [detail["order"], *detail["children"]]} <= set(shown)

    other = trader.does("POST", **limit("BUY", "2.00"))
    standin.control("clock", advance_seconds=5)
    sync(connection)
    later = trader.does("PUT", other, **limit("BUY", "2.50"))
    trader.does("DELETE", top)
    standin.control("clock", advance_seconds=5)
    sync(connection)
    old, new = (Order.objects.get(broker_order_id=each) for each in (other, later))
    assert (old.status, new.status_group, new.limit_price) == ("REPLACED", "working", Decimal("2.5"))
    answer = client.get(f"/api/actandpos/orders/{old.pk}/").json()
    (line,) = [each for each in answer["timeline"] if each["kind"] == "replaced"]
    assert later in line["text"]
    assert answer["order"]["replaced_by_id"] in (None, new.pk)
    gone = client.get(path).json()
    assert {each["status"] for each in [gone["order"], *gone["children"]]} == {"CANCELED"}
    assert [each["kind"] for each in gone["timeline"] if each["order_id"] == gone["order"]["id"]][
        -1
    ] == "closed"
    assert OrderEvent.objects.filter(order__broker_order_id=top, kind="canceled", noticed=False).count() == 1
