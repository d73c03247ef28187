"""Open holdings as the broker last told them, and those that were closed on a day."""

from django.db import models

from actandpos.models.account import Account
from actandpos.models.fields import Money, Price, Quantity


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
    pl_day_computed = Money(
        null=True, help_text="From the day's own fills, where the broker's figure contradicts them"
    )
    pl_day_percent_computed = Money(null=True)
    day_start_quantity = models.DecimalField(
        max_digits=15,
        decimal_places=6,
        null=True,
        help_text="Held when the day began; known of what was traded",
    )
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


class ClosedPosition(models.Model):
    """A holding that was closed on an Eastern day; shown until the day is over."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="closed_positions")
    day = models.DateField(help_text="The day in US Eastern")
    symbol = models.CharField(max_length=64)
    asset_type = models.CharField(max_length=8)
    broker_asset_type = models.CharField(max_length=40)
    underlying = models.CharField(max_length=64)
    description = models.CharField(max_length=200, null=True)
    multiplier = Quantity()
    put_call = models.CharField(max_length=4, null=True)
    strike = Price(null=True)
    expiration = models.DateField(null=True)
    quantity_before = Quantity(help_text="Signed: what was held when it was last seen open")
    avg_price = Price(null=True)
    previous_close = Price(null=True, help_text="The mark at the close before")
    close_price = Price(null=True, help_text="Average price of the closing fills")
    realized = Money(null=True, help_text="Against the average price")
    pl_day = Money(null=True, help_text="Against the previous close")
    closed_at = models.DateTimeField()
    missing = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["underlying", "symbol", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "day", "symbol", "asset_type"], name="one_row_per_closed_position"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} closed {self.day}"
