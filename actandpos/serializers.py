"""The exact keys and types of the book's answers, for the schema; `wire` writes the bytes."""

from typing import Any

from rest_framework import serializers

from actandpos.wire import order_dict, position_dict, summary_dict

__all__ = [
    "ActivitySerializer",
    "OrderSerializer",
    "PositionSerializer",
    "PositionsSerializer",
    "SummarySerializer",
    "order_dict",
    "position_dict",
    "summary_dict",
]

ASSET_TYPES = ["EQ", "ETF", "OPT", "MF", "FI", "CASH", "FUT", "FX", "IDX", "OTHER"]
ACCOUNT_TYPES = ["MARGIN", "CASH"]
LINK_STATES = ["none", "connected", "expiring", "reauth_required", "unlinked"]
PUT_CALL = ["CALL", "PUT"]
STATUS_GROUPS = ["working", "filled", "canceled"]
ACCOUNT_STATES = ["ok_to_trade", "review_required", "unknown"]
MISSING = "Why a figure is null, or what its sum leaves out: a sentence by key"


def _figure(**kwargs: Any) -> serializers.CharField:
    """A decimal number as text in plain notation; null when the broker did not send it."""
    return serializers.CharField(allow_null=True, **kwargs)


def _text(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(allow_null=True, **kwargs)


def _missing() -> serializers.DictField:
    return serializers.DictField(child=serializers.CharField(), help_text=MISSING)


class SummarySerializer(serializers.Serializer[Any]):
    """The figures of one account, or the total of all (`account_id` null), in US dollars."""

    account_id = serializers.IntegerField(allow_null=True)
    display_name = serializers.CharField()
    account_type = serializers.ChoiceField(ACCOUNT_TYPES, allow_null=True)
    net_liq = _figure()
    cash = _figure()
    margin_balance = _figure(help_text="Negative: a loan")
    short_balance = _figure()
    equity = _figure()
    stock_buying_power = _figure()
    option_buying_power = _figure()
    day_trading_buying_power = _figure()
    maintenance_requirement = _figure()
    long_market_value = _figure()
    short_market_value = _figure()
    pl_open = _figure()
    pl_day = _figure()
    pl_day_percent = _figure()
    pl_day_since = serializers.DateField(
        allow_null=True, help_text="The session whose close the day's P/L starts from"
    )
    as_of = serializers.DateTimeField(allow_null=True, help_text="When the shown values last changed")
    checked_at = serializers.DateTimeField(allow_null=True, help_text="The last good answer of the broker")
    version = serializers.IntegerField()
    is_stale = serializers.BooleanField()
    link_state = serializers.ChoiceField(LINK_STATES)
    missing = _missing()


class PositionSerializer(serializers.Serializer[Any]):
    """One holding; a short has a negative quantity, market value and cost basis."""

    id = serializers.IntegerField()
    account_id = serializers.IntegerField()
    symbol = serializers.CharField()
    underlying = serializers.CharField()
    description = _text()
    asset_type = serializers.ChoiceField(ASSET_TYPES)
    broker_asset_type = serializers.CharField()
    quantity = serializers.CharField()
    avg_price = _figure()
    mark_price = _figure()
    mark_change = _figure()
    multiplier = serializers.CharField()
    market_value = _figure()
    cost_basis = _figure()
    net_liq_percent = _figure(help_text="Market value ÷ net liq of its own account × 100")
    pl_open = _figure()
    pl_open_percent = _figure()
    pl_day = _figure()
    pl_day_percent = _figure()
    pl_day_source = serializers.ChoiceField(
        ["broker", "computed"],
        help_text="computed: from the day's fills, which the broker's figure contradicts",
    )
    pl_day_broker = _figure(help_text="The broker's own figure where another is shown")
    put_call = serializers.ChoiceField(PUT_CALL, allow_null=True)
    strike = _figure()
    expiration = serializers.DateField(allow_null=True)
    days_to_expiration = serializers.IntegerField(allow_null=True, help_text="From today in US Eastern")
    as_of = serializers.DateTimeField()
    missing = _missing()


class ClosedPositionSerializer(serializers.Serializer[Any]):
    """A holding that was closed today (US Eastern); what the closing brought, fees apart."""

    id = serializers.IntegerField()
    account_id = serializers.IntegerField()
    day = serializers.DateField()
    symbol = serializers.CharField()
    underlying = serializers.CharField()
    description = _text()
    asset_type = serializers.ChoiceField(ASSET_TYPES)
    multiplier = serializers.CharField()
    put_call = serializers.ChoiceField(PUT_CALL, allow_null=True)
    strike = _figure()
    expiration = serializers.DateField(allow_null=True)
    quantity_before = serializers.CharField(help_text="When last seen open; 0 when it never was")
    avg_price = _figure()
    close_price = _figure(help_text="Average price of the closing fills")
    realized = _figure(help_text="Against the average price")
    pl_day = _figure(help_text="Against the close before")
    closed_at = serializers.DateTimeField()
    missing = _missing()


class PositionsSerializer(serializers.Serializer[Any]):
    """The holdings of one account, or of all (`account_id` null, `version` the sum of theirs)."""

    account_id = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True)
    positions = PositionSerializer(many=True)
    closed_today = ClosedPositionSerializer(many=True)


