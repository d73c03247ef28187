"""Rows, snapshots and orders for the tests, all invented."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from actandpos import services
from actandpos.models import Account
from actandpos.types import AccountSnapshot, Balances, OrderLegRow, OrderRow, PositionRow, SnapshotChange

START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MARGIN_NOTE = "A cash account has no margin"


def trader(name: str = "trader", **kwargs: Any) -> User:
    """Return a new user, who signs in by force: hashing a password takes half a second."""
    return User.objects.create_user(name, **kwargs)


def account(owner: User, name: str = "Margin …4321", identity: str = "one") -> Account:
    """Return the owner's account with this identity."""
    return services.ensure_account(
        owner=owner, broker="schwab", identity=identity, display_name=name, account_type="MARGIN"
    )


def row(symbol: str, value: str | None = "1000", **changes: Any) -> PositionRow:
    """Return ten shares; the digest follows from the content."""
    fields: dict[str, Any] = {
        "symbol": symbol,
        "underlying": symbol,
        "description": None,
        "asset_type": "EQ",
        "broker_asset_type": "EQUITY",
        "quantity": Decimal("10.000000"),
        "avg_price": Decimal("90.00000000"),
        "mark_price": Decimal("100.00000000"),
        "mark_change": Decimal("0.50000000"),
        "multiplier": Decimal("1.000000"),
        "market_value": None if value is None else Decimal(value),
        "cost_basis": Decimal("900.0000"),
        "pl_open": Decimal("100.0000"),
        "pl_open_percent": Decimal("11.1111"),
        "pl_day": Decimal("5.0000"),
        "pl_day_percent": Decimal("0.5000"),
        **changes,
    }
    return PositionRow(digest=changes.get("digest") or str(hash(str(fields))), **_without(fields, "digest"))


def _without(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}


def option(symbol: str, expiration: date, **changes: Any) -> PositionRow:
    """Return a call."""
    details: dict[str, Any] = {
        "asset_type": "OPT",
        "underlying": "XYZ",
        "put_call": "CALL",
        "strike": Decimal("220.00000000"),
    }
    return row(symbol, expiration=expiration, **details, **changes)


def snapshot(at: int, *rows: PositionRow, **changes: Any) -> AccountSnapshot:
    """Return an answer asked for so many seconds after the start; its balances add up unless told otherwise."""
    held = sum((each.market_value or Decimal(0) for each in rows if each.asset_type != "CASH"), Decimal(0))
    balances = Balances(net_liq=held + 500, cash=Decimal(500))
    observed = START + timedelta(seconds=at)
    fields = {"account_type": "MARGIN", "balances": balances, "fresh_until": observed + timedelta(seconds=45)}
    return AccountSnapshot(positions=list(rows), observed_at=observed, **{**fields, **changes})


def apply(account: Account, at: int, *rows: PositionRow, **changes: Any) -> SnapshotChange:
    """Apply an answer and bring the object up to date."""
    change = services.apply_snapshot(account, snapshot(at, *rows, **changes))
    account.refresh_from_db()
    return change


def order(id: str, **changes: Any) -> OrderRow:
    """Return a working limit order for ten shares."""
    leg = OrderLegRow(
        symbol="XYZ", asset_type="EQ", side="BUY", position_effect="OPENING", quantity=Decimal("10.000000")
    )
    fields: dict[str, Any] = {
        "symbol": "XYZ",
        "asset_type": "EQ",
        "side": "BUY",
        "position_effect": "OPENING",
        "quantity": Decimal("10.000000"),
        "filled_quantity": Decimal("0.000000"),
        "order_type": "LIMIT",
        "limit_price": Decimal("99.50000000"),
        "stop_price": None,
        "avg_fill_price": None,
        "duration": "DAY",
        "status": "WORKING",
        "status_group": "working",
        "legs": [leg],
        "parent_broker_order_id": None,
        "entered_at": START,
        "closed_at": None,
        "status_description": None,
    }
    return OrderRow(broker_order_id=id, **{**fields, **changes})


def signed_in(user: User) -> Client:
    """Return a browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client
