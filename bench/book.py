"""The day's activity (`make bench ARGS=activity`): 1,000 orders from the cache, against the same bytes without work.

Both sides are views of one uvicorn process, started as Thor's own, asked in turn over one kept connection.
"""

import json
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from actandpos import services
from actandpos.types import FillRow, OrderLegRow, OrderRow
from bench import database
from bench.ratio import Line, best, must, show
from bench.read_path import Browser, served

ORDERS, ROUNDS = 1_000, 60
ACTIVITY = "/api/actandpos/activity/today"
GROUPS = ("working", "filled", "canceled")


def main() -> None:
    """Measure and print."""
    client = Client()
    client.force_login(_owner())
    answer = client.get(ACTIVITY)
    _compare(answer.content)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), answer.content) as port:
        browser = Browser(port, cookie, answer["ETag"])
        for path in ("/bench/bare", "/bench/signed-in", ACTIVITY):
            must(browser.get(path) == (200, answer.content), f"{path} answers something else")
        must(browser.get(ACTIVITY, **{"If-None-Match": browser.tag}) == (304, b""), "no 304")
        sides = [browser.asks(path) for path in ("/bench/bare", "/bench/signed-in", ACTIVITY)]
        bare, signed_in, ours, unchanged = best([*sides, browser.asks_again(ACTIVITY)], rounds=ROUNDS)
    same = f"the bytes are the same; {ORDERS:,} orders in their groups"
    floor = f"a static view, {len(answer.content) // 1024} KB, {bare * 1e3:.2f} ms"
    checked = f"a static view behind the session, {signed_in * 1e3:.2f} ms"
    show(
        f"The day's activity on {database.vendor()}: {ORDERS:,} orders",
        [
            Line("from the cache", ours / bare, 3.0, floor, same),
            Line("from the cache", ours / signed_in, None, checked, same),
            Line("304", unchanged / ours, 1.0, f"the answer from the cache, {ours * 1e3:.2f} ms", "no body"),
        ],
    )


def _owner() -> User:
    """Return a user with one account of many orders of today."""
    owner, now = User.objects.create_user("activity"), datetime.now(UTC)
    account = services.ensure_account(
        owner=owner, broker="schwab", identity="activity", display_name="Activity", account_type="MARGIN"
    )
    rows = [_order(number, now - timedelta(milliseconds=number)) for number in range(ORDERS)]
    services.apply_orders(account, rows, now, window_start=now - timedelta(days=59))
    return owner


def _order(number: int, at: datetime) -> OrderRow:
    """Return a limit order, a third each working, filled and canceled."""
    group, units, price = GROUPS[number % 3], Decimal(100 + number), Decimal("45.12500000")
    is_filled, is_over = group == "filled", group != "working"
    symbol = f"ZZ{number:04d}"
    leg = OrderLegRow(symbol=symbol, asset_type="EQ", side="BUY", position_effect="OPENING", quantity=units)
    fill = FillRow(
        key=str(number), leg_id=1, symbol=symbol, side="BUY", quantity=units, price=price, filled_at=at
    )
    return OrderRow(
        broker_order_id=str(1_000_000_000_000 + number),
        symbol=symbol,
        asset_type="EQ",
        side="BUY",
        position_effect="OPENING",
        quantity=units,
        filled_quantity=units if is_filled else Decimal(0),
        order_type="LIMIT",
        limit_price=price,
        stop_price=None,
        avg_fill_price=price if is_filled else None,
        duration="DAY",
        status=group.upper(),
        status_group=group,
        legs=[leg],
        parent_broker_order_id=None,
        entered_at=at,
        closed_at=at if is_over else None,
        status_description=None,
        session="NORMAL",
        terms={"source": "TA_example-app", "destination": "AutoRoute"},
        fills=[fill] if is_filled else [],
        missing={"stop_price": "Only stop orders have a stop price."},
    )


def _compare(body: bytes) -> None:
    """Check that the answer holds every order in its group."""
    answer = json.loads(body)
    for group in GROUPS:
        rows = answer[f"{group}_orders"]
        names = {row["symbol"] for row in rows}
        wanted = {f"ZZ{number:04d}" for number in range(ORDERS) if GROUPS[number % 3] == group}
        must(names == wanted and len(rows) == len(wanted), f"the {group} orders are others")
    paid = {row["avg_fill_price"] for row in answer["filled_orders"]}
    must(paid == {"45.125"}, f"average prices: {paid}")