class OrderLegSerializer(serializers.Serializer[Any]):
    """One leg of an order."""

    symbol = serializers.CharField()
    asset_type = serializers.ChoiceField(ASSET_TYPES)
    side = serializers.CharField()
    position_effect = _text()
    quantity = _figure()
    put_call = serializers.ChoiceField(PUT_CALL, allow_null=True)
    strike = _figure()
    expiration = serializers.DateField(allow_null=True)


class OrderSerializer(serializers.Serializer[Any]):
    """One order; `parent_id` is the `id` of the order that it hangs under."""

    id = serializers.IntegerField()
    account_id = serializers.IntegerField()
    broker_order_id = serializers.CharField()
    symbol = serializers.CharField()
    asset_type = serializers.ChoiceField(ASSET_TYPES)
    side = serializers.CharField()
    position_effect = _text()
    quantity = _figure()
    filled_quantity = _figure()
    order_type = serializers.CharField()
    limit_price = _figure()
    stop_price = _figure()
    avg_fill_price = _figure(help_text="Of the fills; of several legs the net price, negative when received")
    duration = serializers.CharField()
    status = serializers.CharField()
    status_group = serializers.ChoiceField(STATUS_GROUPS)
    legs = OrderLegSerializer(many=True)
    parent_id = serializers.IntegerField(allow_null=True)
    entered_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    status_description = _text()
    structure = serializers.CharField(help_text="SINGLE, TRIGGER, OCO …: how it hangs together with others")
    spread = serializers.CharField(help_text="NONE, VERTICAL, IRON_CONDOR …")
    session = serializers.CharField()
    cancel_at = serializers.DateTimeField(allow_null=True)
    terms = serializers.DictField(child=serializers.CharField(), help_text="What else was asked, by name")
    replaces_id = serializers.IntegerField(allow_null=True, help_text="The order whose place it took")
    replaced_by_id = serializers.IntegerField(allow_null=True, help_text="Only where the broker says so")
    fees = _figure(help_text="Σ fees of its transactions, paid positive")
    missing = _missing()


class OrdersKnownSerializer(serializers.Serializer[Any]):
    """Since when every order of an account is in the book."""

    account_id = serializers.IntegerField()
    orders_from = serializers.DateTimeField(allow_null=True)


class AccountStatusSerializer(serializers.Serializer[Any]):
    """Whether the account may trade freely, and why not."""

    state = serializers.ChoiceField(ACCOUNT_STATES)
    text = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class ActivitySerializer(serializers.Serializer[Any]):
    """The trading day in US Eastern: orders by group, newest first, with the holdings."""

    account_id = serializers.IntegerField(allow_null=True)
    trading_day = serializers.DateField()
    orders_checked_at = serializers.DateTimeField(
        allow_null=True, help_text="Null until the orders were read: not the same as no orders"
    )
    working_orders = OrderSerializer(many=True)
    filled_orders = OrderSerializer(many=True)
    canceled_orders = OrderSerializer(many=True)
    positions = PositionSerializer(many=True)
    account_status = AccountStatusSerializer()
    history = OrdersKnownSerializer(many=True)
