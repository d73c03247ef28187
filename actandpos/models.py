"""What the book keeps: accounts with their balances, positions, orders, and rows that could not be read."""

from django.conf import settings
from django.db import models


class Money(models.DecimalField):
    """US dollars, 4 decimals; at most 15 significant digits, since SQLite changes longer numbers silently."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 15)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(**kwargs)  # type: ignore[arg-type]


class Account(models.Model):
    """A brokerage account of one user, with its latest balances.

    The broker's own number and its hash stay in the broker's room; here the account is recognised by
    `identity`.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="accounts")
    broker = models.CharField(max_length=20)
    identity = models.CharField(
        max_length=64, help_text="HMAC of the broker's account number under the desk's salt"
    )
    display_name = models.CharField(max_length=80, help_text="Masked: never more than the last 3 or 4 digits")
    account_type = models.CharField(max_length=20, blank=True)

    net_liq = Money(null=True)
    cash = Money(null=True)
    margin_balance = Money(null=True)
    short_balance = Money(null=True)
    equity = Money(null=True)
    stock_buying_power = Money(null=True)
    option_buying_power = Money(null=True)
    day_trading_buying_power = Money(null=True)
    maintenance_requirement = Money(null=True)
    long_market_value = Money(null=True)
    short_market_value = Money(null=True)
    pl_open = Money(null=True)
    pl_day = Money(null=True)
    pl_day_percent = Money(null=True)
    missing = models.JSONField(default=dict, blank=True)
    restrictions = models.JSONField(default=list, blank=True)

    version = models.PositiveBigIntegerField(default=0)
    as_of = models.DateTimeField(null=True, help_text="When the shown values last changed")
    observed_at = models.DateTimeField(null=True, help_text="When the applied answer was asked for")
    checked_at = models.DateTimeField(null=True, help_text="The last good answer, also when nothing changed")
    fresh_until = models.DateTimeField(null=True)
    link_state = models.CharField(max_length=20, default="connected")
    suspect_digest = models.CharField(max_length=64, blank=True)

    orders_version = models.PositiveBigIntegerField(default=0)
    orders_observed_at = models.DateTimeField(null=True)
    orders_checked_at = models.DateTimeField(null=True, help_text="Empty until an order list was read")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "broker", "identity"], name="one_account_per_owner")
        ]

    def __str__(self) -> str:
        return self.display_name


class Position(models.Model):
    """One open holding: one row per account, symbol and asset type. Only `services` writes here."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="positions")
    symbol = models.CharField(max_length=64)
    asset_type = models.CharField(max_length=8)
    broker_asset_type = models.CharField(max_length=40)
    underlying = models.CharField(max_length=64)
    description = models.CharField(max_length=200, null=True)
    quantity = models.DecimalField(max_digits=15, decimal_places=6)
    avg_price = models.DecimalField(max_digits=15, decimal_places=8, null=True)
    mark_price = models.DecimalField(max_digits=15, decimal_places=8, null=True)
    mark_change = models.DecimalField(max_digits=15, decimal_places=8, null=True)
    multiplier = models.DecimalField(max_digits=15, decimal_places=6)
    market_value = Money(null=True)
    cost_basis = Money(null=True)
    pl_open = Money(null=True)
    pl_open_percent = Money(null=True)
    pl_day = Money(null=True)
    pl_day_percent = Money(null=True)
    put_call = models.CharField(max_length=4, null=True)
    strike = models.DecimalField(max_digits=15, decimal_places=8, null=True)
    expiration = models.DateField(null=True)
    missing = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64)
    as_of = models.DateTimeField()

    class Meta:
        ordering = ["underlying", "symbol", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "symbol", "asset_type"], name="one_row_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} × {self.quantity}"


class RejectedRow(models.Model):
    """A row of the latest answer that could not be read, kept so that nobody has to guess."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="rejected_rows")
    symbol = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=300)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.symbol or 'row'}: {self.reason}"


class Order(models.Model):
    """One order as the broker lists it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="orders")
    broker_order_id = models.CharField(max_length=32)
    parent_broker_order_id = models.CharField(max_length=32, null=True)
    symbol = models.CharField(max_length=64)
    asset_type = models.CharField(max_length=8)
    side = models.CharField(max_length=24)
    position_effect = models.CharField(max_length=16, null=True)
    quantity = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    filled_quantity = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    order_type = models.CharField(max_length=32)
    limit_price = models.DecimalField(max_digits=15, decimal_places=8, null=True)
    stop_price = models.DecimalField(max_digits=15, decimal_places=8, null=True)
    avg_fill_price = models.DecimalField(max_digits=15, decimal_places=8, null=True)
    duration = models.CharField(max_length=32)
    status = models.CharField(max_length=40)
    status_group = models.CharField(max_length=16)
    legs = models.JSONField(default=list)
    entered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    status_description = models.CharField(max_length=300, null=True)

    class Meta:
        ordering = ["-entered_at", "-broker_order_id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "broker_order_id"], name="one_row_per_order"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.symbol} ({self.status})"
