"""The one place from which the book's changes go out on the bus, after they are committed."""

from typing import Any

from django.utils import timezone

from actandpos import selectors, serializers, wire
from actandpos.models import Account
from actandpos.types import OrdersChange, SnapshotChange
from livedata.bus import live_data_redis
from livedata.market import eastern_date

BUS_DOWN = "Saved, but the live bus (Redis) did not take the news."


def publish_change(change: SnapshotChange) -> bool:
    """Publish one account's change: the summary, then the changed rows and removed keys, as REST spells them.

    The rows are read again, so that the message is what was committed. Returns False when the bus is down.
    """
    if change.version == change.base_version:
        return True
    now = timezone.now()
    account = Account.objects.get(pk=change.account_id)
    summary = serializers.summary_dict(selectors.summary(account, now))
    changed = change.changed_ids
    today = eastern_date(now)
    rows = selectors.position_rows([account], today, ids=changed) if changed else []
    removed = [{"id": key.id, "symbol": key.symbol, "asset_type": key.asset_type} for key in change.removed]
    head: Any = {"version": change.version, "base_version": change.base_version, "as_of": summary["as_of"]}
    told = live_data_redis.publish_balance(account.pk, summary, **head)
    dicts = [serializers.position_dict(row) for row in rows]
    if change.closed_changed:
        head["closed_today"] = [wire.closed_dict(row) for row in selectors.closed_rows([account], today)]
    return live_data_redis.publish_positions(account.pk, dicts, removed, **head) and told


def publish_orders(change: OrdersChange) -> bool:
    """Tell that an account's orders changed."""
    if change.version == change.base_version:
        return True
    return live_data_redis.publish_orders(change.account_id, change.changed_ids, version=change.version)
