"""Orders with their legs, their fills, and what was seen of their life."""

from django.db import models

from actandpos.models.account import Account
from actandpos.models.fields import Price, Quantity


class Order(models.Model):
    """One order as the broker lists it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="orders")
    broker_order_id = models.CharField(max_length=32)
    parent_broker_order_id = models.CharField(max_length=32, null=True)
    replaces_broker_order_id = models.CharField(
        max_length=32, null=True, help_text="The order that this one took the place of, when it is known"
    )
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

    structure = models.CharField(
        max_length=32, default="SINGLE", help_text="SINGLE, TRIGGER, OCO …: how it hangs together with others"
    )
    spread = models.CharField(max_length=32, default="NONE", help_text="The broker's name of the combination")
    session = models.CharField(max_length=32, blank=True)
    cancel_at = models.DateTimeField(null=True, help_text="When a good-till-canceled order ends by itself")
    terms = models.JSONField(
        default=dict,
        blank=True,
        help_text="What else was asked: stop type, trail, special instruction, source",
    )
    missing = models.JSONField(default=dict, blank=True, help_text="Why a figure is null or in doubt, by key")
    digest = models.CharField(
        max_length=64, blank=True, help_text="Of all that was read: equal, then unchanged"
    )
    observed_at = models.DateTimeField(
        null=True, help_text="When the answer was asked for that last changed it"
    )

    class Meta:
        ordering = ["-entered_at", "-broker_order_id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "broker_order_id"], name="one_row_per_order"),
        ]
        indexes = [
            models.Index(fields=["account", "status_group", "closed_at"], name="orders_by_group"),
            models.Index(fields=["account", "entered_at"], name="orders_by_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.symbol} ({self.status})"


class OrderLeg(models.Model):
    """One leg of an order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="leg_rows")
    leg_id = models.PositiveIntegerField(help_text="From 1, as the broker counts")
    symbol = models.CharField(max_length=64)
    underlying = models.CharField(max_length=64, blank=True)
    asset_type = models.CharField(max_length=8)
    side = models.CharField(max_length=24)
    position_effect = models.CharField(max_length=16, null=True)
    quantity = Quantity(null=True)
    put_call = models.CharField(max_length=4, null=True)
    strike = Price(null=True)
    expiration = models.DateField(null=True)

    class Meta:
        ordering = ["order", "leg_id"]
        constraints = [models.UniqueConstraint(fields=["order", "leg_id"], name="one_row_per_order_leg")]

    def __str__(self) -> str:
        return f"{self.side} {self.symbol}"


class OrderFill(models.Model):
    """One execution of one leg."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="fills")
    activity_id = models.CharField(
        max_length=40, help_text="The broker's id of the execution; without one, a digest of what it says"
    )
    leg_id = models.PositiveIntegerField()
    symbol = models.CharField(max_length=64, help_text="Of the leg, since a position is looked up by it")
    side = models.CharField(max_length=24)
    quantity = Quantity()
    price = Price()
    filled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["filled_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "activity_id", "leg_id"], name="one_row_per_fill")
        ]
        indexes = [models.Index(fields=["symbol", "filled_at"], name="fills_by_symbol")]

    def __str__(self) -> str:
        return f"{self.side} {self.quantity} {self.symbol} at {self.price}"


class OrderEvent(models.Model):
    """Something that happened to an order, as told by the broker or as noticed between two readings."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(help_text="The broker's time when it told one, else when it was noticed")
    noticed = models.BooleanField(default=False, help_text="`at` is when Thor noticed, not when it happened")
    kind = models.CharField(max_length=16, help_text="status, changed, canceled")
    status = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=300, blank=True)
    quantity = Quantity(null=True)
    price = Price(null=True)
    key = models.CharField(
        max_length=64, default="", help_text="Tells the events of one order apart: read twice, kept once"
    )

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["order", "key"], name="one_row_per_event")]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"
