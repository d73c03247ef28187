"""What moved cash or holdings: trades, dividends, interest, deposits, transfers."""

from django.db import models

from actandpos.models.account import Account
from actandpos.models.fields import Money, Price, Quantity


class Transaction(models.Model):
    """One transaction as the broker books it; of a multi-leg trade there is one per leg."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="transactions")
    broker_activity_id = models.CharField(max_length=32)
    at = models.DateTimeField()
    trade_date = models.DateField(help_text="The day in US Eastern")
    settlement_date = models.DateField(null=True)
    broker_type = models.CharField(max_length=32, help_text="The broker's own word")
    kind = models.CharField(
        max_length=16,
        help_text="trade, option_event, dividend, interest, fee, deposit, withdrawal, transfer, other",
    )
    status = models.CharField(max_length=16, blank=True)
    sub_account = models.CharField(max_length=16, blank=True)
    broker_order_id = models.CharField(max_length=32, null=True)
    net_amount = Money(null=True, help_text="Signed effect on cash, fees included")
    fees = Money(null=True, help_text="Paid positive; null when the rows tell none")
    description = models.CharField(max_length=300, blank=True)
    digest = models.CharField(
        max_length=64, help_text="Of the row as it came: tells whether it was corrected"
    )
    missing = models.JSONField(default=dict, blank=True)
    unlisted_at = models.DateTimeField(
        null=True, help_text="When the broker first listed it no more; it counts until that is seen again"
    )

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "broker_activity_id"], name="one_row_per_transaction"),
        ]
        indexes = [
            models.Index(fields=["account", "at"], name="transactions_by_time"),
            models.Index(fields=["account", "broker_order_id"], name="transactions_by_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.trade_date}"


class TransferItem(models.Model):
    """One row inside a transaction: the security that moved, or a fee."""

    transaction = models.ForeignKey(Transaction, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveIntegerField(help_text="From 0, in the broker's order")
    symbol = models.CharField(max_length=64)
    underlying = models.CharField(max_length=64, blank=True)
    asset_type = models.CharField(max_length=8)
    description = models.CharField(max_length=200, null=True)
    quantity = Quantity(null=True, help_text="Signed: received positive")
    price = Price(null=True)
    cost = Money(null=True, help_text="Signed effect on cash")
    fee_type = models.CharField(max_length=32, null=True, help_text="Of fee rows alone")
    position_effect = models.CharField(max_length=16, null=True)
    multiplier = Quantity(default=1)
    put_call = models.CharField(max_length=4, null=True)
    strike = Price(null=True)
    expiration = models.DateField(null=True)

    class Meta:
        ordering = ["transaction", "place"]
        constraints = [
            models.UniqueConstraint(fields=["transaction", "place"], name="one_row_per_transfer_item"),
        ]
        indexes = [
            models.Index(fields=["symbol"], name="items_by_symbol"),
            models.Index(fields=["underlying"], name="items_by_underlying"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.symbol}"


class RejectedTransaction(models.Model):
    """A transaction that could not be read or kept, until it can."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="rejected_transactions")
    key = models.CharField(max_length=64, help_text="The broker's id, or a digest where there is none")
    reason = models.CharField(max_length=300)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="one_row_per_rejected_transaction"),
        ]

    def __str__(self) -> str:
        return self.reason
