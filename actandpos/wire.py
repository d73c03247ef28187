"""Spells rows of the book as they travel: one spelling for the HTTP answers and for what is pushed."""

from actandpos.models import ClosedPosition
from actandpos.plain import instant, plain
from actandpos.selectors.accounts import FIGURES
from actandpos.shown import OrderView, PositionView, Summary

Wire = dict[str, object]


def summary_dict(row: Summary) -> Wire:
    """Return an account's (or the total's) figures: amounts as text, times in UTC."""
    return {
        "account_id": row.account_id,
        "display_name": row.display_name,
        "account_type": row.account_type,
        **{name: plain(getattr(row, name)) for name in FIGURES},
        "pl_day_percent": plain(row.pl_day_percent),
        "pl_day_since": row.pl_day_since and row.pl_day_since.isoformat(),
        "as_of": instant(row.as_of),
        "checked_at": instant(row.checked_at),
        "version": row.version,
        "is_stale": row.is_stale,
        "link_state": row.link_state,
        "missing": row.missing,
    }


def position_dict(row: PositionView) -> Wire:
    """Return one holding: numbers as text, dates ISO."""
    return {
        "id": row.id,
        "account_id": row.account_id,
        "symbol": row.symbol,
        "underlying": row.underlying,
        "description": row.description,
        "asset_type": row.asset_type,
        "broker_asset_type": row.broker_asset_type,
        "quantity": plain(row.quantity),
        "avg_price": plain(row.avg_price),
        "mark_price": plain(row.mark_price),
        "mark_change": plain(row.mark_change),
        "multiplier": plain(row.multiplier),
        "market_value": plain(row.market_value),
        "cost_basis": plain(row.cost_basis),
        "net_liq_percent": plain(row.net_liq_percent),
        "pl_open": plain(row.pl_open),
        "pl_open_percent": plain(row.pl_open_percent),
        "pl_day": plain(row.pl_day),
        "pl_day_percent": plain(row.pl_day_percent),
        "pl_day_source": row.pl_day_source,
        "pl_day_broker": plain(row.pl_day_broker),
        "put_call": row.put_call,
        "strike": plain(row.strike),
        "expiration": row.expiration and row.expiration.isoformat(),
        "days_to_expiration": row.days_to_expiration,
        "as_of": instant(row.as_of),
        "missing": row.missing,
    }


def closed_dict(row: ClosedPosition) -> Wire:
    """Return one position that was closed today."""
    return {
        "id": row.pk,
        "account_id": row.account_id,
        "day": row.day.isoformat(),
        "symbol": row.symbol,
        "underlying": row.underlying,
        "description": row.description,
        "asset_type": row.asset_type,
        "multiplier": plain(row.multiplier),
        "put_call": row.put_call,
        "strike": plain(row.strike),
        "expiration": row.expiration and row.expiration.isoformat(),
        "quantity_before": plain(row.quantity_before),
        "avg_price": plain(row.avg_price),
        "close_price": plain(row.close_price),
        "realized": plain(row.realized),
        "pl_day": plain(row.pl_day),
        "closed_at": instant(row.closed_at),
        "missing": row.missing,
    }


def order_dict(row: OrderView) -> Wire:
    """Return one order: numbers as text, times in UTC; its legs are stored as they travel."""
    return {
        "id": row.id,
        "account_id": row.account_id,
        "broker_order_id": row.broker_order_id,
        "symbol": row.symbol,
        "asset_type": row.asset_type,
        "side": row.side,
        "position_effect": row.position_effect,
        "quantity": plain(row.quantity),
        "filled_quantity": plain(row.filled_quantity),
        "order_type": row.order_type,
        "limit_price": plain(row.limit_price),
        "stop_price": plain(row.stop_price),
        "avg_fill_price": plain(row.avg_fill_price),
        "duration": row.duration,
        "status": row.status,
        "status_group": row.status_group,
        "legs": row.legs,
        "parent_id": row.parent_id,
        "entered_at": instant(row.entered_at),
        "closed_at": instant(row.closed_at),
        "status_description": row.status_description,
        "structure": row.structure,
        "spread": row.spread,
        "session": row.session,
        "cancel_at": instant(row.cancel_at),
        "terms": row.terms,
        "replaces_id": row.replaces_id,
        "replaced_by_id": row.replaced_by_id,
        "fees": plain(row.fees),
        "missing": row.missing,
    }
